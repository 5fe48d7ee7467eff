import { stem } from './asked-words.ts'

/**
 * What a number of a sentence counts. `7 people` is not borne out by a column of calls, and `58 %` not by a
 * column of counts: the column's name says what it holds.
 */

interface Unit {
  noun: RegExp
  column: RegExp
}

const UNITS = {
  money: { noun: /^(?:dollars?|usd|cents?)$/, column: /usd|dollar|cost|price|spen[dt]/ },
  duration: {
    noun: /^(?:milliseconds?|ms|seconds?|minutes?|hours?|days?|weeks?)$/,
    column: /second|minute|hour|days|duration|latency|lasted|(?:^|_)m?s$/,
  },
  people: {
    noun: /^(?:people|persons?|users?|identit(?:y|ies)|principals?|actors?|callers?|humans?)$/,
    column: /people|person|users?\b|identit|principal|actor|caller/,
  },
  accounts: { noun: /^accounts?$/, column: /account/ },
  regions: { noun: /^regions?$/, column: /region/ },
  sessions: { noun: /^sessions?$/, column: /session/ },
  tokens: { noun: /^tokens?$/, column: /token/ },
  bytes: { noun: /^(?:bytes?|[kmgt]i?b)$/, column: /byte|size/ },
  calls: {
    noun: /^(?:calls?|events?|requests?|invocations?|times|denials?|failures?|errors?|attempts?)$/,
    column: /call|event|request|invocation|denied|denial|failure|errors|attempts/,
  },
} as const satisfies Record<string, Unit>

export type UnitName = keyof typeof UNITS | 'percent'

/** Units in multiples of the smallest: a column's name and a sentence may use different ones. */
const SIZES: readonly (readonly [said: RegExp, column: RegExp, size: number])[] = [
  [/^(?:milliseconds?|ms)$/, /(?:^|_)(?:ms|milliseconds?)$/, 1],
  [/^(?:seconds?|secs?)$/, /(?:^|_)(?:s|seconds?|secs?)$/, 1000],
  [/^(?:minutes?|mins?)$/, /(?:^|_)(?:minutes?|mins?)$/, 60_000],
  [/^hours?$/, /(?:^|_)hours?$/, 3_600_000],
  [/^days?$/, /(?:^|_)days?$/, 86_400_000],
  [/^weeks?$/, /(?:^|_)weeks?$/, 604_800_000],
]

/** `52 hours` of a column of minutes is 3,120 there: the factor; 1 where either names no unit. */
export function factorOf(column: string, after: string): number {
  const noun = /^[\s-]*([a-z]+)/.exec(after.toLowerCase())?.[1] ?? ''
  const name = column.toLowerCase()
  if (/^cents?$/.test(noun)) return /usd|dollar|cost/.test(name) ? 0.01 : 1
  const said = SIZES.find(([form]) => form.test(noun))
  const own = SIZES.find(([, form]) => form.test(name))
  return said && own ? said[2] / own[2] : 1
}

/** After one of these, other things are spoken of. */
const JOINS =
  /^(?:of|by|to|in|from|with|for|on|at|and|or|but|that|which|who|were|was|are|is|had|has|than|as)$/

/**
 * Of the columns of a result, those that the words after a number name best: `599 errors` is not borne out by
 * `calls` where there is a column `errors`. All of them where none is named.
 */
export function columnsNamed(columns: ReadonlyMap<number, string>, after: string): ReadonlySet<number> {
  const following = (/^(?:[\s-]*[a-z]+){1,3}/.exec(after.toLowerCase())?.[0] ?? '').match(/[a-z]+/g) ?? []
  const end = following.findIndex((word) => JOINS.test(word))
  const words = new Set(following.slice(0, end < 0 ? undefined : end).map(stem))
  const hits = new Map(
    [...columns].map(([at, name]) => {
      const own = name
        .toLowerCase()
        .split(/[^a-z]+/)
        .map(stem)
      return [at, own.filter((word) => words.has(word)).length]
    }),
  )
  const most = Math.max(0, ...hits.values())
  return new Set([...hits].flatMap(([at, number]) => (number === most ? [at] : [])))
}

const SHARES = /perc|pct|share|ratio|rate|fraction|utili[sz]ation|cpu|memory|disk|load/

/** What a number counts, from its sign and the words after it; undefined when they do not tell. */
export function unitOf(shown: string, after: string): UnitName | undefined {
  if (/%$/.test(shown)) return 'percent'
  if (/^[$€£]/.test(shown)) return 'money'
  if (/^(?:once|twice|thrice)$/i.test(shown)) return 'calls'
  for (const word of after
    .toLowerCase()
    .match(/^[\s-]*([a-z]+)(?:[\s-]+([a-z]+))?/)
    ?.slice(1) ?? [])
    for (const [name, { noun }] of Object.entries(UNITS) as [keyof typeof UNITS, Unit][])
      if (noun.test(word ?? '')) return name
  return undefined
}

/** Whether a column's numbers may count that; a name that says nothing may hold anything. */
export function mayCount(column: string, unit: UnitName | undefined): boolean {
  const name = column.toLowerCase()
  if (unit === undefined) return true
  if (unit === 'percent') return SHARES.test(name)
  if (/perc|pct|share|ratio|fraction/.test(name)) return false
  return UNITS[unit].column.test(name) || !Object.values(UNITS).some((one: Unit) => one.column.test(name))
}

/** Whether the different values of a column may be what is counted: sessions are not, in one of people. */
export function isThing(column: string, unit: UnitName | undefined): boolean {
  if (unit === undefined || unit === 'people' || unit === 'percent') return true
  return UNITS[unit].column.test(column.toLowerCase())
}

/** Whether a column's name tells that its numbers count calls. */
export function countsCalls(column: string): boolean {
  return UNITS.calls.column.test(column.toLowerCase())
}
