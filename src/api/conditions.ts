import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { identifier } from '../lib/sql.ts'
import { Problem } from './problem.ts'

/** One condition on a column, as people filter: `actor:ci`, `-actor:ci`, `requestparameters~support`, `errorcode:*`. */
export interface Condition {
  column: string
  is: 'equal' | 'holding' | 'there' | 'missing'
  not: boolean
  value: string
}

/** What people call columns of `cloudtrail` for short. */
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
 * @param columns what there is to filter by
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
    if (value.includes('\0')) throw new UserError('a condition holds a NUL character')
    const is = sign === '~' ? 'holding' : value === '*' ? 'there' : value === '' ? 'missing' : 'equal'
    return { column, is, not: minus === '-', value }
  })
}

/** Conditions as SQL, its values bound: `$w0`, `$w1` and so on, or by another word. */
export interface Where {
  /** `true` when there are none. */
  sql: string
  values: Record<string, string>
}

/** Several of one column and sign are alternatives; all else must hold together. */
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
  // A comparison of texts prunes files; `contains` costs an eighth of `ilike`.
  return is === 'equal' ? `${quoted} = $${name}` : `contains(${quoted}::varchar, $${name})`
}
