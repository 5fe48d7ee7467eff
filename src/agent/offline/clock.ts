import { type Anchor, anchorsIn, DAY } from './dates.ts'

/** A span of time, `from` inclusive, `until` exclusive, both ISO 8601 in UTC. */
export interface Span {
  from?: string
  until?: string
  /** In words, as an answer says it. */
  said: string
}

/** The time that a question takes as now. */
export interface Now {
  /** ISO 8601 in UTC. */
  time: string
  source: 'clock' | 'newest event'
  /** A note for the reader; '' when `now` is the current time. */
  note: string
}

/** Age of the newest event above which its time is taken as now. */
const LONG_AGO = 2 * DAY

/**
 * In a lake without recent events, the newest one is "now": "yesterday" in a lake of last spring is a day of
 * last spring.
 */
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

/** The times that a question names. */
export interface Timed {
  /** Undefined when it names none. */
  span: Span | undefined
  /** Words that mean a time but cannot be read: rows of all times would not answer the question. */
  unread: readonly string[]
  /** Its words for times, as written. */
  words: readonly string[]
  /** Its points in time, other than days. */
  moments: readonly { words: string; iso: string }[]
}

/** "After" a day does not include it. */
const AFTER = /\b(?:after|later than|newer than)\s+(?:the\s+)?$/
const FROM = /\b(?:since|from|starting(?: on| at| from| with)?)\s+(?:the\s+)?$/
const BEFORE = /\b(?:before|prior to|earlier than|older than)\s+(?:the\s+)?$/
const UNTIL = /\b(?:until|till|through|up to|to|ending(?: on| at| with)?)\s+(?:the\s+)?$/
const BETWEEN = /\b(?:between|from)\s+(?:the\s+)?$/
const AND = /\b(?:and|to|until|till|through)\s+(?:the\s+)?$/

/** The times that a question names, as of `now`. */
export function timeIn(question: string, now: Now): Timed {
  const text = question.toLowerCase()
  const { anchors, unread } = anchorsIn(text, Date.parse(now.time))
  const words = anchors.map((one) => question.slice(one.index, one.index + one.words.length))
  const moments = anchors
    .filter(({ isTimestamp }) => isTimestamp)
    .map((one) => ({ words: one.words, iso: iso(one.from) }))
  return { ...spanIn(text, anchors, unread), words, moments }
}

function spanIn(
  text: string,
  anchors: readonly Anchor[],
  unread: readonly string[],
): Pick<Timed, 'span' | 'unread'> {
  const before = ({ index }: Anchor) => text.slice(0, index)
  const [first, second] = anchors
  let from: number | undefined
  let until: number | undefined
  if (first && second && BETWEEN.test(before(first)) && AND.test(before(second))) {
    from = Math.min(first.from, second.from)
    until = Math.max(endOf(first), endOf(second))
  } else {
    const alone = anchors.filter((anchor) => {
      if (AFTER.test(before(anchor))) from = endOf(anchor)
      else if (isOnThatDay(text, anchor)) return true
      else if (FROM.test(before(anchor))) from = anchor.from
      else if (BEFORE.test(before(anchor))) until = anchor.from
      else if (UNTIL.test(before(anchor))) until = endOf(anchor)
      // A single point in time is looked around; it is no span.
      else return !anchor.isTimestamp
      return false
    })
    const [only] = alone
    if (only && alone.length === 1 && from === undefined && until === undefined)
      return { span: { from: iso(only.from), until: iso(only.until), said: only.said ?? said(only) }, unread }
    for (const one of alone) {
      from = Math.min(from ?? one.from, one.from)
      until = Math.max(until ?? one.until, one.until)
    }
  }
  if (from === undefined && until === undefined) return { span: undefined, unread }
  if (from !== undefined && until !== undefined && from >= until)
    return { span: undefined, unread: [...unread, anchors.map(({ words }) => words).join(' … ')] }
  return {
    span: {
      ...(from === undefined ? {} : { from: iso(from) }),
      ...(until === undefined ? {} : { until: iso(until) }),
      said: said({ from, until }),
    },
    unread,
  }
}

/**
 * "The findings from yesterday" are of that day, as "from last Tuesday" and unlike "from 5 January" or "from
 * yesterday on".
 */
function isOnThatDay(text: string, { index, words }: Anchor): boolean {
  return (
    /\bfrom\s+(?:the\s+)?$/.test(text.slice(0, index)) &&
    /^(?:yesterday|today|the day before|last \w+day|last night|this morning)/.test(words) &&
    !/^\s*(?:on|onwards?)\b/.test(text.slice(index + words.length))
  )
}

/** "Until" a day includes it; "until" a point in time ends there. */
function endOf({ from, until, isTimestamp }: Anchor): number {
  return isTimestamp ? from : until
}

function said({ from, until }: { from: number | undefined; until: number | undefined }): string {
  const isWhole = (ms: number) => ms % DAY === 0
  const shown = (ms: number) => (isWhole(ms) ? iso(ms).slice(0, 10) : iso(ms))
  if (from === undefined) return `before ${shown(until ?? 0)}`
  if (until === undefined) return `since ${shown(from)}`
  if (!isWhole(from) || !isWhole(until)) return `from ${iso(from)} to ${iso(until)}`
  return until - from === DAY ? `on ${shown(from)}` : `from ${shown(from)} to ${shown(until - DAY)}`
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
