import type { TableDefinition } from '../../lake/table.ts'
import type { LogType } from '../../logtypes/contract.ts'
import type { Row } from '../redact.ts'

/**
 * The format of a row when it leaves. A shape gets masked rows, and knows nothing of policies and
 * destinations.
 */
export interface Shape {
  /** The value of `shape` in a route, and the name of its file. */
  name: string
  /** One sentence. */
  doc: string
  /** Why it cannot be used with a table, as a sentence; undefined when it can. */
  whyNot(table: TableDefinition, type: LogType | undefined): string | undefined
  open(about: About): Promise<OpenShape>
}

export interface About {
  table: TableDefinition
  type: LogType | undefined
  template?: string | undefined
  /** loglake's version, for shapes that name their producer. */
  version: string
}

export interface OpenShape {
  /** One for each row, in order. */
  shape(rows: readonly Row[]): Promise<Shaped[]>
  /**
   * Whether a row leaves as it was read: then it is not read as an object at all, unless a policy masks it.
   */
  isAsRead?: true
  close?(): void
}

export interface Shaped {
  text: string
  /** Whether the text is no JSON: a template's one column of text. */
  plain?: boolean | undefined
  /** Its time in seconds since 1970, when it differs from the row's. */
  time?: number | undefined
  host?: string | undefined
  source?: string | undefined
  sourcetype?: string | undefined
}

/** A shape that turns one row into one object. */
export function each(make: (row: Row) => object): OpenShape {
  return { shape: async (rows) => rows.map((row) => ({ text: JSON.stringify(make(row)) })) }
}
