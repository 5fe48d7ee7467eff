import { type Caller, call } from '../api/call.ts'
import type { Context } from '../api/context.ts'
import type { Operation } from '../api/contract.ts'
import { Problem } from '../api/problem.ts'
import { seesEveryRow } from '../api/rights.ts'
import type { Described } from '../claims/contract.ts'
import { emptiness, type SourcesStanding, standingOf } from '../claims/standing.ts'
import { UserError } from '../lib/errors.ts'
import { identifier, list, sql } from '../lib/sql.ts'
import { KEYS, type Result } from './contract.ts'
import type { NamedQuestion } from './offline/parameters.ts'

export interface Within {
  since?: string | undefined
  until?: string | undefined
}

/** Words of claims that are looked up. */
const MAX_WORDS = 400
const NAMES = new URL('./offline/names.sql', import.meta.url)

interface Rows {
  version: number
  columns: { name: string; type: string }[]
  rows: unknown[][]
  more: boolean
}

/**
 * An agent's access to the lake: only through operations of the API, as the reader who asked, with that
 * reader's rights, scope, masks, SQL guard and access log. All calls read one version of the lake.
 */
export interface AgentQueries {
  results: readonly Result[]
  questions(): Promise<(NamedQuestion & { sql: string })[]>
  tables(): Promise<Described[]>
  named(name: string, parameters: Record<string, string>, within?: Within): Promise<Result>
  view(name: string, within?: Within): Promise<Result>
  sql(sql: string, title: string, kind?: 'sql' | 'values'): Promise<Result>
  /** Rows that no result is made of: for what loglake itself must know. */
  rows(sql: string): Promise<unknown[][]>
  /**
   * The column that has a value in the newest row with it, by the keys of all tables; undefined when none
   * has.
   */
  find(text: string): Promise<string | undefined>
  /** Those of these words, in small letters, that people or roles of the lake are called. */
  namesAmong(words: readonly string[]): Promise<ReadonlySet<string>>
  /** A result of text that a model read. */
  reading(title: string, of: Result, rows: readonly unknown[][]): Result
  /** The time of the newest event that this reader may see. */
  newest(): Promise<string | null>
  /**
   * Why a result, by default the newest, may be empty: whether the lake has such logs of that time, and
   * whether sources are behind.
   */
  standing(of?: Result): Promise<string>
}

/** @param operations those of the API */
export function agentQueriesOf(
  context: Context,
  operations: readonly Operation[],
  { rows: max, signal }: { rows: number; signal: AbortSignal },
): AgentQueries {
  const results: Result[] = []
  const version = context.version.number
  let questions: Promise<(NamedQuestion & { sql: string })[]> | undefined
  let tables: Promise<Described[]> | undefined

  async function ask<Shape>(name: string, given: Record<string, unknown>): Promise<Shape> {
    const one = operations.find((other) => other.name === name)
    if (!one) throw new Error(`there is no operation ${name}`)
    const { reader, address, requestId } = context
    const caller: Caller = { kind: 'served', reader, address, requestId, signal }
    const called = await call(context, operations, one, given, caller).catch((thrown) => {
      throw thrown instanceof Problem ? new UserError(thrown.message, { cause: thrown }) : thrown
    })
    if (called.kind !== 'json') throw new Error(`${name} is a download`)
    return JSON.parse(called.body)
  }

  function keep(made: Omit<Result, 'id' | 'keys' | 'flagged'>): Result {
    const names = made.columns.map(({ name }) => name)
    const keys = KEYS.filter((key) => names.includes(key))
    const result = { id: `r${results.length + 1}`, ...made, keys, flagged: [] }
    results.push(result)
    return result
  }

  const spanOf = ({ since, until }: Within) => ({
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  })
  const told = ({ columns, rows, more }: Rows, { since, until }: Within) => ({
    version,
    since: since ?? null,
    until: until ?? null,
    columns,
    rows,
    more,
  })

  const queries: AgentQueries = {
    results,
    questions() {
      questions ??= ask<{ queries: (NamedQuestion & { sql: string })[] }>('queries', {}).then(
        (all) => all.queries,
      )
      return questions
    },
    tables() {
      tables ??= ask<{ tables: Described[] }>('tables', {}).then((all) => all.tables)
      return tables
    },
    async named(name, parameters, within = {}) {
      const found = (await queries.questions()).find((one) => one.name === name)
      if (!found) throw new UserError(`there is no question "${name.slice(0, 60)}"`)
      const answer = await ask<Rows>('named', { name, parameters, limit: max, version, ...spanOf(within) })
      const { title, sql } = found
      return keep({ kind: 'named', name, title, parameters, sql, ...told(answer, within) })
    },
    async view(name, within = {}) {
      const found = (await queries.tables()).find((one) => one.name === name)
      if (!found) throw new UserError(`there is no view "${name.slice(0, 60)}"`)
      const sql = `select * from ${name.split('.').map(identifier).join('.')}`
      const answer = await ask<Rows>('query', { sql, limit: max, version, ...spanOf(within) })
      return keep({ kind: 'view', name, title: found.doc, parameters: {}, sql, ...told(answer, within) })
    },
    async sql(sql, title, kind = 'sql') {
      const answer = await ask<Rows>('query', { sql, limit: max, version })
      return keep({ kind, name: null, title, parameters: {}, sql, ...told(answer, {}) })
    },
    async rows(sql) {
      return (await ask<Rows>('query', { sql, limit: 1000, version })).rows
    },
    async find(text) {
      const { rows } = await ask<{ rows: { column: string }[] }>('find', { text, limit: 1 })
      return rows[0]?.column
    },
    async namesAmong(words) {
      const some = [...new Set(words)].slice(0, MAX_WORDS)
      if (some.length === 0) return new Set()
      const found = await queries.rows(sql(NAMES, { words: list(some) }))
      return new Set(
        found.flatMap(([kind, word]) => (kind === 'person' || kind === 'role' ? [String(word)] : [])),
      )
    },
    reading(title, of, rows) {
      const { sql, since, until } = of
      const columns = [{ name: 'read', type: 'VARCHAR' }]
      return keep({
        ...{ kind: 'reading', name: of.id, title, parameters: {}, sql, version, since, until, columns },
        rows: rows.map((row) => [...row]),
        more: false,
      })
    },
    async newest() {
      const { last } = await ask<{ last: string | null }>('extent', {})
      if (last !== null) return last
      const [row] = await queries.rows('select max(eventtime) as newest from cloudtrail').catch(() => [])
      return typeof row?.[0] === 'string' ? row[0] : null
    },
    async standing(of = results.at(-1)) {
      const more = of
        ? await emptiness(of, await queries.tables(), context.views, queries.rows).catch(() => [
            'What the lake has of it could not be looked up.',
          ])
        : []
      const told = await ask<SourcesStanding>('sources', {}).then(
        (standing) => standingOf(standing, more),
        () =>
          [
            ...more,
            'Whether all logs are there is for operators and analysts to see (`loglake status`).',
          ].join(' '),
      )
      return seesEveryRow(context.reader)
        ? told
        : `Nothing found is not nothing happened: you see a part of the rows only. ${told}`
    },
  }
  return queries
}
