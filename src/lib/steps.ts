/**
 * The named steps between reading an object and its being in the lake. The fault test kills a real
 * process at each of them (`LOGLAKE_KILL_AT=<step>`, `<step>:<n>` for the n-th time, `<step>:<n>:SIGTERM` to ask it to
 * end), and asks whether the lake still tells the truth. Without that variable a step is nothing.
 */
export const STEPS = [
  'listed',
  'object-read',
  'opened',
  'staged',
  'repeats-checked',
  'data-adopted',
  'filter-adopted',
  'ledger-adopted',
  'manifest-written',
  'manifest-list-written',
  'metadata-written',
  'catalog-lost',
  'catalog-written',
  'metadata-published',
  'hint-written',
  'acknowledged',
] as const

/** Those that only a queue has, before the first and behind the last. */
export const QUEUE_STEPS = ['message-received', 'message-deleted'] as const

export type Step = (typeof STEPS)[number] | (typeof QUEUE_STEPS)[number]

const [target, count = '1', signal = 'SIGKILL'] = (process.env.LOGLAKE_KILL_AT ?? '').split(':')
let left = Number(count)

/** Marks that the process has come to this step. */
export function step(name: Step): void {
  if (name === target && --left === 0) process.kill(process.pid, signal)
}
