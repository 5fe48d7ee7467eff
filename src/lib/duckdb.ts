import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBPendingResult,
  type DuckDBResult,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

/** Limits on the resources of one engine. */
export interface EngineLimits {
  /** Worker threads of the engine. */
  threads?: number | undefined
  /** As DuckDB writes it: `512MiB`. */
  memory?: string | undefined
  /** The folder for data that does not fit into memory; by default one among other temporary files. */
  spill?: string | undefined
  /**
   * Whether a COPY runs on the engine's own threads only. Otherwise the Node thread that waits for it also
   * works, a different one each time, and each keeps memory: an engine that writes for hours would grow, up
   * to a limit.
   */
  apart?: boolean
}

/** Bound to `$1`, `$2`, ... or to `$name`: a value is never part of a statement's text. */
export type Values = DuckDBValue[] | Record<string, DuckDBValue>

/** A DuckDB engine in this process, empty: without a database file, without extensions from the network. */
export interface Engine {
  run(sql: string, values?: Values): Promise<void>
  /** Rows as arrays of JSON-like values; for small results. */
  rows(sql: string, values?: Values): Promise<DuckDBValue[][]>
  /** Rows as objects; for small results. */
  objects(sql: string, values?: Values): Promise<Record<string, DuckDBValue>[]>
  /** The rows that a COPY statement returns. */
  copy(sql: string): Promise<DuckDBValue[][]>
  /**
   * Rows chunk by chunk, for large results. No other statement may run on this connection until they have
   * ended.
   */
  stream(sql: string, values?: Values): Promise<Streamed>
  connection: DuckDBConnection
  /** A second connection to the same engine, with its own temporary tables. */
  beside(): Promise<Engine>
  close(): void
}

/** A result that is still being read. */
export interface Streamed {
  /** Unique names. */
  names: string[]
  types: DuckDBType[]
  /** @throws BrokenOff when the rows end before the result is complete */
  chunks(): AsyncGenerator<DuckDBDataChunk>
}

/** The rows of a result ended too early. */
export class BrokenOff extends Error {
  override name = 'BrokenOff'
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
    // DuckDB's default is a folder in the working directory.
    temp_directory: spill ?? join(tmpdir(), `loglake-spill-${randomUUID()}`),
    // With 0 external threads, the engine's own threads do all the work.
    ...(apart ? { external_threads: '0' } : {}),
    // Never downloads extensions: everything works offline, and a query cannot load code.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const engine = await connect(instance, apart, () => instance.closeSync())
  await engine.run("set global timezone = 'UTC'")
  return engine
}

async function connect(instance: DuckDBInstance, apart: boolean, closed: () => void): Promise<Engine> {
  const connection = await instance.connect()
  /** Identifies the result that is being read. */
  let streaming: symbol | undefined
  const leave = async (end: 'commit' | 'rollback') => {
    streaming = undefined
    await connection.run(end)
  }
  const rows: Engine['rows'] = async (sql, values) => {
    if (streaming) await leave('rollback')
    return (await connection.runAndReadAll(sql, values)).getRows()
  }

  /**
   * Rows that ended in an error look complete, because DuckDB's C API gives an empty chunk in both cases. But
   * an error leaves a transaction in which every further query fails, which is tested here.
   */
  async function* chunksOf(result: DuckDBResult, own: symbol): AsyncGenerator<DuckDBDataChunk> {
    try {
      for (;;) {
        const chunk = await result.fetchChunk()
        if (!chunk || chunk.rowCount === 0) break
        yield chunk
      }
      if (streaming !== own) throw new BrokenOff('the rows broke off: another statement came between')
      await connection.run('select 1').catch((cause) => {
        throw new BrokenOff('the rows broke off before their end', { cause })
      })
      await leave('commit')
    } finally {
      // A caller that gives up may have closed it, and an interrupt may come late.
      if (streaming === own) await leave('rollback').catch(() => undefined)
    }
  }

  return {
    connection,
    rows,
    beside: () => connect(instance, apart, () => undefined),
    async run(sql, values) {
      if (streaming) await leave('rollback')
      await connection.run(sql, values)
    },
    async objects(sql, values) {
      if (streaming) await leave('rollback')
      return (await connection.runAndReadAll(sql, values)).getRowObjects()
    },
    async copy(sql) {
      // `start()` plans the statement on Node's main thread, so only an engine that we poll uses it.
      if (!apart) return await rows(sql)
      if (streaming) await leave('rollback')
      const pending = await connection.start(sql)
      await untilDone(pending)
      return (await pending.readAll()).getRows()
    },
    async stream(sql, values) {
      if (streaming) await leave('rollback')
      const own = Symbol('rows on their way')
      streaming = own
      try {
        await connection.run('begin')
        const result = await connection.stream(sql, values)
        return {
          names: result.deduplicatedColumnNames(),
          types: result.columnTypes(),
          chunks: () => chunksOf(result, own),
        }
      } catch (thrown) {
        await leave('rollback')
        throw thrown
      }
    },
    close() {
      streaming = undefined
      connection.closeSync()
      closed()
    },
  }
}

/** 2 milliseconds between polls; a COPY takes a large part of a second. */
const LOOK_MS = 2

/**
 * Waits until the engine's own threads are done, with success or not: fetching the result would make this
 * thread work too.
 */
async function untilDone(pending: DuckDBPendingResult): Promise<void> {
  const { NO_TASKS_AVAILABLE, RESULT_NOT_READY } = duckdb.PendingState
  // The client cannot poll a pending result without running part of it, so we ask its native handle.
  const { pending_result: handle } = pending as unknown as { pending_result: duckdb.PendingResult }
  for (;;) {
    const state = duckdb.pending_execute_check_state(handle)
    if (state !== NO_TASKS_AVAILABLE && state !== RESULT_NOT_READY) return
    await wait(LOOK_MS)
  }
}
