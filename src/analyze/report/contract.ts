import type { OwnCount } from '../digest/digest.ts'
import type { Severity } from '../digest/severity.ts'
import type { EventRef } from '../entry.ts'
import type { Selection } from '../selection.ts'

/**
 * The result of an analysis: JSON has all of it; Markdown and HTML are short enough to be read in two
 * minutes.
 */
export interface Report {
  run: string
  made_at: string
  lake_version: number
  selection: Selection
  events: number
  own: OwnCount
  /** The most severe first. */
  findings: readonly Finding[]
  /** Whether a model merged the findings. */
  is_reduced: boolean
  /**
   * Calls that were to merge findings, and those without a usable answer. Analyses of earlier versions have
   * none.
   */
  merging?: { calls: number; unanswered: number }
  calls: { items: number; done: number; jobs: number }
  not_analysed: readonly NotAnalysed[]
  /** Counts of what was removed from the model's answers. */
  taken_out: { unknown_handles: number; without_rows: number; sentences_struck: number }
  cost: {
    model: string
    input_tokens: number
    output_tokens: number
    batch_input_tokens: number
    batch_output_tokens: number
    usd: number | null
    price: string | null
  }
  /** Irregularities, as sentences. */
  notes: readonly string[]
}

export interface Finding {
  id: string
  severity: Severity
  text: string
  /** The model's sentence failed the check: this one is ours. */
  struck: boolean
  who: readonly string[]
  services: readonly string[]
  regions: readonly string[]
  accounts: readonly string[]
  events: number
  /** Events that show it. */
  evidence: readonly EventRef[]
}

export interface NotAnalysed {
  about: string
  account: string
  from: string
  to: string
  events: number
  why: string
}
