/** Another engine that reads the lake's tables: SQL in, rows out. */
export interface RemoteEngine {
  /** As in `trino`. */
  name: string
  /** What it is asked in. */
  dialect: 'trino'
  /**
   * Asks one statement, in the engine's own words.
   *
   * @throws UserError in the engine's words when the statement is wrong, it was cancelled, or went beyond its cap
   */
  ask(sql: string, asking?: RemoteAsking): Promise<RemoteAnswer>
}

export interface RemoteAsking {
  signal?: AbortSignal | undefined
  /** Ends the question once it has read more; what was read up to then is paid for. */
  mostBytes?: number | undefined
  /** Told now and then while the engine works. */
  onProgress?(scanned: RemoteStatistics): void
}

export interface RemoteAnswer {
  columns: readonly string[]
  /** As the engine calls them. */
  types: readonly string[]
  /** Each value as the engine's text of it, or null; a page at a time. */
  rows: AsyncIterable<readonly RemoteValue[]>
  /** Complete once all rows were read. */
  statistics(): RemoteStatistics
}

export type RemoteValue = string | number | boolean | null | object

export interface RemoteStatistics {
  /** The engine's id of the question, to find it again there. */
  id: string
  /** Bytes read of data. */
  scannedBytes: number
  ms: number
  /** What that costs, in US dollars, where the engine is paid by what it reads. */
  usd?: number
}
