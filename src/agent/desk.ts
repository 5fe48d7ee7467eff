import { call } from '../api/call.ts'
import type { Context } from '../api/context.ts'
import type { Operation } from '../api/contract.ts'
import { Problem } from '../api/problem.ts'
import { seesEveryRow } from '../api/rights.ts'
import { UserError } from '../lib/errors.ts'
import { identifier } from '../lib/sql.ts'
import { KEYS, type Result } from './contract.ts'
import type { NamedQuestion } from './offline/parameters.ts'

/** A table or view as the API describes it. */
export interface Described {
  name: string
  kind: 'table' | 'view'
  doc: string
  columns: { name: string; type: string; doc: string }[]
}

export interface Within {
  since?: string | undefined
  until?: string | undefined
}

interface Rows {
  version: number
  columns: { name: string; type: string }[]
  rows: unknown[][]
  more: boolean
}

/**
 * How an agent asks the lake: only through operations of the API, as the reader whose question it works on, so that rights, scope,
 * masks, the guard of SQL and the access log are what they are for that reader. All of it at one version of the lake.
 */
export interface Desk {
  results: readonly Result[]
  questions(): Promise<(NamedQuestion & { sql: string })[]>
  tables(): Promise<Described[]>
  named(name: string, parameters: Record<string, string>, within?: Within): Promise<Result>
  view(name: string, within?: Within): Promise<Result>
  sql(sql: string, title: string, kind?: 'sql' | 'values'): Promise<Result>
  /** Rows that no result is made of: for what loglake itself must know. */
  rows(sql: string): Promise<unknown[][]>
  /** The column that has a value, of the newest row that has it, by the keys of all tables; undefined where none has. */
  find(text: string): Promise<string | undefined>
  /** A result of text that a model read. */
  reading(title: string, of: Result, rows: readonly unknown[][]): Result
  /** The time of the newest event that this reader may see. */
  newest(): Promise<string | null>
  /** Sources that are behind, or whose state this reader may not see. */
  standing(): Promise<string>
}

/** @param operations those of the API */
export function deskOf(
  context: Context,
  operations: readonly Operation[],
  { rows: most, signal }: { rows: number; signal: AbortSignal },
): Desk {
  const results: Result[] = []
  const version = context.version.number
  let questions: Promise<(NamedQuestion & { sql: string })[]> | undefined
  let tables: Promise<Described[]> | undefined

  async function ask<Shape>(name: string, given: Record<string, unknown>): Promise<Shape> {
    const one = operations.find((other) => other.name === name)
    if (!one) throw new Error(`there is no operation ${name}`)
    const { reader, address, requestId } = context
    const called = await call(context, operations, one, given, { reader, address, requestId, signal }).catch(
      (thrown) => {
        throw thrown instanceof Problem ? new UserError(thrown.message, { cause: thrown }) : thrown
      },
    )
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

  const desk: Desk = {
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
      const found = (await desk.questions()).find((one) => one.name === name)
      if (!found) throw new UserError(`there is no question "${name.slice(0, 60)}"`)
      const answer = await ask<Rows>('named', { name, parameters, limit: most, version, ...spanOf(within) })
      const { title, sql } = found
      return keep({ kind: 'named', name, title, parameters, sql, ...told(answer, within) })
    },
    async view(name, within = {}) {
      const found = (await desk.tables()).find((one) => one.name === name)
      if (!found) throw new UserError(`there is no view "${name.slice(0, 60)}"`)
      const sql = `select * from ${name.split('.').map(identifier).join('.')}`
      const answer = await ask<Rows>('query', { sql, limit: most, version, ...spanOf(within) })
      return keep({ kind: 'view', name, title: found.doc, parameters: {}, sql, ...told(answer, within) })
    },
    async sql(sql, title, kind = 'sql') {
      const answer = await ask<Rows>('query', { sql, limit: most, version })
      return keep({ kind, name: null, title, parameters: {}, sql, ...told(answer, {}) })
    },
    async rows(sql) {
      return (await ask<Rows>('query', { sql, limit: 1000, version })).rows
    },
    async find(text) {
      const { rows } = await ask<{ rows: { column: string }[] }>('find', { text, limit: 1 })
      return rows[0]?.column
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
      const [row] = await desk.rows('select max(eventtime) as newest from cloudtrail').catch(() => [])
      return typeof row?.[0] === 'string' ? row[0] : null
    },
    async standing() {
      const told = await ask<Standing>('sources', {}).then(
        standingOf,
        () => 'Whether all logs are there is for operators and analysts to see (`loglake status`).',
      )
      return seesEveryRow(context.reader)
        ? told
        : `Nothing found is not nothing happened: you see a part of the rows only. ${told}`
    },
  }
  return desk
}

interface Standing {
  sources: { name: string; newest: string | null; stopped: boolean; objects: { waiting: number | null } }[]
  holes: unknown[]
  total: { percent: { objects: number; records: number } }
}

/** What an empty result is worth: nothing found is not nothing happened when logs are missing. */
function standingOf({ sources, holes, total }: Standing): string {
  const parts: string[] = []
  const { objects, records } = total.percent
  if (objects < 100 || records < 100)
    parts.push(
      `Of what was delivered, ${objects} % of the objects and ${records} % of their records are in the lake.`,
    )
  const stopped = sources.filter((one) => one.stopped).map(({ name }) => name)
  if (stopped.length > 0) parts.push(`Stopped: ${stopped.join(', ')}.`)
  const waiting = sources.reduce((sum, one) => sum + (one.objects.waiting ?? 0), 0)
  if (waiting > 0) parts.push(`${waiting} objects wait to be read.`)
  if (holes.length > 0)
    parts.push(
      `${holes.length} days or hours have no file although their neighbours have some (\`loglake days\`).`,
    )
  if (parts.length === 0)
    return 'The lake has all that was delivered to it, and no days or hours are missing between those that it has.'
  return `Nothing found is not nothing happened: ${parts.join(' ')}`
}
