import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPendingResult,
  type DuckDBResult,
  type DuckDBValue,
} from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

/** How much of the machine one engine may take. */
export interface EngineLimits {
  /** Worker threads of the engine. */
  threads?: number | undefined
  /** As DuckDB writes it: `512MiB`. */
  memory?: string | undefined
  /** Where the engine spills what does not fit; by default in a folder of its own beside other temporary files. */
  spill?: string | undefined
  /**
   * Whether the engine's own threads alone work on a COPY. Else the thread of Node's that waits for it helps, now this
   * one and now that, and keeps memory from each: an engine that writes for hours would take ever more, up to a point.
   */
  apart?: boolean
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
  /** What a COPY statement answers. */
  copy(sql: string): Promise<DuckDBValue[][]>
  /** The result as a stream of chunks; for large answers. */
  stream(sql: string, values?: Values): Promise<DuckDBResult>
  connection: DuckDBConnection
  /** A second connection to the same engine: its own temporary tables, its own turn. */
  beside(): Promise<Engine>
  close(): void
}

/** Opens an engine in memory, in UTC. */
export async function openEngine({
  threads,
  memory,
  spill,
  apart = false,
}: EngineLimits = {}): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    ...(threads === undefined ? {} : { threads: String(threads) }),
    ...(memory === undefined ? {} : { memory_limit: memory }),
    // DuckDB's own default is a folder of the working directory.
    temp_directory: spill ?? join(tmpdir(), `loglake-spill-${randomUUID()}`),
    // Of `threads`, so many are not the engine's own.
    ...(apart ? { external_threads: '0' } : {}),
    // Nothing may be fetched: everything works offline, and a query cannot pull code in.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const engine = await connect(instance, apart, () => instance.closeSync())
  await engine.run("set global timezone = 'UTC'")
  return engine
}

async function connect(instance: DuckDBInstance, apart: boolean, closed: () => void): Promise<Engine> {
  const connection = await instance.connect()
  const rows: Engine['rows'] = async (sql, values) => (await connection.runAndReadAll(sql, values)).getRows()
  return {
    connection,
    rows,
    beside: () => connect(instance, apart, () => undefined),
    async run(sql, values) {
      await connection.run(sql, values)
    },
    async objects(sql, values) {
      return (await connection.runAndReadAll(sql, values)).getRowObjects()
    },
    async copy(sql) {
      // Whoever starts a statement plans it on Node's main thread: not where nobody looks on.
      if (!apart) return await rows(sql)
      const pending = await connection.start(sql)
      await untilDone(pending)
      return (await pending.readAll()).getRows()
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

/** A COPY takes a good part of a second. */
const LOOK_MS = 2

/** Waits until the engine's own threads are done, well or badly: asking for the result would be helping them. */
async function untilDone(pending: DuckDBPendingResult): Promise<void> {
  const { NO_TASKS_AVAILABLE, RESULT_NOT_READY } = duckdb.PendingState
  // The library shows how to help, and not how to look on: its own handle is what the bindings ask for.
  const { pending_result: handle } = pending as unknown as { pending_result: duckdb.PendingResult }
  for (;;) {
    const state = duckdb.pending_execute_check_state(handle)
    if (state !== NO_TASKS_AVAILABLE && state !== RESULT_NOT_READY) return
    await wait(LOOK_MS)
  }
}
