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
  /** Rows as they come, chunk by chunk; for large answers. No other statement may run on this connection before their end. */
  stream(sql: string, values?: Values): Promise<Streamed>
  connection: DuckDBConnection
  /** A second connection to the same engine: its own temporary tables, its own turn. */
  beside(): Promise<Engine>
  close(): void
}

/** Rows on their way. */
export interface Streamed {
  /** No two are the same. */
  names: string[]
  types: DuckDBType[]
  /** @throws BrokenOff when there are more, and they do not come */
  chunks(): AsyncGenerator<DuckDBDataChunk>
}

/** Rows ended before their end. */
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
  /** Whose rows are on their way. */
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
   * To whoever fetches, rows that ended in an error look as if they were all: DuckDB's C API gives an empty chunk for both. But only an
   * error leaves a transaction in which nothing can be asked any more.
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
      // Whoever gives up may have closed it, and an interrupt may come late.
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
      // Whoever starts a statement plans it on Node's main thread: not where nobody looks on.
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
