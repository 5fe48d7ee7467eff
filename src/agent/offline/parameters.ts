import { wholeIn } from './amounts.ts'
import type { Span } from './clock.ts'
import type { Things } from './things.ts'

/** A named query, as the API lists it. */
export interface NamedQuestion {
  name: string
  title: string
  doc: string
  parameters: { name: string; doc: string }[]
}

export interface Filled {
  parameters: Record<string, string>
  /** Whether a parameter holds the span of time, or its beginning. */
  tellsTime: boolean
}

/**
 * Values for a question's parameters, taken from the things that the words of the asker name. The parameter's
 * name decides which of them it takes. A parameter without a value stays open, and the question's SQL decides
 * what that means.
 */
export function parametersFrom(question: NamedQuestion, things: Things, span: Span | undefined): Filled {
  const parameters: Record<string, string> = {}
  let tellsTime = false
  for (const { name } of question.parameters) {
    const value = valueFor(name, question, things, span)
    if (value === undefined) continue
    parameters[name] = value
    if (name === 'since') tellsTime = span?.until === undefined
  }
  return { parameters, tellsTime }
}

function valueFor(
  name: string,
  { name: question }: NamedQuestion,
  things: Things,
  span: Span | undefined,
): string | undefined {
  // What a user or a role did, by its name: that nothing takes the rest of its ARN is said by `untaken`.
  const person = things.emails[0] ?? things.people[0] ?? things.doers[0]?.split('/').at(-1)
  const [quoted] = things.quoted
  const whole = (unit: 'minutes' | 'hours') => things.amounts.map((one) => wholeIn(one, unit)).find(Boolean)
  switch (name) {
    case 'since':
      return span?.from?.slice(0, 10)
    case 'key':
      return question === 'cost-by-team' ? quoted : things.keys[0]
    case 'address':
      return things.addresses[0]
    case 'person':
    case 'who':
      return person ?? quoted
    case 'resource':
      return (
        things.arns.find((arn) => !things.doers.includes(arn)) ??
        things.instances[0] ??
        things.resources[0] ??
        quoted
      )
    case 'role':
      return things.arns.find((arn) => /:(role|assumed-role)\//.test(arn)) ?? things.roles[0] ?? quoted
    case 'session':
      return things.sessions[0] ?? things.uuids[0]
    case 'conversation':
    case 'event':
      return things.uuids[0]
    case 'moment':
      return things.timestamps[0]
    case 'minutes':
      return whole('minutes')
    case 'hours':
      return whole('hours')
    case 'percent':
      return things.amounts.find(({ unit }) => unit === '%' || unit.startsWith('per'))?.number.toString()
    case 'pattern':
      return quoted
    case 'regions':
      return things.regions.length === 0 ? undefined : things.regions.join(',')
    default:
      return undefined
  }
}

/** Parameters whose SQL picks one of many by default: the question must say which. */
const ANY_ONE = /\bthe (?:one|newest|session|ARN)\b[^.;]* by default|by default the one\b/
/** Parameters of which one is enough. */
const EITHER: ReadonlySet<string> = new Set(['event', 'moment'])

/** A required parameter that the question does not name; undefined when none is missing. */
export function isNeeded({ parameters: all }: NamedQuestion, { parameters }: Filled): string | undefined {
  const open = all.filter(({ name, doc }) => ANY_ONE.test(doc) && parameters[name] === undefined)
  const missing = open.filter(
    ({ name }) =>
      !(EITHER.has(name) && all.some((one) => EITHER.has(one.name) && parameters[one.name] !== undefined)),
  )
  return missing.length === 0 ? undefined : missing.map(({ name }) => `\`${name}\``).join(' and ')
}

/**
 * Names and values in the question that no parameter and no span of time takes: rows without this limit would
 * not answer it.
 *
 * @param hasSpan whether its points in time are the ends of a span
 * @param tells whether the query covers such a thing by its own words, as in `StopLogging`
 */
export function untaken(
  things: Things,
  { parameters }: Filled,
  hasSpan: boolean,
  tells: (word: string) => boolean = () => false,
): string[] {
  const { arns, keys, addresses, emails, uuids, accounts, regions, instances, sessions, timestamps, quoted } =
    things
  const taken = Object.values(parameters)
  // A word may be the name of several things: one of them alone is not all that is asked.
  const names = things.words.filter(({ kind, word, values }) =>
    isOne(kind)
      ? !things.words.some((one) => one.word === word && one.values.every((value) => taken.includes(value)))
      : ![word, ...values].some(tells),
  )
  return [
    ...[arns, keys, addresses, emails, uuids, accounts, regions, instances, sessions, quoted].flat(),
    ...(hasSpan ? [] : timestamps),
    ...new Set(names.map(toldOf)),
    ...things.amounts.filter((one) => !amountsOf(one).some((value) => taken.includes(value))).map(saidOf),
  ].filter((one) => !taken.some((value) => value.includes(one)))
}

/** Whether a name is a value that a parameter must take, rather than a kind of row. */
function isOne(kind: Things['words'][number]['kind']): boolean {
  return kind !== 'service' && kind !== 'call' && kind !== 'error'
}

/** How an unused name is shown: with its meanings, if it has several. */
function toldOf({ word, kind, values }: Things['words'][number]): string {
  return isOne(kind) && values.length > 1 ? values.join(' and ') : word
}

/** An amount as the value of a parameter: a share as it is, a time in minutes or hours. */
function amountsOf(amount: Things['amounts'][number]): string[] {
  const times = [wholeIn(amount, 'minutes'), wholeIn(amount, 'hours')].filter((one) => one !== undefined)
  return times.length > 0 ? times : [String(amount.number)]
}

function saidOf({ number, unit }: Things['amounts'][number]): string {
  return `${number} ${unit}`
}

/** Factor for the score of a query with a parameter for what the question names, such as an access key. */
export function boostOf(question: NamedQuestion, things: Things): number {
  const taken = Object.keys(parametersFrom(question, things, undefined).parameters)
  if (taken.length === 0) return 1
  // A quoted text may be the name of anything.
  if (taken.every((name) => name === 'pattern')) return 1.3
  // An endpoint by its name: many queries are about endpoints.
  if (taken.every((name) => name === 'resource') && things.resources.length > 0) return 1.2
  // Many queries are about people, and few about access keys.
  return taken.every((name) => name === 'person' || name === 'who') ? 1.5 : 1.8
}
