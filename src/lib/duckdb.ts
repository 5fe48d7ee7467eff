import { type DuckDBConnection, DuckDBInstance, type DuckDBResult, type DuckDBValue } from '@duckdb/node-api'

/** How much of the machine one engine may take. */
export interface EngineLimits {
  /** Worker threads of the engine. */
  threads?: number | undefined
  /** As DuckDB writes it: `512MiB`. */
  memory?: string | undefined
  /** Where the engine spills what does not fit. */
  spill?: string | undefined
}

/** Bound to `$1`, `$2`, ... or to `$name`: a value never becomes text of a statement. */
export type Values = DuckDBValue[] | Record<string, DuckDBValue>

/** A DuckDB engine in this process, with nothing in it: no file of its own, no extension from the network. */
export interface Engine {
  run(sql: string, values?: Values): Promise<void>
  /** Rows as arrays of JSON-like values; for small answers. */
  rows(sql: string, values?: Values): Promise<DuckDBValue[][]>
  /** Rows as objects; for small answers. */
  objects(sql: string, values?: Values): Promise<Record<string, DuckDBValue>[]>
  /** The result as a stream of chunks; for large answers. */
  stream(sql: string, values?: Values): Promise<DuckDBResult>
  connection: DuckDBConnection
  /** A second connection to the same engine: its own temporary tables, its own turn. */
  beside(): Promise<Engine>
  close(): void
}

/** Opens an engine in memory, in UTC. */
export async function openEngine({ threads, memory, spill }: EngineLimits = {}): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    ...(threads === undefined ? {} : { threads: String(threads) }),
    ...(memory === undefined ? {} : { memory_limit: memory }),
    ...(spill === undefined ? {} : { temp_directory: spill }),
    // Nothing may be fetched: everything works offline, and a query cannot pull code in.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const engine = await connect(instance, () => instance.closeSync())
  await engine.run("set global timezone = 'UTC'")
  return engine
}

async function connect(instance: DuckDBInstance, closed: () => void): Promise<Engine> {
  const connection = await instance.connect()
  return {
    connection,
    beside: () => connect(instance, () => undefined),
    async run(sql, values) {
      await connection.run(sql, values)
    },
    async rows(sql, values) {
      return (await connection.runAndReadAll(sql, values)).getRows()
    },
    async objects(sql, values) {
      return (await connection.runAndReadAll(sql, values)).getRowObjects()
    },
    stream(sql, values) {
      return connection.stream(sql, values)
    },
    close() {
      connection.closeSync()
      closed()
    },
  }
}
