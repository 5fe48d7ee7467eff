import type { z } from 'zod'
import type { NeededAction } from '../aws/needed.ts'

/**
 * A destination. A file of `destinations/` exports `name`, `doc`, `settings` (a schema), `example` (its
 * shortest settings as YAML) and `open`; it knows the receiver's protocol and nothing of routes, rows or the
 * lake.
 */
export interface Destination<Settings = unknown> {
  /** The value of `type`, and the name of its file, as in `splunk-hec`. */
  name: string
  /** One sentence. */
  doc: string
  settings: z.ZodObject
  /** Settings without `type`, as YAML: the documentation shows this example and a test runs it. */
  example: string
  /** The only shape that it takes; absent where it takes every one. */
  shape?: string
  /** Settings that are local paths: in a configuration they are relative to its file. */
  paths?: readonly string[]
  /** Settings that send to this person alone; undefined when nothing can be sent to what is no address. */
  onlyTo?(recipient: string): Partial<Settings> | undefined
  /** The actions of AWS that sending needs; absent for a receiver that is not AWS's. */
  needs?(settings: Settings): readonly NeededAction[]
  /** Opens no connection before the first `send`. */
  open(settings: Settings, deps: ReceiverDeps): Receiver
}

export interface ReceiverDeps {
  /** The route's name, which the receiver shows to people. */
  route: string
  /** Standard output by default; tests replace it. */
  write?: (text: string) => Promise<void>
}

/** An open destination. */
export interface Receiver {
  /** The limits of a batch. */
  max: Limits
  /** Makes a batch ready, as by compressing it, while the one before it is under way. */
  prepare?(batch: readonly Delivery[]): Promise<void>
  /**
   * Sends a batch once. An error is an outage: the whole batch is sent again later.
   *
   * @returns the deliveries that the receiver did not take, by outcome
   */
  send(batch: readonly Delivery[], signal: AbortSignal): Promise<Answer>
  /** Waits until the receiver has acknowledged everything sent: only then does the cursor move. */
  settle?(signal: AbortSignal): Promise<Answer>
  close?(): Promise<void>
}

export interface Limits {
  deliveries: number
  /** Total bytes of a batch's texts, including what the protocol adds to each. */
  bytes: number
  /** Maximum bytes of one text; a longer one is refused here and not sent. */
  one?: number
}

/** A row on its way: masked, shaped, and as the text that the receiver gets. */
export interface Delivery {
  /**
   * The same for the same row, shape and route each time it is sent: receivers that support ids keep one
   * copy.
   */
  id: string
  table: string
  /** Seconds since 1970, with microseconds. */
  time: number
  /** JSON, or the output of a template. */
  text: string
  /** Whether the text is no JSON. */
  plain?: boolean | undefined
  host?: string | undefined
  source?: string | undefined
  sourcetype?: string | undefined
}

export interface Answer {
  /** Refused permanently: the receiver would refuse them again. */
  refused: readonly Refused[]
  /** Not taken now; these are sent again. */
  later?: Later
  /**
   * The receiver refuses the batch without naming the faulty delivery: the batch is halved until it is found.
   */
  halve?: { deliveries: readonly Delivery[]; code: string; answer: string }
}

export interface Later {
  deliveries: readonly Delivery[]
  why: string
  /** The delay in the receiver's `Retry-After`. */
  afterMs?: number | undefined
}

export interface Refused {
  delivery: Delivery
  /** The receiver's own code, or an HTTP status. */
  code: string
  /** The text of its answer. */
  answer: string
}

/** The whole batch was taken. */
export const TAKEN: Answer = { refused: [] }

/**
 * What identifies a row: sent with it under every policy, and as the policy wants it where a person is its
 * id.
 */
export interface RowKey {
  /** The row's own id, which may come again at another time. */
  id: string
  /** All columns of its table's key: no other row has this name. */
  name: string
  time: number
}
