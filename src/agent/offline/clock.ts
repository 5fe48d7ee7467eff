/** A span of time, `from` inclusive, `until` exclusive, both ISO 8601 in UTC. */
export interface Span {
  from?: string
  until?: string
  /** In words, as an answer says it. */
  said: string
}

/** What `now` is for a question. */
export interface Now {
  /** ISO 8601 in UTC. */
  time: string
  source: 'clock' | 'newest event'
  /** What to tell whoever asks; '' when `now` is now. */
  note: string
}

const DAY = 86_400_000
/** A lake whose newest event is older than that is asked as of then. */
const LONG_AGO = 2 * DAY

/** "Now" is the newest event when that is long ago: "yesterday" of a lake of last spring is a day of last spring. */
export function nowOf(newest: string | null, clock: Date): Now {
  const at = newest === null ? Number.NaN : Date.parse(newest)
  if (Number.isNaN(at) || clock.getTime() - at < LONG_AGO)
    return { time: clock.toISOString(), source: 'clock', note: '' }
  const days = Math.floor((clock.getTime() - at) / DAY)
  return {
    time: new Date(at).toISOString(),
    source: 'newest event',
    note: `The newest event of the lake is of ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC, ${days} days ago: "now" is that time.`,
  }
}

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const MONTH = MONTHS.map((name) => `${name}|${name.slice(0, 3)}`).join('|')

/** The span of time that a question names, as of `now`; undefined when it names none. */
export function spanIn(question: string, now: Now): Span | undefined {
  const text = question.toLowerCase()
  const at = Date.parse(now.time)
  const today = Math.floor(at / DAY) * DAY
  const days = (from: number, until: number): Span => ({
    from: iso(from),
    until: iso(until),
    said: until - from === DAY ? `on ${dayOf(from)}` : `from ${dayOf(from)} to ${dayOf(until - DAY)}`,
  })
  const dates = datesIn(text, at)
  const between = /\b(?:between|from)\b.*\b(?:and|to|until|through)\b/.test(text)
  const [first, second] = dates
  if (first !== undefined && second !== undefined && between)
    return days(Math.min(first.at, second.at), Math.max(first.at + first.length, second.at + second.length))
  if (first !== undefined) {
    if (/\b(since|after|from|starting)\s+(?:the\s+)?$/.test(text.slice(0, first.index)))
      return { from: iso(first.at), said: `since ${dayOf(first.at)}` }
    if (/\b(before|until|till)\s+(?:the\s+)?$/.test(text.slice(0, first.index)))
      return { until: iso(first.at), said: `before ${dayOf(first.at)}` }
    return days(first.at, first.at + first.length)
  }
  const [, some, unit] =
    /\b(?:last|past|previous)\s+(\d{1,4}|few|couple of)?\s*(minute|hour|day|week|month|year)s?\b/.exec(
      text,
    ) ?? []
  if (unit !== undefined) {
    const number = some === undefined ? 1 : /^\d/.test(some) ? Number(some) : some === 'few' ? 3 : 2
    const span = number * LENGTH[unit as keyof typeof LENGTH]
    return {
      from: iso(at - span),
      until: iso(at + 1),
      said: `in the ${number === 1 ? '' : `${number} `}${unit}${number === 1 ? '' : 's'} up to ${iso(at)}`,
    }
  }
  const [, ago, agoUnit] = /\b(\d{1,4}|a|an)\s+(minute|hour|day|week|month)s?\s+ago\b/.exec(text) ?? []
  if (agoUnit !== undefined) {
    const number = /^\d/.test(ago ?? '') ? Number(ago) : 1
    const then = at - number * LENGTH[agoUnit as keyof typeof LENGTH]
    if (agoUnit === 'minute' || agoUnit === 'hour') return { from: iso(then), said: `since ${iso(then)}` }
    return days(Math.floor(then / DAY) * DAY, Math.floor(then / DAY) * DAY + DAY)
  }
  if (/\btoday\b/.test(text)) return days(today, today + DAY)
  if (/\byesterday\b|\blast night\b/.test(text)) return days(today - DAY, today)
  if (/\bthis week\b/.test(text)) return days(monday(today), monday(today) + 7 * DAY)
  if (/\bthis month\b/.test(text))
    return monthAt(new Date(today).getUTCFullYear(), new Date(today).getUTCMonth())
  const weekday = WEEKDAYS.findIndex((name) => new RegExp(`\\b(?:on|last)\\s+${name}\\b`).test(text))
  if (weekday >= 0) {
    const back = (new Date(today).getUTCDay() - weekday + 7) % 7
    const on = today - (back === 0 && /\blast\b/.test(text) ? 7 : back) * DAY
    return days(on, on + DAY)
  }
  const [, month, year] = new RegExp(`\\b(?:in|during)\\s+(${MONTH})\\b(?:\\s+(\\d{4}))?`).exec(text) ?? []
  if (month !== undefined) {
    const number = MONTHS.findIndex((name) => name.startsWith(month.slice(0, 3)))
    const current = new Date(at)
    const guessed = current.getUTCFullYear() - (number > current.getUTCMonth() ? 1 : 0)
    return monthAt(year === undefined ? guessed : Number(year), number)
  }
  return undefined
}

const LENGTH = {
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
}

interface Found {
  at: number
  /** Milliseconds that it lasts: a day, or with a time a minute. */
  length: number
  index: number
}

/** Dates as `2026-01-07`, `7 January 2026`, `January 7th`, in the order in which they stand. */
function datesIn(text: string, now: number): Found[] {
  const found: Found[] = []
  for (const match of text.matchAll(/\b(\d{4})-(\d\d)-(\d\d)(?!t?\d)(?![t ]\d\d:)/g))
    add(match.index, Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  const dayFirst = new RegExp(
    `\\b(\\d{1,2})(?:st|nd|rd|th)?(?:\\s+of)?\\s+(${MONTH})\\b\\.?(?:,?\\s+(\\d{4}))?`,
    'g',
  )
  for (const match of text.matchAll(dayFirst)) named(match.index, match[2], match[1], match[3])
  const monthFirst = new RegExp(
    `\\b(${MONTH})\\b\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b(?!\\s*:)(?:,?\\s+(\\d{4}))?`,
    'g',
  )
  for (const match of text.matchAll(monthFirst)) named(match.index, match[1], match[2], match[3])
  return found.sort((a, b) => a.index - b.index)

  function named(index: number, month = '', day = '', year?: string): void {
    const number = MONTHS.findIndex((name) => name.startsWith(month.slice(0, 3)))
    const current = new Date(now).getUTCFullYear()
    const own = Date.UTC(current, number, Number(day)) > now ? current - 1 : current
    add(index, year === undefined ? own : Number(year), number, Number(day))
  }

  function add(index: number, year: number, month: number, day: number): void {
    const at = Date.UTC(year, month, day)
    if (Number.isNaN(at) || new Date(at).getUTCDate() !== day) return
    if (!found.some((one) => one.index === index)) found.push({ at, length: DAY, index })
  }
}

function monthAt(year: number, month: number): Span {
  const from = Date.UTC(year, month, 1)
  const until = Date.UTC(year, month + 1, 1)
  return {
    from: iso(from),
    until: iso(until),
    said: `in ${MONTHS[month]?.replace(/^./, (c) => c.toUpperCase())} ${year}`,
  }
}

function monday(day: number): number {
  return day - ((new Date(day).getUTCDay() + 6) % 7) * DAY
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

function dayOf(ms: number): string {
  return iso(ms).slice(0, 10)
}
