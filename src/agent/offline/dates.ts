export const DAY = 86_400_000

/** Words of a question that name a time, with that time. */
export interface Anchor {
  index: number
  words: string
  from: number
  /** Not in it. */
  until: number
  /** Whether it is a point in time, not a day. */
  isTimestamp?: true
  /** How an answer names it, if it is not a range of days. */
  said?: string
}

export interface Anchors {
  /** In the order of the text. */
  anchors: Anchor[]
  /** Words that mean a time but cannot be read. */
  unread: string[]
}

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)
const MONTH = `(${MONTHS.map((name) => `${name}|${name.slice(0, 3)}${name === 'september' ? '|sept' : ''}`).join('|')})\\b\\.?`
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')
const NUMBER = `(\\d{1,4}|${NUMBERS.join('|')}|an?|few|couple of)`
const DAY_NUMBER = '(\\d{1,2})(?:st|nd|rd|th)?(?:\\s+of)?'
const YEAR = '(?:,?\\s+(?:of\\s+)?(\\d{4})\\b(?!-))?'

/** A time of day, `02:00`, `2:30 pm` or `2am`, and days in words that it can be of. */
const CLOCK = '(\\d{1,2})(?::(\\d\\d))?(?:\\s?([ap])\\.?m\\b\\.?)?'
const HOURS = `(?:between|from)\\s+${CLOCK}\\s*(?:and|to|until|till|-|–)\\s*${CLOCK}(?:\\s?(?:utc|z)\\b)?`
const OF_MONTH = MONTH.replace('(', '(?:')
const OF_DAY = DAY_NUMBER.replace('(', '(?:')
const A_DAY = `((?:the\\s+)?day before yesterday|yesterday|today|\\d{4}-\\d\\d-\\d\\d|${WEEKDAYS.join('|')}|${OF_DAY}\\s+${OF_MONTH}${YEAR.replace('(\\d', '(?:\\d')}|${OF_MONTH}\\s+${OF_DAY}\\b(?!\\s*:)${YEAR.replace('(\\d', '(?:\\d')})`

const LENGTH: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
}

/** Words that must precede a year or the name of a month, because "may" and "2000" have other meanings. */
const IN =
  '(?<=\\b(?:in|of|during|since|after|from|before|until|till|through|to|and|last|this)\\s+(?:the\\s+)?)'

/** Forms that mean times, and that none of the other forms reads. */
const UNREAD =
  /(?<![\w.:/-])(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\b)?|\d{1,2}\s?[ap]\.?m)(?![\w:/-]|\.\d)|\b(?:tomorrow|tonight|noon|midnight|next (?:minute|hour|day|week|month|quarter|year)|(?:this|last) (?:afternoon|evening|weekend))\b/g

/**
 * The times that a text in small letters names, relative to `now`: days, months, years, points in time, and
 * words such as `yesterday` or `2 hours ago`. Addresses, ARNs and other things that look like times are
 * ignored.
 */
