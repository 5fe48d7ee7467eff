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

/** Those that only a follower has, before its commit. */
export const FOLLOW_STEPS = [
  'follower-registered',
  'changes-read',
  'results-staged',
  'results-adopted',
] as const

/** Those that only a route has, between reading and its commit. */
const DELIVER_STEPS = ['batch-made', 'batch-sent', 'group-delivered'] as const

/** Those that only the lake's own log has, behind a commit. */
export const LOG_STEPS = ['log-commit-written', 'log-tile-written', 'checkpoint-written'] as const

/** Those that only an analysis has, in order; it commits in between. */
export const ANALYZE_STEPS = [
  'analysis-selected',
  'analysis-begun',
  'batch-wanted',
  'batch-uploaded',
  'batch-looked-for',
  'batch-accepted',
  'batch-started',
  'batch-ended',
  'batch-results-read',
  'batch-read',
  'calls-answered',
  'calls-kept',
  'floor-answered',
  'floor-kept',
  'report-made',
  'report-kept',
  'report-sent',
  'report-sent-kept',
] as const

/** Those that only reminders of reviews have; each has a commit before it or behind it. */
const REMINDER_STEPS = ['reminders-planned', 'reminder-sent', 'reminders-done'] as const

export type Step = (
  | typeof STEPS
  | typeof LOG_STEPS
  | typeof QUEUE_STEPS
  | typeof FOLLOW_STEPS
  | typeof DELIVER_STEPS
  | typeof ANALYZE_STEPS
  | typeof REMINDER_STEPS
)[number]

const [target, count = '1', signal = 'SIGKILL'] = (process.env.LOGLAKE_KILL_AT ?? '').split(':')
let left = Number(count)

/** Marks that the process has come to this step. */
export function step(name: Step): void {
  if (name === target && --left === 0) process.kill(process.pid, signal)
}
