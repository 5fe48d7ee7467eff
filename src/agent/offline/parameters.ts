import type { Span } from './clock.ts'
import type { Things } from './things.ts'

/** A question that has a name, as the API lists it. */
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
 * Values for the parameters of a question out of what the asker's words name. Which of them a parameter takes is told by its name; what
 * names no such thing is left open, and the SQL says what that means.
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
  const person = things.emails[0] ?? things.people[0]
  const [quoted] = things.quoted
  const minutes = things.amounts.find(({ unit }) => unit.startsWith('min'))?.number
  const hours = things.amounts.find(({ unit }) => /^h/.test(unit))?.number
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
      return things.arns[0] ?? things.instances[0] ?? quoted
    case 'role':
      return things.arns.find((arn) => /:(role|assumed-role)\//.test(arn)) ?? things.roles[0] ?? quoted
    case 'session':
      return things.sessions[0] ?? things.uuids[0]
    case 'conversation':
    case 'event':
      return things.uuids[0]
    case 'moment':
      return things.moments[0]
    case 'minutes':
      if (minutes !== undefined) return String(Math.round(minutes))
      return hours === undefined ? undefined : String(Math.round(hours * 60))
    case 'hours':
      return hours === undefined ? undefined : String(Math.round(hours))
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

/**
 * What a question names and no parameter takes, nor the span of time: rows of everything would be no answer to it.
 *
 * @param tells whether what is run tells of such a thing anyhow, by its own words: `StopLogging`
 */
export function untaken(
  things: Things,
  { parameters }: Filled,
  span: Span | undefined,
  tells: (word: string) => boolean = () => false,
): string[] {
  const { arns, keys, addresses, emails, uuids, accounts, regions, instances, sessions, moments, quoted } =
    things
  const { people, roles, words } = things
  const named = words.filter(({ kind, word }) => kind !== 'person' && kind !== 'role' && !tells(word))
  const taken = Object.values(parameters)
  return [
    ...[arns, keys, addresses, emails, uuids, accounts, regions, instances, sessions, quoted].flat(),
    ...(span ? [] : moments),
    ...(people.length > 0 && !people.some((one) => taken.includes(one)) ? people.slice(0, 1) : []),
    ...(roles.length > 0 && !roles.some((one) => taken.includes(one)) ? roles.slice(0, 1) : []),
    ...new Set(named.map(({ word }) => word)),
  ].filter((one) => !taken.some((value) => value.includes(one)))
}

/** How much more likely a question is meant when it takes what the asker names: an access key is there to be asked about. */
export function boostOf(question: NamedQuestion, things: Things): number {
  const taken = Object.keys(parametersFrom(question, things, undefined).parameters).filter(
    (name) => name !== 'pattern',
  )
  if (taken.length === 0) return 1
  // Many things are asked about people, and few about access keys.
  return taken.every((name) => name === 'person' || name === 'who') ? 1.5 : 1.8
}
