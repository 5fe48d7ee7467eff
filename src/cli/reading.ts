import { randomUUID } from 'node:crypto'
import type { DuckDBValue } from '@duckdb/node-api'
import type { AccessLog } from '../api/access-log.ts'
import { call, type LocalCaller } from '../api/call.ts'
import type { Operation } from '../api/contract.ts'
import { Problem } from '../api/problem.ts'
import { openServices } from '../api/services.ts'
import type { LakeVersion } from '../lake/version.ts'
import { UserError } from '../lib/errors.ts'
import type { Answer as Rows } from '../query/answer.ts'
import { engineForEach, type QueryEngine } from '../query/question.ts'
import { localOwner } from '../query/reader.ts'
import type { View } from '../query/view.ts'
import { NO_PEOPLE } from '../review/people.ts'
import { rulesOf } from '../review/settings.ts'
import { limitsOf } from '../workspace/limits.ts'
import { typesWith } from '../workspace/logtypes.ts'
import type { Opened } from '../workspace/open.ts'
import { ownOf } from './analyze/selected.ts'
import { gathered } from './show/answer.ts'
import { userName } from './user-name.ts'
import { version } from './version.ts'

/** The operations of `api/`, called by the operator at the command line. */
export interface Reading {
  json<Shape>(one: Operation, input: Record<string, unknown>, how?: How): Promise<Shape>
  /** Open rows; the caller closes them. */
  rows(one: Operation, input: Record<string, unknown>, how?: How): Promise<Rows>
}

interface How {
  /** The version to read; the newest by default. */
  version?: LakeVersion | undefined
  /** Ends the question. */
  signal?: AbortSignal
}

/**
 * Calls operations as the lake's operator, whom no right of ours could keep from its files. For the same
 * reason there is no access log: a line that this person need not write would prove nothing, and reading a
 * lake must not need the right to change it.
 *
 * @param queryEngine the engine that fits the command's questions; the command closes it
 * @param views those that an operation is to tell of; the engine has its own
 */
export async function reading(
  opened: Opened,
  queryEngine: QueryEngine,
  views: readonly View[] = [],
): Promise<Reading> {
  const { lake, config, definitions } = opened
  const { query, review, analyze } = config.values
  const services = await openServices({
    lake,
    queryEngine,
    limits: limitsOf(query),
    views,
    logTypes: typesWith(definitions),
    accessLog: nowhere,
    notice: null,
    program: version(),
    maskKey: '',
    reviews: { rules: rulesOf(review), people: () => NO_PEOPLE },
    digests: { own: ownOf(analyze), days: analyze.days, window: analyze.window },
    // It brings the half of the program that delivers.
    routes: async (version) => (await import('../workspace/routes.ts')).routesAt(opened, version),
    lookAs: () => null,
    status: unused,
    doctor: unused,
    rules: unused,
    evidenceKey: unused,
    proofs: unused,
    originals: unused,
    recordBytes: unused,
    replayRejects: unused,
  })
  const reader = localOwner('shell', userName())
  const run = async (one: Operation, input: Record<string, unknown>, how: How = {}) => {
    const caller: LocalCaller = {
      kind: 'local',
      reader,
      address: null,
      requestId: randomUUID(),
      signal: how.signal ?? new AbortController().signal,
      version: how.version,
    }
    return await call(services, [one], one, input, caller).catch((thrown) => {
      throw asThrown(thrown)
    })
  }
  return {
    async json(one, input, how) {
      const called = await run(one, input, how)
      if (called.kind !== 'json') throw new Error(`${one.name} answers no JSON`)
      return JSON.parse(called.body)
    },
    async rows(one, input, how) {
      const called = await run(one, input, how)
      if (called.kind !== 'rows') throw new Error(`${one.name} answers no rows`)
      return called.rows
    },
  }
}

/**
 * Calls operations whose questions name tables alone. DuckDB is opened for each question, and not where
 * there is none.
 */
export async function readingTables(opened: Opened, views?: readonly View[]): Promise<Reading> {
  const { lake, config } = opened
  const limits = limitsOf(config.values.query)
  return await reading(opened, engineForEach(lake, { limits, views: [] }), views)
}

/** The rows of a list, in memory. */
export async function readListing(
  opened: Opened,
  one: Operation,
  input: Record<string, unknown>,
): Promise<{ columns: string[]; rows: DuckDBValue[][] }> {
  const { rows } = await readingTables(opened)
  return await gathered(await rows(one, { ...input, rows: true }))
}

const nowhere: AccessLog = {
  write: async () => undefined,
  pending: () => [],
  turn: async () => undefined,
  committed: () => undefined,
  owns: () => false,
  close: async () => undefined,
}

/** What only operations of the server need. */
function unused(): never {
  throw new Error('the commands that read have no use for this')
}

/** The error that the operation threw: a Problem words it for HTTP. */
function asThrown(thrown: unknown): unknown {
  if (!(thrown instanceof Problem)) return thrown
  return thrown.cause ?? new UserError(thrown.message, { cause: thrown })
}