export function anchorsIn(text: string, now: number): Anchors {
  const anchors: Anchor[] = []
  const unread: string[] = []
  const today = Math.floor(now / DAY) * DAY
  const thisYear = new Date(now).getUTCFullYear()
  let rest = text.replace(/\barn:\S+|\b(?:\d{1,3}\.){3}\d{1,3}\S*|\S*::\S*|(?:[0-9a-f]+:){3,}\S*/g, blank)

  /** Words that a form matches are consumed; without a valid time they are reported as unread. */
  function take(
    form: RegExp | string,
    time: (groups: string[]) => Omit<Anchor, 'index' | 'words'> | undefined,
  ) {
    rest = rest.replace(new RegExp(form, 'g'), (words: string, ...given: unknown[]) => {
      const index = given.find((one): one is number => typeof one === 'number') ?? 0
      const groups = given.slice(0, given.indexOf(index)).map((one) => (one as string | undefined) ?? '')
      const found = time(groups)
      if (found) anchors.push({ index, words, ...found })
      else unread.push(words)
      return blank(words)
    })
  }

  take(
    /\b(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s?(z|utc|[+-]\d\d:?\d\d)?(?!\w)/,
    ([date, time = '', zone = '']) => {
      const from = Date.parse(`${date}T${time}${/^[+-]/.test(zone) ? zone : 'Z'}`)
      const length = time.length > 5 ? 1000 : 60_000
      return Number.isNaN(from) ? undefined : { from, until: from + length, isTimestamp: true }
    },
  )
  take(`\\b${HOURS}\\s+(?:on\\s+|of\\s+)?(?:the\\s+)?${A_DAY}(?!\\w)`, (parts) => hoursOf(parts[6], parts))
  take(`\\b${A_DAY},?\\s+${HOURS}(?![\\w:])`, ([day, ...parts]) => hoursOf(day, parts))
  const at = '(?:,|\\s+at)?\\s+(\\d\\d?):(\\d\\d)(?::(\\d\\d))?(?:\\s?(?:z|utc)\\b)?(?![\\w:-]|\\s?[ap]\\.?m)'
  take(`\\b(\\d{4})-(\\d\\d)-(\\d\\d)${at}`, ([year, month, day, ...time]) =>
    moment(days(year, month, day), time),
  )
  take(/\b(\d{4})[-/](\d\d)[-/](\d\d)(?![\w/-])/, ([year, month, day]) => days(year, month, day))
  take(/(?<![\w./-])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\w/-]|\.\d)/, ([day, month, year]) =>
    days(year, month, day),
  )
  // Which of the two is the month is clear only if one of them cannot be a month, or both are equal.
  take(/(?<![\w./-])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\w/-])/, ([a, b, year]) =>
    Number(a) > 12 || a === b ? days(year, b, a) : Number(b) > 12 ? days(year, a, b) : undefined,
  )
  take(`\\b${DAY_NUMBER}\\s+${MONTH}${YEAR}${at}`, ([day, month, year, ...time]) =>
    moment(run(month, day, day, year), time),
  )
  take(`\\b${MONTH}\\s+${DAY_NUMBER}${YEAR}${at}`, ([month, day, year, ...time]) =>
    moment(run(month, day, day, year), time),
  )
  const to = '\\s*(?:-|–|to|and|until|through)\\s*(?:the\\s+)?'
  take(`\\b${DAY_NUMBER}${to}${DAY_NUMBER}\\s+${MONTH}${YEAR}`, ([first, last, month, year]) =>
    run(month, first, last, year),
  )
  take(`\\b${MONTH}\\s+${DAY_NUMBER}${to}${DAY_NUMBER}\\b(?!\\s*:)${YEAR}`, ([month, first, last, year]) =>
    run(month, first, last, year),
  )
  take(`\\b${DAY_NUMBER}\\s+${MONTH}${YEAR}`, ([day, month, year]) => run(month, day, day, year))
  take(`\\b${MONTH}\\s+${DAY_NUMBER}\\b(?!\\s*:)${YEAR}`, ([month, day, year]) => run(month, day, day, year))
  take(`\\b${MONTH}\\s+(\\d{4})\\b`, ([month, year]) => monthOf(month, Number(year)))
  take(`\\blast\\s+${MONTH}(?!\\s+\\d)`, ([month]) => monthOf(month, undefined, true))
  take(`${IN}${MONTH}(?!\\s+\\d)`, ([month]) => monthOf(month))
  // The other months are also words, or names of people.
  take(
    /\b(?<!\b(?:early|mid|late)[\s-])(january|february|july|september|october|november|december)\b/,
    ([month]) => monthOf(month),
  )
  take(`${IN}((?:19|20)\\d\\d)\\b(?![-.:/])`, ([year]) => ({
    ...{ from: Date.UTC(Number(year), 0), until: Date.UTC(Number(year) + 1, 0), said: `in ${year}` },
  }))
  take(
    `\\b(?:last|past|previous)\\s+(?:${NUMBER}\\s+)?(minute|hour|day|week|month|year)(s?)\\b`,
    ([some = '', unit = '', many = '']) => {
      // "The last days" has no number.
      if (some === '' && many !== '') return undefined
      const number = some === '' ? 1 : numberOf(some)
      const said = `in the ${number === 1 ? '' : `${number} `}${unit}${number === 1 ? '' : 's'} up to ${new Date(now).toISOString()}`
      return { from: now - number * (LENGTH[unit] ?? DAY), until: now + 1, said }
    },
  )
  take(/\b(?:last|past|previous)\s+(\d{1,4})\s?(m|min|h|hr|d|w)s?\b/, ([some = '', unit = '']) => {
    const length = LENGTH[Object.keys(LENGTH).find((one) => one.startsWith(unit[0] ?? '')) ?? ''] ?? DAY
    return { from: now - Number(some) * length, until: now + 1 }
  })
  take(`\\b${NUMBER}\\s+(minute|hour|day|week|month|year)s?\\s+ago\\b`, ([some = '', unit = '']) => {
    const then = now - numberOf(some) * (LENGTH[unit] ?? DAY)
    if (unit === 'minute' || unit === 'hour') return { from: then, until: now + 1 }
    return dayAt(Math.floor(then / DAY) * DAY)
  })
  take(/\b(?:the\s+)?day before yesterday\b/, () => dayAt(today - 2 * DAY))
  take(/\byesterday\b/, () => dayAt(today - DAY))
  take(/\btoday\b/, () => dayAt(today))
  take(/\blast night\b/, () => ({ from: today - DAY / 4, until: today + DAY / 4 }))
  take(/\bthis morning\b/, () => ({ from: today, until: today + DAY / 2 }))
  take(/\bthis week\b/, () => {
    const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY
    return { from: monday, until: monday + 7 * DAY }
  })
  take(/\bthis month\b/, () => monthOf(MONTHS[new Date(now).getUTCMonth()]))
  take(/\bq([1-4])\b(?:\s+(?:of\s+)?(\d{4})\b)?/, ([number = '', year = '']) =>
    quarterOf(Number(number) - 1, year === '' ? undefined : Number(year)),
  )
  take(/\b(this|last|previous)\s+quarter\b/, ([which]) => {
    const at = thisYear * 4 + Math.floor(new Date(now).getUTCMonth() / 3) - (which === 'this' ? 0 : 1)
    return quarterOf(at % 4, Math.floor(at / 4))
  })
  take(/\bthis year\b/, () => ({ from: Date.UTC(thisYear, 0), until: Date.UTC(thisYear + 1, 0) }))
  take(`\\b(last\\s+)?(${WEEKDAYS.join('|')})\\b`, ([last = '', weekday = '']) => {
    const back = (new Date(today).getUTCDay() - WEEKDAYS.indexOf(weekday) + 7) % 7
    return dayAt(today - (back === 0 && last !== '' ? 7 : back) * DAY)
  })
  unread.push(...(rest.match(UNREAD) ?? []))
  return { anchors: anchors.sort((a, b) => a.index - b.index), unread }

  /** From one time of day to another, which may be of the next day; without a colon or `am`, it is none. */
  function hoursOf(words = '', [hour, minute, half, toHour, toMinute, toHalf]: string[]) {
    const day = anchorsIn(words, now).anchors[0]
    const end = clockOf(toHour, toMinute, toHalf)
    const begin = clockOf(hour, minute, half || (minute === '' ? toHalf : ''))
    if (!day || begin === undefined || end === undefined) return undefined
    return { from: day.from + begin, until: day.from + end + (end > begin ? 0 : DAY) }
  }

  /** Days of one month; a missing year is chosen so that they are not in the future. */
  function run(month = '', first = '', last = '', year = '') {
    const number = monthNumber(month)
    const guessed = Date.UTC(thisYear, number, Number(first)) > now ? thisYear - 1 : thisYear
    const of = year === '' ? guessed : Number(year)
    const begin = days(String(of), String(number + 1), first)
    const end = days(String(of), String(number + 1), last)
    return begin && end && begin.from <= end.from ? { from: begin.from, until: end.until } : undefined
  }

  /** Without a year, the last one that has begun. */
  function quarterOf(number: number, year?: number) {
    const of = year ?? (Date.UTC(thisYear, number * 3) > now ? thisYear - 1 : thisYear)
    const [from, until] = [Date.UTC(of, number * 3), Date.UTC(of, number * 3 + 3)]
    return { from, until, said: `in the ${['first', 'second', 'third', 'fourth'][number]} quarter of ${of}` }
  }

  function monthOf(month = '', year?: number, isLast = false) {
    const number = monthNumber(month)
    const current = new Date(now).getUTCMonth()
    const of = year ?? thisYear - (number > current || (isLast && number === current) ? 1 : 0)
    const name = MONTHS[number]?.replace(/^./, (letter) => letter.toUpperCase())
    return { from: Date.UTC(of, number), until: Date.UTC(of, number + 1), said: `in ${name} ${of}` }
  }
}

