import type { Lake } from '../../lake/lake.ts'
import type { Batch } from '../../model/batch.ts'
import type { Model } from '../../model/contract.ts'
import type { Desk } from '../../query/question.ts'
import type { Price } from '../cost.ts'
import type { Report } from '../report/contract.ts'
import type { Own } from '../selection.ts'
import type { AnalyzeSettings } from '../settings.ts'

/** What an analysis works with. */
export interface Deps {
  lake: Lake
  desk: Desk
  settings: AnalyzeSettings
  own: Own
  /** Asked on demand; undefined where none is set up. */
  model: Model | undefined
  /** Undefined where no batches are set up. */
  batch: Batch | undefined
  /** Undefined where the price is not known: then nothing can be said about costs, and no limit kept. */
  price: Price | undefined
  /** Most dollars; undefined without a limit. */
  mostUsd: number | undefined
  /** Resolves when somebody tells that a job has changed; the job is looked at then, and by the clock. */
  told?(signal: AbortSignal): Promise<void>
  /** By the name of each place: sends the report there. */
  send: ReadonlyMap<string, (report: Report) => Promise<void>>
  say(sentence: string): void
  signal: AbortSignal
}

/** How far an analysis has come. */
export type Outcome = 'finished' | 'stopped'

/** The analysis ends here, and says why; `resume` goes on. */
export class StopHere extends Error {
  override name = 'StopHere'
}
