import { EventEmitter, once } from 'node:events'

/**
 * What one part of a process has heard, as from a queue, and another may be waiting for. Nothing is told but that something happened:
 * whoever waits looks for themselves.
 */
const ears = new EventEmitter()
ears.setMaxListeners(0)

export function tellHeard(what: string): void {
  ears.emit(what)
}

/** Resolves when it is heard the next time. Rejects when `signal` is aborted. */
export async function nextHeard(what: string, signal: AbortSignal): Promise<void> {
  await once(ears, what, { signal })
}

/** A batch job of Bedrock's has changed its state, as EventBridge names it. */
export const JOB_CHANGED = 'Batch Inference Job State Change'
