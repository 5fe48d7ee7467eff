import { availableParallelism } from 'node:os'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { Values } from '../lib/duckdb.ts'
import type { LogType } from '../logtypes/contract.ts'
import { questionsGivenUp } from '../query/bounds.ts'
import { lazyQueryEngine } from '../query/lazy-engine.ts'
import { type PortableView, portableViews } from '../query/portable/views.ts'
import { openQueryEngine, type QueryEngine, type QuestionLimits } from '../query/question.ts'
import type { View } from '../query/view.ts'
import type { ReadAll } from '../review/book.ts'
import type { Status } from '../status/status.ts'
import type { AccessLog } from './access-log.ts'
import { type Admission, admission } from './admission.ts'
import { answerCache } from './cache.ts'
import type { Services } from './context.ts'
import { Problem } from './problem.ts'
import { openSaved } from './saved.ts'
import { openTokens } from './tokens.ts'
import { type VersionsLimits, watchVersions } from './versions.ts'

export interface ServicesOptions {
  lake: Lake
  views: readonly View[]
  limits: QuestionLimits
  accessLog: AccessLog
  logTypes: readonly LogType[]
  status(days: number): Promise<Status>
  doctor: Services['doctor']
  notice: string | null
  program: string
  maskKey: string
  reviews: Services['reviews']
  digests: Services['digests']
  lookAs: Services['lookAs']
  rules: Services['rules']
  routes: Services['routes']
  evidenceKey: Services['evidenceKey']
  proofs: Services['proofs']
  originals: Services['originals']
  recordBytes: Services['recordBytes']
  replayRejects: Services['replayRejects']
  /** Who may listen for new versions, and how often one is looked for. */
  listeners?: VersionsLimits
  /** The engine for operators; one over all tables and views by default. */
  queryEngine?: QueryEngine
}

/** Memory for cached answers. */
const CACHE_BYTES = 64 << 20
/** Queries that may wait; beyond, an answer would come too late to be wanted. */
const WAITING = 300
/** Requests of one person: a browser sends up to six at once, and two pages may be open. */
const PER_PERSON = 12
/** Browsers open few connections to a server, and their hidden pages close theirs. */
const LISTENERS = { everyMs: 3_000, perPerson: 12, inAll: 300 }
/** Memory of all readers who are not operators together; nothing of theirs is spilled to disk. */
const GUARDED_MEMORY = '1GiB'

/** Threads of Node's pool: libuv reads the beginning of the variable as a number, and 0 as 1. */
export function poolThreads(set: string | undefined): number {
  if (set === undefined) return 4
  return Math.max(1, Number.parseInt(set, 10) || 0)
}

/**
 * Statements in DuckDB at once. More than the processors can work on, since some wait for a disk; but each
 * holds a thread of Node's pool, of which one stays for files, names and compression.
 */
export function placesOf(processors: number, threads: number): number {
  return Math.max(1, Math.min(processors + 2, threads - 1))
}

/** Opens what operations need. Close it when the program ends. */
export async function openServices(options: ServicesOptions): Promise<Services & { close(): void }> {
  const { lake, views, limits } = options
  const queryEngine = options.queryEngine ?? (await openQueryEngine(lake, { limits, views }))
  // Where nobody but operators asks, it is never needed.
  const guardedQueryEngine = lazyQueryEngine(() =>
    openQueryEngine(lake, { limits: { ...limits, memory: GUARDED_MEMORY, spill: '' }, views }),
  )
  const places = placesOf(availableParallelism(), poolThreads(process.env.UV_THREADPOOL_SIZE))
  const waits = admission({
    places,
    questions: Math.max(1, Math.floor(places / 2)),
    perPerson: PER_PERSON,
    waiting: WAITING,
    givenUp: questionsGivenUp,
  })
  const versions = watchVersions(lake, options.listeners ?? LISTENERS)
  let portable: Promise<PortableView[]> | undefined
  return {
    ...options,
    replayRejects: oneAtATime(options.replayRejects),
    portableViews() {
      portable ??= portableViews(views, [...lake.tables.values()])
      return portable
    },
    queryEngine,
    guardedQueryEngine,
    admission: waits,
    readAll: readAllOf(queryEngine, waits),
    cache: answerCache(CACHE_BYTES),
    tokens: openTokens(lake, () => new Date()),
    saved: openSaved(lake, () => new Date()),
    versions,
    now: () => new Date(),
    close() {
      versions.close()
      queryEngine.close()
      guardedQueryEngine.close()
    },
  }
}

/** One replay at a time, since each has threads and an engine of its own. */
function oneAtATime(replay: Services['replayRejects']): Services['replayRejects'] {
  let isBusy = false
  return async (...asked) => {
    if (isBusy)
      throw new Problem(
        409,
        'Under way',
        'Rejects are being replayed already: try again when that is done.',
        {
          retryAfter: 5,
        },
      )
    isBusy = true
    try {
      return await replay(...asked)
    } finally {
      isBusy = false
    }
  }
}

/** Waits like everybody else, as a person of its own. */
function readAllOf(queryEngine: QueryEngine, waits: Admission): ReadAll {
  return async <Row>(version: LakeVersion, sql: string, values?: Values): Promise<Row[]> => {
    const leave = await waits.enter('page', 'loglake', new AbortController().signal)
    try {
      return await readRows<Row>(queryEngine, version, sql, values)
    } finally {
      leave()
    }
  }
}

/** Few rows of every reader, as objects. */
export async function readRows<Row>(
  queryEngine: QueryEngine,
  version: LakeVersion,
  sql: string,
  values?: Values,
): Promise<Row[]> {
  const wrapped = `select coalesce('[' || string_agg(to_json(one)::varchar, ',') || ']', '[]') from (\n${sql}\n) as one`
  const rows = await queryEngine.ask(wrapped, { version, ...(values ? { values } : {}) })
  try {
    for await (const [text] of rows.rows()) return JSON.parse(String(text)) as Row[]
    return []
  } finally {
    rows.close()
  }
}
