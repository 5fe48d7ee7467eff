import { holds, type TableColumn, type TableDefinition } from '../lake/table.ts'
import { identifier, literal } from '../lib/sql.ts'
import type { PersonSpan, Reader } from './reader.ts'

/**
 * The rows of every table that a reader may see. Unlike a scope that a person sets for their own question, a
 * limit has no gaps: a table without a person column has no rows for a reader who sees only some people's.
 */
export interface RowLimit {
  accounts?: readonly string[]
  regions?: readonly string[]
  people?: readonly PersonSpan[]
  /**
   * The unique parts of the ids of these people's sessions: output names only the role session that opened
   * it, which need not be named after the person.
   */
  sessions?: readonly string[]
  /** Ids of findings on those sessions, because a finding names the role session and not the person. */
  findings?: readonly string[]
  /** The only tables that have rows; all when undefined. */
  tables?: ReadonlySet<string>
  /** Tables that have no rows. */
  without?: ReadonlySet<string>
  /** Whether texts that people wrote to models and terminals are masked. */
  masked: boolean
}

/** The tables that an auditor reads in SQL: decisions, notices, and who saw what; no log. */
export const AUDITED: ReadonlySet<string> = new Set(['review', 'review_notice', 'access_log'])

/** Only operators and auditors read the access log: it holds other people's questions, unmasked. */
const ACCESS: ReadonlySet<string> = new Set(['access_log'])

/** Undefined for readers who see everything. */
export function rowLimitOf(reader: Reader, masked: boolean): RowLimit | undefined {
  const { accounts, regions, people, role } = reader
  if (role === 'operator' && !masked && !accounts && !regions && !people) return undefined
  return {
    ...(accounts ? { accounts } : {}),
    ...(regions ? { regions } : {}),
    ...(people || role === 'manager' ? { people: people ?? [] } : {}),
    ...(role === 'auditor' ? { tables: AUDITED } : {}),
    ...(role === 'asked' ? { tables: new Set<string>() } : {}),
    ...(role === 'operator' || role === 'auditor' ? {} : { without: ACCESS }),
    masked,
  }
}

/**
 * Columns of summaries that hold the account and the Region of a row; tables of log types declare their own.
 */
const PLACES = {
  account: ['recipientaccountid', 'accountid', 'account'],
  region: ['awsregion', 'region'],
}

/** The column with the account or the Region of a row; undefined when the table has none. */
export function placeColumn({ columns }: TableDefinition, kind: keyof typeof PLACES): string | undefined {
  const declared = columns.find((one) => holds(one, kind))
  return (declared ?? columns.find(({ name }) => PLACES[kind].includes(name)))?.name
}

/** The condition on a table's rows as SQL; `nothing` when the reader sees none, undefined when all. */
export function conditionOf(table: TableDefinition, limit: RowLimit): string | 'nothing' | undefined {
  if (limit.tables && !limit.tables.has(table.name)) return 'nothing'
  if (limit.without?.has(table.name)) return 'nothing'
  const all: string[] = []
  for (const [values, kind] of [
    [limit.accounts, 'account'],
    [limit.regions, 'region'],
  ] as const) {
    if (!values) continue
    const column = placeColumn(table, kind)
    if (column === undefined || values.length === 0) return 'nothing'
    all.push(`${identifier(column)} in (${values.map(literal).join(', ')})`)
  }
  if (limit.people) {
    const whose = whoseOf(table, limit.people, limit)
    if (whose === undefined) return 'nothing'
    all.push(whose)
  }
  return all.length === 0 ? undefined : all.join(' and ')
}

function whoseOf(
  table: TableDefinition,
  people: readonly PersonSpan[],
  { sessions, findings }: RowLimit,
): string | undefined {
  if (table.terminal && sessions) return sessionsOf(table.terminal.session, sessions)
  const own = peopleOf(table, people)
  if (table.name !== 'finding' || !findings?.length) return own
  return `(${own ?? 'false'} or id in (${findings.map(literal).join(', ')}))`
}

/** Output of the sessions known to be these people's, whatever the name of the role session. */
function sessionsOf(column: string, ids: readonly string[]): string | undefined {
  return ids.length === 0 ? undefined : `${identifier(column)} in (${ids.map(literal).join(', ')})`
}

/** People whose spans have no limits share one list, which is the faster condition. */
function peopleOf({ whose, time }: TableDefinition, people: readonly PersonSpan[]): string | undefined {
  if (!whose || people.length === 0) return undefined
  const { person, role } = whose
  const is = (of: (column: string) => string) =>
    role === undefined ? of(person) : `(${of(person)} or coalesce(${of(role)}, false))`
  const always = people.filter(({ from, until }) => from === undefined && until === undefined)
  const spans = people.filter((one) => !always.includes(one) && time !== undefined)
  const some = spans.map(({ person: who, from, until }) => {
    const column = identifier(time as string)
    const limits = [
      is((column) => `${column} = ${literal(who)}`),
      ...(from === undefined ? [] : [`${column} >= ${literal(from)}`]),
      ...(until === undefined ? [] : [`${column} < ${literal(until)}`]),
    ]
    return `(${limits.join(' and ')})`
  })
  if (always.length > 0)
    some.unshift(is((column) => `${column} in (${always.map(({ person: who }) => literal(who)).join(', ')})`))
  return some.length === 0 ? undefined : `(${some.join(' or ')})`
}

/** Whether a column holds texts that people wrote to models or to a terminal. */
export function isPersonal(table: TableDefinition, column: TableColumn): boolean {
  if (holds(column, 'prompt') || holds(column, 'completion')) return true
  if (table.terminal) return table.terminal.columns.includes(column.name)
  // Unmapped fields may be any part of a body.
  return column.name === 'unmapped' && table.columns.some((other) => holds(other, 'prompt'))
}

/** A masked column shows only that a value exists, and its length. */
export function maskedColumn({ name }: TableColumn): string {
  const quoted = identifier(name)
  return `case when ${quoted} is not null then '[masked, ' || length(${quoted}::varchar) || ' characters]' end as ${quoted}`
}

/**
 * The newest version of each row, in a table whose rows have versions: filtered first, so that a condition
 * cannot return an older version.
 */
export function newestOf({ fold }: TableDefinition): string | undefined {
  if (fold?.by !== 'newest') return undefined
  const by = fold.of.map(identifier).join(', ')
  const version = identifier(fold.version)
  return `qualify ${version} = max(${version}) over (partition by ${by})`
}
