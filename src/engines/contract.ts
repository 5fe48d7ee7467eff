/** Another engine that reads the lake's tables: takes SQL, returns rows. */
export interface RemoteEngine {
  /** As in `trino`. */
  name: string
  /** The SQL dialect that it takes. */
  dialect: 'trino'
  /**
   * Runs one statement, in the engine's own dialect.
   *
   * @throws UserError with the engine's message when the statement is wrong, was cancelled, or exceeded its
   * limit
   */
  ask(sql: string, asking?: RemoteAsking): Promise<RemoteAnswer>
}

export interface RemoteAsking {
  signal?: AbortSignal | undefined
  /** Bytes read after which the query is ended; those read up to then are paid for. */
  maxBytes?: number | undefined
  /** Called from time to time while the engine works. */
  onProgress?(scanned: RemoteStatistics): void
}

export interface RemoteAnswer {
  columns: readonly string[]
  /** The engine's names of the types. */
  types: readonly string[]
  /** Each value as the engine's text of it, or null; one page at a time. */
  rows: AsyncIterable<readonly RemoteValue[]>
  /** Complete once all rows were read. */
  statistics(): RemoteStatistics
}

export type RemoteValue = string | number | boolean | null | object

export interface RemoteStatistics {
  /** The engine's id of the query, by which it can be found there. */
  id: string
  /** Bytes of data that were read. */
  scannedBytes: number
  ms: number
  /** The cost in US dollars, where the engine charges by bytes read. */
  usd?: number
}
