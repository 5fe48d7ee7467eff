import { setMaxListeners } from 'node:events'
import type { Lake } from '../lake/lake.ts'
import type { Journal } from './journal.ts'
import { emptyReport, type Report } from './report.ts'
import { type Configured, supervise } from './supervise.ts'

export interface Run {
  /** One for each source, in the order of the configuration; they change as the run goes on. */
  reports: readonly Report[]
  /** Whether it has been told to end. */
  ending(): boolean
  /** Resolves when all sources have ended: by themselves, or since `signal` was aborted. */
  done: Promise<void>
}

/** Runs sources at once into one lake. What one of them fails of does not touch the others. */
export function run(lake: Lake, sources: readonly Configured[], journal: Journal, signal: AbortSignal): Run {
  setMaxListeners(0, signal)
  const reports = sources.map(({ name, type }) => emptyReport(name, type))
  const all = sources.map((source, at) => supervise(lake, source, reports[at] as Report, journal, signal))
  return { reports, ending: () => signal.aborted, done: Promise.all(all).then(() => undefined) }
}
