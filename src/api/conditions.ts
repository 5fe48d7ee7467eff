import { didYouMean } from '../lib/nearest.ts'
import { identifier } from '../lib/sql.ts'
import { Problem } from './problem.ts'

/**
 * One condition on a column, as people type it: `actor:ci`, `-actor:ci`, `requestparameters~support`,
 * `errorcode:*`.
 */
export interface Condition {
  column: string
  is: 'equal' | 'holding' | 'there' | 'missing'
  not: boolean
  value: string
}

/** Short names of columns of `cloudtrail`. */
const SHORT: Readonly<Record<string, string>> = {
  who: 'actor',
  service: 'eventsource',
  action: 'eventname',
  error: 'errorcode',
  region: 'awsregion',
  account: 'recipientaccountid',
  from: 'sourceipaddress',
  ip: 'sourceipaddress',
  key: 'useridentity_accesskeyid',
}

const FORM = /^(-?)([a-z][a-z0-9_]*)([:~])([\s\S]*)$/

/**
 * @param columns that may be filtered
 * @throws Problem that names the condition
 */
export function conditionsOf(
  given: readonly string[],
  columns: ReadonlySet<string>,
  short: Readonly<Record<string, string>> = SHORT,
): Condition[] {
  return given.map((text) => {
    const [, minus, name = '', sign, value = ''] = FORM.exec(text) ?? []
    if (sign === undefined)
      throw new Problem(
        422,
        'Wrong input',
        `where: "${text.slice(0, 100)}" is no condition: write field:value or field~part`,
      )
    const column = short[name] ?? name
    if (!columns.has(column)) {
      const near = didYouMean(name, [...columns, ...Object.keys(short)])
      throw new Problem(422, 'Wrong input', `where: there is no field "${name}"${near}`)
    }
    const is = sign === '~' ? 'holding' : value === '*' ? 'there' : value === '' ? 'missing' : 'equal'
    return { column, is, not: minus === '-', value }
  })
}

/** Conditions as SQL with bound values: `$w0`, `$w1` and so on, or with another prefix. */
export interface Where {
  /** `true` without conditions. */
  sql: string
  values: Record<string, string>
}

/** Conditions on one column with the same sign are joined by OR, all others by AND. */
export function whereOf(conditions: readonly Condition[], word = 'w'): Where {
  const values: Record<string, string> = {}
  const alternatives = new Map<string, string[]>()
  const all: string[] = []
  for (const [at, condition] of conditions.entries()) {
    const name = `${word}${at}`
    const holds = sqlOf(condition, name)
    if (condition.is === 'equal' || condition.is === 'holding') values[name] = condition.value
    if (condition.not) all.push(`(${holds}) is not true`)
    else alternatives.set(condition.column, [...(alternatives.get(condition.column) ?? []), holds])
  }
  for (const some of alternatives.values()) all.push(`(${some.join(' or ')})`)
  return { sql: all.length === 0 ? 'true' : all.join(' and '), values }
}

function sqlOf({ column, is }: Condition, name: string): string {
  const quoted = identifier(column)
  if (is === 'there') return `${quoted} is not null`
  if (is === 'missing') return `${quoted} is null`
  // A comparison prunes files; `contains` costs an eighth of `ilike`.
  return is === 'equal' ? `${quoted} = $${name}` : `contains(${quoted}::varchar, $${name})`
}
