import { holds, type TableColumn, type TableDefinition } from '../lake/table.ts'
import { identifier, literal } from '../lib/sql.ts'
import type { PersonSpan, Reader } from './reader.ts'

/**
 * What a reader may see of every table, whatever they ask. Unlike the limits that a person sets on their own question, these leave
 * nothing open: a table that does not tell whose its rows are has none for a reader who sees only some people's.
 */
export interface RowLimit {
  accounts?: readonly string[]
  regions?: readonly string[]
  people?: readonly PersonSpan[]
  /**
   * The unique parts of the ids of sessions that are those people's: output tells of the role session that opened it, which need
   * not be named after the person.
   */
  sessions?: readonly string[]
  /** Ids of findings on those sessions, which name the role session and not the person. */
  findings?: readonly string[]
  /** The only tables that have rows. */
  tables?: ReadonlySet<string>
  /** Whether what people wrote to models and terminals is masked. */
  masked: boolean
}

/** What an auditor reads in SQL: what was decided, who was told of it, and who saw what; no log. */
export const AUDITED: ReadonlySet<string> = new Set(['review', 'review_notice', 'access_log'])

/** Undefined for those who see everything. */
export function rowLimitOf(reader: Reader, masked: boolean): RowLimit | undefined {
  const { accounts, regions, people, role } = reader
  if (role === 'operator' && !masked && !accounts && !regions && !people) return undefined
  return {
    ...(accounts ? { accounts } : {}),
    ...(regions ? { regions } : {}),
    ...(people || role === 'manager' ? { people: people ?? [] } : {}),
    ...(role === 'auditor' ? { tables: AUDITED } : {}),
    ...(role === 'asked' ? { tables: new Set<string>() } : {}),
    masked,
  }
}

/** Who a row is about, by table: the same names that the views `session` and `bedrock_call` have as `who`. */
const PERSON: Readonly<Record<string, string>> = {
  cloudtrail:
    "coalesce(useridentity_sessioncontext_sourceidentity, useridentity_username, split_part(useridentity_arn, '/', -1))",
  bedrock_invocation: 'coalesce(identity_session, identity_name)',
  session_log: "split_part(useridentity_arn, '/', -1)",
  activity_10min: "split_part(actor, ' via ', 1)",
  model_usage_10min: 'who',
  conversation_summary: 'who',
  session_summary: 'who',
  finding: "split_part(split_part(actor, ' via ', 1), '/', -1)",
  review: 'person',
  review_notice: 'person',
  agent_run: 'asked_by',
}

/** The role behind it, by table: an agent is named by it in the people file, since each run has a session name of its own. */
const ROLE: Readonly<Record<string, string>> = {
  cloudtrail: 'useridentity_sessioncontext_sessionissuer_username',
  bedrock_invocation: 'identity_name',
  model_usage_10min: 'role',
  conversation_summary: 'role',
  finding: "case when actor like 'arn:%:assumed-role/%' then split_part(actor, '/', 2) end",
}

/** Columns of summaries that say which account and Region a row is of; those of log types say it themselves. */
const ACCOUNT = ['recipientaccountid', 'accountid', 'account']
const REGION = ['awsregion', 'region']

/**
 * The condition on a table's rows as SQL; `nothing` when the reader sees none, undefined when all.
 */
export function conditionOf(table: TableDefinition, limit: RowLimit): string | 'nothing' | undefined {
  if (limit.tables && !limit.tables.has(table.name)) return 'nothing'
  const all: string[] = []
  for (const [values, kind, names] of [
    [limit.accounts, 'account', ACCOUNT],
    [limit.regions, 'region', REGION],
  ] as const) {
    if (!values) continue
    const column =
      table.columns.find((one) => holds(one, kind)) ?? table.columns.find(({ name }) => names.includes(name))
    if (!column || values.length === 0) return 'nothing'
    all.push(`${identifier(column.name)} in (${values.map(literal).join(', ')})`)
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
  if (table.name === 'session_log' && sessions) return sessionsOf(sessions)
  const own = peopleOf(table, people)
  if (table.name !== 'finding' || !findings?.length) return own
  return `(${own ?? 'false'} or id in (${findings.map(literal).join(', ')}))`
}

/** Output of the sessions that are known to be theirs, whatever name its role session has. */
function sessionsOf(ids: readonly string[]): string | undefined {
  return ids.length === 0 ? undefined : `f_sessionid in (${ids.map(literal).join(', ')})`
}

/** People without an end or a beginning to their span go into one list, which is the quicker condition. */
function peopleOf({ name, time }: TableDefinition, people: readonly PersonSpan[]): string | undefined {
  const [person, role] = [PERSON[name], ROLE[name]]
  if (person === undefined || people.length === 0) return undefined
  const is = (of: (column: string) => string) =>
    role === undefined ? of(person) : `(${of(person)} or coalesce(${of(role)}, false))`
  const always = people.filter(({ from, until }) => from === undefined && until === undefined)
  const spans = people.filter((one) => !always.includes(one) && time !== undefined)
  const some = spans.map(({ person: who, from, until }) => {
    const column = identifier(time as string)
    const limits = [
      is((whose) => `${whose} = ${literal(who)}`),
      ...(from === undefined ? [] : [`${column} >= ${literal(from)}`]),
      ...(until === undefined ? [] : [`${column} < ${literal(until)}`]),
    ]
    return `(${limits.join(' and ')})`
  })
  if (always.length > 0)
    some.unshift(is((whose) => `${whose} in (${always.map(({ person: who }) => literal(who)).join(', ')})`))
  return some.length === 0 ? undefined : `(${some.join(' or ')})`
}

/** Columns of the terminal's output: all of them say what a person typed and saw. */
export const TERMINAL: readonly string[] = ['text', 'sessiondata', 'output', 'unmapped', 'extractedfields']

/** Whether a column holds what people wrote to models or to a terminal. */
export function isPersonal(table: TableDefinition, column: TableColumn): boolean {
  if (holds(column, 'prompt') || holds(column, 'completion')) return true
  if (table.name === 'session_log') return TERMINAL.includes(column.name)
  // What no column holds may be any part of a body.
  return column.name === 'unmapped' && table.columns.some((other) => holds(other, 'prompt'))
}

/** A column as a reader with masks sees it: that there is something, and how long it is. */
export function maskedColumn({ name }: TableColumn): string {
  const quoted = identifier(name)
  return `case when ${quoted} is not null then '[masked, ' || length(${quoted}::varchar) || ' characters]' end as ${quoted}`
}

/**
 * The rows of a table whose versions replace each other: only the newest, so that a condition cannot bring an older one back to
 * light.
 */
export function newestOf({ fold }: TableDefinition): string | undefined {
  if (fold?.by !== 'newest') return undefined
  const by = fold.of.map(identifier).join(', ')
  const version = identifier(fold.version)
  return `qualify ${version} = max(${version}) over (partition by ${by})`
}
