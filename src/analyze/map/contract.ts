import type { EventRef } from '../entry.ts'

/** The input of one call of the model: what one principal (or service, or Region) did in a span of time. */
export interface Item {
  /** Letters and digits, equal for the same events of the same run; also the record's id in a batch. */
  id: string
  /** What its events have in common. */
  key: string
  account: string
  from: string
  to: string
  events: number
  /** The lines that the model reads, in order: `e1` is the first. */
  lines: readonly Line[]
  /** Most input tokens of the call, including the prompt. */
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
