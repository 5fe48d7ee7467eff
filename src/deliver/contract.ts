import type { z } from 'zod'

/**
 * What a destination is. A file of `destinations/` holds `name`, `doc`, `settings` (a schema), `example` (its settings as
 * YAML, as short as they can be) and `open`; it knows the receiver's protocol and nothing of routes, rows or the lake.
 */
export interface Destination<Settings = unknown> {
  /** As in `splunk-hec`: the value of `type`, and the name of its file. */
  name: string
  /** One sentence. */
  doc: string
  settings: z.ZodObject
  /** Settings without `type`, as YAML: an example that the documentation shows and a test runs. */
  example: string
  /** Opens no connection before the first `send`. */
  open(settings: Settings, deps: ReceiverDeps): Receiver
}

export interface ReceiverDeps {
  /** The route's name, for what the receiver shows to people. */
  route: string
  /** Standard output, unless a test puts something in its place. */
  write?: (text: string) => Promise<void>
}

/** A destination that is open. */
export interface Receiver {
  /** The largest batch that it takes. */
  most: Limits
  /**
   * Sends a batch once. What it throws is an outage: the whole batch is sent again later.
   *
   * @returns what became of those that the receiver did not take
   */
  send(batch: readonly Delivery[], signal: AbortSignal): Promise<Answer>
  /** Waits until the receiver has acknowledged all that was sent: only then does the cursor move. */
  settle?(signal: AbortSignal): Promise<Answer>
  close?(): Promise<void>
}

export interface Limits {
  deliveries: number
  /** Bytes of the texts of a batch, together with what the protocol adds to each. */
  bytes: number
  /** Most bytes of one text; a longer one is refused here and not sent. */
  one?: number
}

/** A row on its way: masked, shaped, and as text what the receiver gets. */
export interface Delivery {
  /** The same for the same row, shape and route, whenever it is sent: receivers that know ids keep one. */
  id: string
  table: string
  /** Seconds since 1970, with microseconds. */
  time: number
  /** JSON, or what a template made. */
  text: string
  host?: string | undefined
  source?: string | undefined
  sourcetype?: string | undefined
}

export interface Answer {
  /** Refused for good: sent again, it would be refused again. */
  refused: readonly Refused[]
  /** Not taken now; these are sent again. */
  later?: Later
  /** The receiver refuses the batch and does not say which of it: it is halved until that is known. */
  halve?: { deliveries: readonly Delivery[]; code: string; answer: string }
}

export interface Later {
  deliveries: readonly Delivery[]
  why: string
  /** What the receiver asks for in `Retry-After`. */
  afterMs?: number | undefined
}

export interface Refused {
  delivery: Delivery
  /** The receiver's own code, or an HTTP status. */
  code: string
  /** What it said. */
  answer: string
}

/** All of a batch was taken. */
export const TAKEN: Answer = { refused: [] }

/** What tells a row from others: never masked, since it is what AWS or loglake made up, and never text of people. */
export interface Place {
  id: string
  time: number
}
