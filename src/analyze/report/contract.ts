import type { OwnCount } from '../digest/digest.ts'
import type { Severity } from '../digest/severity.ts'
import type { EventRef } from '../entry.ts'
import type { Selection } from '../selection.ts'

/** What an analysis says in the end: JSON as it is, Markdown and HTML as a person reads it in two minutes. */
export interface Report {
  run: string
  made_at: string
  lake_version: number
  selection: Selection
  events: number
  own: OwnCount
  /** The gravest first. */
  findings: readonly Finding[]
  /** Whether a model has put findings together, or they stand as the items have them. */
  is_reduced: boolean
  calls: { items: number; done: number; jobs: number }
  not_analysed: readonly NotAnalysed[]
  /** What was taken out of the model's answers. */
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
  /** What was odd, in words. */
  notes: readonly string[]
}

export interface Finding {
  id: string
  severity: Severity
  text: string
  /** The model's sentence did not hold: this one is ours. */
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
