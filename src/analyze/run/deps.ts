import type { Lake } from '../../lake/lake.ts'
import type { Batch } from '../../model/batch.ts'
import type { Model } from '../../model/contract.ts'
import type { QueryEngine } from '../../query/question.ts'
import type { Price } from '../cost.ts'
import type { Report } from '../report/contract.ts'
import type { Own } from '../selection.ts'
import type { AnalyzeSettings } from '../settings.ts'

/** The dependencies of an analysis. */
export interface Deps {
  lake: Lake
  queryEngine: QueryEngine
  settings: AnalyzeSettings
  own: Own
  /** The model for calls on demand; undefined when none is set up. */
  model: Model | undefined
  /** Undefined when no batches are set up. */
  batch: Batch | undefined
  /** Undefined when the price is unknown: then costs cannot be shown or limited. */
  price: Price | undefined
  /** Most dollars; undefined without a limit. */
  maxUsd: number | undefined
  /** Resolves when a notification says that a job has changed; jobs are also checked at intervals. */
  jobChanged?(signal: AbortSignal): Promise<void>
  /** By the name of each destination: sends the report there. */
  send: ReadonlyMap<string, (report: Report) => Promise<void>>
  say(sentence: string): void
  signal: AbortSignal
}

/** The progress of an analysis. */
export type Outcome = 'finished' | 'stopped'

/** Stops the analysis with a reason; `resume` continues it. */
export class StopHere extends Error {
  override name = 'StopHere'
  /** The option of `resume` that lets it continue, if one does. */
  readonly more: string | undefined

  constructor(message: string, more?: string) {
    super(message)
    this.more = more
  }
}
