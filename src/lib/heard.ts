import { EventEmitter, once } from 'node:events'

/**
 * Signals between parts of a process, for example from a queue's reader. A signal carries only its name: the
 * waiting part finds out the rest itself.
 */
const ears = new EventEmitter()
ears.setMaxListeners(0)

export function tellHeard(what: string): void {
  ears.emit(what)
}

/** Resolves at the next signal of this name. Rejects when `signal` is aborted. */
export async function nextHeard(what: string, signal: AbortSignal): Promise<void> {
  await once(ears, what, { signal })
}

/** EventBridge's name for a change of state of a Bedrock batch job. */
export const JOB_CHANGED = 'Batch Inference Job State Change'
