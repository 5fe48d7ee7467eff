import type { TableDefinition } from '../../lake/table.ts'
import type { LogType } from '../../logtypes/contract.ts'
import type { Row } from '../redact.ts'

/** What a row looks like when it leaves. It is given masked rows, and knows nothing of policies and destinations. */
export interface Shape {
  /** The value of `shape` in a route, and the name of its file. */
  name: string
  /** One sentence. */
  doc: string
  /** Why it does not fit a table, as a sentence; undefined when it does. */
  whyNot(table: TableDefinition, type: LogType | undefined): string | undefined
  open(about: About): Promise<OpenShape>
}

export interface About {
  table: TableDefinition
  type: LogType | undefined
  template?: string | undefined
  /** Of loglake, for shapes that name what made them. */
  version: string
}

export interface OpenShape {
  /** One for each row, in order. */
  shape(rows: readonly Row[]): Promise<Shaped[]>
  close?(): void
}

export interface Shaped {
  /** JSON, but for a template of one column that is a text. */
  text: string
  /** When it is another time than the row's, in seconds since 1970. */
  time?: number | undefined
  host?: string | undefined
  source?: string | undefined
  sourcetype?: string | undefined
}

/** A shape that makes one object of one row. */
export function each(make: (row: Row) => object): OpenShape {
  return { shape: async (rows) => rows.map((row) => ({ text: JSON.stringify(make(row)) })) }
}
