import type { Need } from '../../aws/denial.ts'

/** An event of a service that keeps events by time. */
export interface Dated {
  /** Equal each time that the event is read. */
  id: string
  /** In milliseconds since 1970. */
  timeMs: number
}

/** A span of time, both ends included, in milliseconds since 1970. */
export interface Span {
  fromMs: number
  toMs: number
}

/** A part of a service that keeps events by time: a Region of CloudTrail, a log group. */
export interface Timeline<Event extends Dated> {
  /** Its name within the source. */
  name: string
  /** The permission that it is read with. */
  need?: Need
  /** The events of a span in pages, in any order; a page may be empty. */
  read(span: Span, signal: AbortSignal | undefined): AsyncIterable<Event[]>
  /** Writes events as an object that one of the envelopes unwraps. */
  object(events: readonly Event[]): { uri: string; bytes: Uint8Array }
}
