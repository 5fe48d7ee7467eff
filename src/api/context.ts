import type { ReportJson } from '../account/doctor/json.ts'
import type { DigestRules } from '../analyze/digest/digest.ts'
import type { RouteStanding } from '../deliver/standing.ts'
import type { Rule } from '../detect/contract.ts'
import type { DataFile } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { RejectsReplayed } from '../ledger/replayed.ts'
import type { EngineLimits, Values } from '../lib/duckdb.ts'
import type { LogType } from '../logtypes/contract.ts'
import type { Answer as Rows } from '../query/answer.ts'
import { failingAs } from '../query/failing-as.ts'
import type { PortableView } from '../query/portable/views.ts'
import type { QueryEngine } from '../query/question.ts'
import type { Reader } from '../query/reader.ts'
import { rowLimitOf } from '../query/rows-of.ts'
import type { View } from '../query/view.ts'
import type { ReadAll } from '../review/book.ts'
import type { EvidenceRow } from '../review/digest.ts'
import type { SigningKey } from '../review/evidence/dsse.ts'
import type { People } from '../review/people.ts'
import type { ReviewRules } from '../review/population.ts'
import type { Status } from '../status/status.ts'
import type { AccessLog } from './access-log.ts'
import type { Admission } from './admission.ts'
import type { AnswerCache, Kept } from './cache.ts'
import { cacheKey } from './cache-key.ts'
import { Problem } from './problem.ts'
import type { SavedQuestions } from './saved.ts'
import { type RawJson, raw } from './seen.ts'
import { theirsOf } from './sessions-of-people.ts'
import type { Tokens } from './tokens.ts'
import type { Versions } from './versions.ts'

/** What operations work with, for the lifetime of the program. */
export interface Services {
  lake: Lake
  /** For operators: all that DuckDB has that is for questions. */
  queryEngine: QueryEngine
  /** For everybody else: memory of its own, and nothing spills to a disk. */
  guardedQueryEngine: QueryEngine
  limits: EngineLimits
  admission: Admission
  cache: AnswerCache
  accessLog: AccessLog
  tokens: Tokens
  saved: SavedQuestions
  versions: Versions
  logTypes: readonly LogType[]
  views: readonly View[]
  /** The views in the SQL of other engines; built on first use. */
  portableViews(): Promise<readonly PortableView[]>
  /** The state of the lake, with what waits in its sources. */
  status(days: number): Promise<Status>
  /** The report of the checks of the set-up; cached for some minutes, unless `anew`. */
  doctor(anew: boolean): Promise<ReportJson>
  /** A notice about sign-in that every page shows; null if there is none. */
  notice: string | null
  /** Roles that the page may show where the server has no sign-in; null where it has one. */
  lookAs(): string[] | null
  /** The version of loglake. */
  program: string
  /** The key of masks: while it stays the same, a value keeps its placeholder. */
  maskKey: string
  now(): Date
  /**
   * Reads rows of every reader, for decisions of loglake itself, such as who is whose manager. They are never
   * shown.
   */
  readAll: ReadAll
  /** The key that signs evidence; created on first use. */
  evidenceKey(): SigningKey
  /** Proofs of objects as files of a bundle: CloudTrail's digests, and the transparency log. */
  proofs(
    version: LakeVersion,
    objects: readonly { object: string; ingestedMs: number }[],
  ): Promise<Map<string, Buffer>>
  /** Original log objects as files of a bundle, with a list of those that are missing and why. */
  originals(objects: readonly KnownObject[]): Promise<Map<string, Buffer>>
  /**
   * The bytes of the rows' records in these objects as files of a bundle, with a list of the missing ones.
   */
  recordBytes(rows: readonly EvidenceRow[], objects: readonly KnownObject[]): Promise<Map<string, Buffer>>
  /** Reads rejects again, as `loglake rejects replay` does. */
  replayRejects(
    chosen: { ids?: readonly string[] | undefined; code?: string | undefined; object?: string | undefined },
    dryRun: boolean,
  ): Promise<RejectsReplayed>
  /** How far the routes to other systems are. */
  routes(version: LakeVersion): Promise<readonly RouteStanding[]>
  /** Detection rules by id. */
  rules(): ReadonlyMap<string, Rule>
  reviews: { rules: ReviewRules; people(): People }
  digests: DigestRules
}

/** An object as the ledger knows it. */
export interface KnownObject {
  name: string
  version: string | null
  sha256: string | null
  source: string | null
  /** Number of its rows that were erased. */
  records_erased: number
}

/** What one call works with: one version of the lake and one reader, limited to the reader's rows. */
export interface Context extends Services {
  reader: Reader
  version: LakeVersion
  signal: AbortSignal
  requestId: string
  /** The address that the request came from; null at the command line. */
  address: string | null
  /** Operations that this reader may call. */
  allowed: readonly string[]
  /** Whether the operator at the command line asks, who waits for no other reader and has no deadline. */
  local: boolean
  /** Rows as one JSON array of objects, written by DuckDB and not parsed here. */
  json(sql: string, values?: Values, options?: AskOptions): Promise<RawJson>
  /** The same, parsed; for few rows. */
  objects<Row = Record<string, unknown>>(sql: string, values?: Values, options?: AskOptions): Promise<Row[]>
  /** Runs `work` on the rows of a query that waited for its turn, then closes them. */
  ask<Made>(sql: string, work: (rows: Rows) => Promise<Made>, options?: AskOptions): Promise<Made>
  /**
   * A value that several answers share, computed once for all readers of the same rows until the tables
   * change. Nobody may modify it.
   *
   * @param what names the value, with its inputs
   * @param make is given a context that lives as long as anybody waits for the value
   */
  kept<Value>(
    what: readonly unknown[],
    reads: readonly string[],
    make: (context: Context) => Promise<Kept<Value>>,
  ): Promise<Value>
  /** An answer that stays open, and keeps its place, until it is closed. */
  open(sql: string, options?: AskOptions): Promise<Rows>
}