function days(year = '', month = '', day = '') {
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const is = new Date(at)
  return is.getUTCDate() === Number(day) && is.getUTCMonth() === Number(month) - 1 ? dayAt(at) : undefined
}

/** A time of day on a day; undefined when either is invalid. */
function moment(day: { from: number } | undefined, [hour = '', minute = '', second = '']: string[]) {
  if (!day || Number(hour) > 23 || Number(minute) > 59 || Number(second || 0) > 59) return undefined
  const from = day.from + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second || 0)) * 1000
  return { from, until: from + (second === '' ? 60_000 : 1000), isTimestamp: true as const }
}

/** Milliseconds since midnight. */
function clockOf(hour = '', minute = '', half = ''): number | undefined {
  const number = Number(hour)
  if ((minute === '' && half === '') || Number(minute) > 59) return undefined
  if (half === '' ? number > 24 || (number === 24 && Number(minute) > 0) : number < 1 || number > 12)
    return undefined
  const ofDay = half === '' ? number : (number % 12) + (half === 'p' ? 12 : 0)
  return (ofDay * 60 + Number(minute)) * 60_000
}

function dayAt(at: number) {
  return { from: at, until: at + DAY }
}

function monthNumber(name: string): number {
  return MONTHS.findIndex((month) => month.startsWith(name.replace('.', '').slice(0, 3)))
}

function numberOf(words: string): number {
  if (/^\d/.test(words)) return Number(words)
  if (words === 'few') return 3
  if (words === 'couple of') return 2
  return /^an?$/.test(words) ? 1 : NUMBERS.indexOf(words) + 1
}

function blank(words: string): string {
  return ' '.repeat(words.length)
}
