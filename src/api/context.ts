import type { ReportJson } from '../account/doctor/json.ts'
import type { DigestRules } from '../analyze/digest/digest.ts'
import type { Rule } from '../detect/contract.ts'
import type { DataFile } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { EngineLimits, Values } from '../lib/duckdb.ts'
import type { LogType } from '../logtypes/contract.ts'
import type { Answer as Rows } from '../query/answer.ts'
import { failingAs } from '../query/failing-as.ts'
import type { PortableView } from '../query/portable/views.ts'
import type { Desk } from '../query/question.ts'
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

/** What operations work with, for as long as the program runs. */
export interface Services {
  lake: Lake
  /** For operators: all that DuckDB has that is for questions. */
  desk: Desk
  /** For everybody else: memory of its own, and nothing spills to a disk. */
  guardedDesk: Desk
  limits: EngineLimits
  admission: Admission
  cache: AnswerCache
  accessLog: AccessLog
  tokens: Tokens
  saved: SavedQuestions
  logTypes: readonly LogType[]
  views: readonly View[]
  /** The views as other engines can have them; made when they are asked for the first time. */
  portableViews(): Promise<readonly PortableView[]>
  /** How the lake stands, with what waits in its sources. */
  status(days: number): Promise<Status>
  /** Whether everything is set up as it must be; kept for some minutes, unless it is to be looked at anew. */
  doctor(anew: boolean): Promise<ReportJson>
  /** What every page says of how people sign in here; null when there is nothing to say. */
  notice: string | null
  /** Where nobody signs in: as what the page may ask to look; null where people sign in. */
  lookAs(): string[] | null
  /** The version of loglake. */
  program: string
  /** The key of masks: one value has one placeholder as long as it stays. */
  maskKey: string
  now(): Date
  /** Rows of every reader: for what loglake itself must know, as whose manager somebody is. Never shown as they are. */
  readAll: ReadAll
  /** The key that evidence is signed with; made when it is asked for the first time. */
  evidenceKey(): SigningKey
  /** What proves objects, as files of a bundle: CloudTrail's digests, the log of the lake. */
  proofs(
    version: LakeVersion,
    objects: readonly { object: string; ingestedMs: number }[],
  ): Promise<Map<string, Buffer>>
  /** Log objects where they still lie as they were read, as files of a bundle, and why others are not in it. */
  originals(objects: readonly KnownObject[]): Promise<Map<string, Buffer>>
  /** The bytes of rows' records in these, as files of a bundle, and why others are not in it. */
  recordBytes(rows: readonly EvidenceRow[], objects: readonly KnownObject[]): Promise<Map<string, Buffer>>
  /** What rules of detection say of themselves, by id. */
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
  /** Rows of it that were erased. */
  records_erased: number
}

/** What one call works with: one version of the lake, one reader, whose rows are all that it can reach. */
export interface Context extends Services {
  reader: Reader
  version: LakeVersion
  signal: AbortSignal
  requestId: string
  /** The address that the request came from; null at the command line. */
  address: string | null
  /** Operations that this reader may call. */
  allowed: readonly string[]
  /** Rows as one JSON array of objects, made by DuckDB and unread here. */
  json(sql: string, values?: Values, options?: AskOptions): Promise<RawJson>
  /** The same, read: for few rows that something is to be made of. */
  objects<Row = Record<string, unknown>>(sql: string, values?: Values, options?: AskOptions): Promise<Row[]>
  /**
   * Works with an answer, in its turn. It is closed afterwards.
   *
   */
  ask<Made>(sql: string, work: (rows: Rows) => Promise<Made>, options?: AskOptions): Promise<Made>
  /**
   * What several answers are made of, made once for all who see the same rows, as long as the tables stay as they are. Nobody may
   * change it.
   *
   * @param what names it, with all that it is made by
   * @param make is given a context that lasts as long as anybody waits for it
   */
  kept<Value>(
    what: readonly unknown[],
    reads: readonly string[],
    make: (context: Context) => Promise<Kept<Value>>,
  ): Promise<Value>
  /** An answer that stays open, in its place, until it is closed. */
  open(sql: string, options?: AskOptions): Promise<Rows>
}

export interface AskOptions {
  values?: Values
  /** An earlier version of the lake than that of the call. */
  version?: LakeVersion
  /** Whether columns of what people wrote are masked whole, as in SQL of theirs; operations mask the texts that they show. */
  masked?: boolean
  /** Whether it may be an EXPLAIN. */
  explain?: boolean
  /** The only files of tables that are opened. */
  files?: ReadonlyMap<string, readonly DataFile[]>
  /** A span of time that rows of every table are limited to, as ISO 8601 in UTC; `until` exclusive. */
  span?: { since?: string | undefined; until?: string | undefined }
  /** False where `span` says all that leaves files out. */
  planned?: boolean
}

/** How a question waits, and for whom. */
export interface Asking {
  reader: Reader
  version: LakeVersion
  signal: AbortSignal
  requestId: string
  address: string | null
  allowed: readonly string[]
  queue: 'page' | 'question'
}

/** Seconds after which a question is ended. */
const DEADLINE_MS = { page: 20_000, question: 120_000 }

export function contextOf(services: Services, asking: Asking): Context {
  const { reader, version, queue } = asking
  const desk = reader.role === 'operator' ? services.desk : services.guardedDesk
  const limitOf = async (sql: string, at: LakeVersion, masked: boolean) => {
    const limit = rowLimitOf(reader, masked)
    if (!limit) return {}
    if (!limit.people?.length || !/session|finding/i.test(sql)) return { limit }
    return { limit: { ...limit, ...(await theirsOf(desk, at, reader, limit)) } }
  }
  const open: Context['open'] = async (sql, options = {}) => {
    const leave = await services.admission.enter(queue, reader.subject, asking.signal)
    const deadline = AbortSignal.timeout(DEADLINE_MS[queue])
    const told = (thrown: unknown) =>
      deadline.aborted && !asking.signal.aborted ? tooLong(queue, thrown) : thrown
    try {
      const rows = await desk.ask(sql, {
        scope: {
          ...(await limitOf(sql, options.version ?? version, options.masked ?? false)),
          ...(options.span?.since === undefined ? {} : { since: options.span.since }),
          ...(options.span?.until === undefined ? {} : { until: options.span.until }),
        },
        version: options.version ?? version,
        signal: AbortSignal.any([asking.signal, deadline]),
        explain: options.explain ?? false,
        ...(options.values ? { values: options.values } : {}),
        ...(options.files ? { files: options.files } : {}),
        planned: options.planned ?? true,
      })
      const close = () => {
        rows.close()
        leave()
      }
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