export interface AskOptions {
  values?: Values
  /** Another version of the lake than that of the call. */
  version?: LakeVersion
  /**
   * Whether columns of text that people wrote are masked whole, as in their own SQL; operations mask the
   * texts that they show.
   */
  masked?: boolean
  /** Whether the statement may be an EXPLAIN. */
  explain?: boolean
  /** Opens only these files of a table. */
  files?: ReadonlyMap<string, readonly DataFile[]>
  /** A span of time that limits the rows of every table, as ISO 8601 in UTC; `until` is exclusive. */
  span?: { since?: string | undefined; until?: string | undefined }
  /** Accounts and Regions that limit the rows of every table with such columns. */
  places?: { accounts?: readonly string[] | undefined; regions?: readonly string[] | undefined }
  /** False if `span` alone already excludes files. */
  planned?: boolean
}

/** The queue of a query, and its reader. */
export interface Asking {
  reader: Reader
  version: LakeVersion
  signal: AbortSignal
  requestId: string
  address: string | null
  allowed: readonly string[]
  queue: 'page' | 'question'
  local: boolean
}

/** Milliseconds after which a query is cancelled. */
const DEADLINE_MS = { page: 20_000, question: 120_000 }

export function contextOf(services: Services, asking: Asking): Context {
  const { reader, version, queue } = asking
  const queryEngine = reader.role === 'operator' ? services.queryEngine : services.guardedQueryEngine
  const limitOf = async (sql: string, at: LakeVersion, masked: boolean) => {
    const limit = rowLimitOf(reader, masked)
    if (!limit) return {}
    if (!limit.people?.length || !/session|finding/i.test(sql)) return { limit }
    return { limit: { ...limit, ...(await theirsOf(queryEngine, at, reader, limit)) } }
  }
  const open: Context['open'] = async (sql, options = {}) => {
    const { local } = asking
    const leave = local
      ? () => undefined
      : await services.admission.enter(queue, reader.subject, asking.signal)
    const deadline = local ? undefined : AbortSignal.timeout(DEADLINE_MS[queue])
    const told = (thrown: unknown) =>
      deadline?.aborted && !asking.signal.aborted ? tooLong(queue, thrown) : thrown
    const { span = {}, places = {} } = options
    try {
      const rows = await queryEngine.ask(sql, {
        scope: {
          ...(await limitOf(sql, options.version ?? version, options.masked ?? false)),
          ...(span.since === undefined ? {} : { since: span.since }),
          ...(span.until === undefined ? {} : { until: span.until }),
          ...(places.accounts === undefined ? {} : { accounts: places.accounts }),
          ...(places.regions === undefined ? {} : { regions: places.regions }),
        },
        version: options.version ?? version,
        signal: deadline ? AbortSignal.any([asking.signal, deadline]) : asking.signal,
        explain: options.explain ?? false,
        ...(options.values ? { values: options.values } : {}),
        ...(options.files ? { files: options.files } : {}),
        planned: options.planned ?? true,
      })
      const close = () => {
        rows.close()
        leave()
      }
      if (!deadline) return { ...rows, close }
      return {
        ...rows,
        rows: () => failingAs(told, rows.rows()),
        chunks: () => failingAs(told, rows.chunks()),
        close,
      }
    } catch (thrown) {
      leave()
      throw told(thrown)
    }
  }
  const ask: Context['ask'] = async (sql, work, options) => {
    const rows = await open(sql, options)
    try {
      return await work(rows)
    } finally {
      rows.close()
    }
  }
  const json: Context['json'] = async (sql, values, options) => {
    const wrapped = `select coalesce('[' || string_agg(to_json(one)::varchar, ',') || ']', '[]') as rows from (\n${sql}\n) as one`
    return raw(await ask(wrapped, firstText, { ...options, ...(values ? { values } : {}) }))
  }
  return {
    ...services,
    ...asking,
    ask,
    open,
    json,
    async kept(what, reads, make) {
      const key = cacheKey(['part', ...what], reads, reader, version)
      const within = (signal: AbortSignal) => make(contextOf(services, { ...asking, signal }))
      return (await services.cache.get(key, asking.signal, within)).value
    },
    async objects(sql, values, options) {
      const { rawJson } = await json(sql, values, options)
      return JSON.parse(rawJson)
    },
  }
}

async function firstText(rows: Rows): Promise<string> {
  for await (const [value] of rows.rows()) return String(value)
  return '[]'
}

function tooLong(queue: Asking['queue'], cause: unknown): Problem {
  const seconds = DEADLINE_MS[queue] / 1000
  return new Problem(
    503,
    'Took too long',
    `The question took more than ${seconds} s and was ended: ask for a shorter span.`,
    {
      retryAfter: 5,
      cause,
    },
  )
}
