import type { EventRef } from '../entry.ts'

/** What one call of the model reads: what one principal (or service, or Region) did in a stretch of time. */
export interface Item {
  /** Letters and digits, the same for the same events of the same run: also the id of the record of a batch. */
  id: string
  /** What its events have in common. */
  key: string
  account: string
  from: string
  to: string
  events: number
  /** The lines that the model reads, in order: `e1` is the first. */
  lines: readonly Line[]
  /** Tokens that the call reads at most, prompt and all. */
  tokens: number
}

/** A line of an item: a group of like calls, under a short handle. */
export interface Line {
  /** As in `e17`. */
  handle: string
  text: string
  events: number
  ids: readonly EventRef[]
  service: string
  region: string
  principal: string
  account: string
}
