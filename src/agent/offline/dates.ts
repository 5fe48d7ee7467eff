export const DAY = 86_400_000

/** Words of a question that name a time, and which. */
export interface Anchor {
  index: number
  words: string
  from: number
  /** Not in it. */
  until: number
  /** A point in time and no day. */
  isMoment?: true
  /** How an answer says it, where it is no row of days. */
  said?: string
}

export interface Anchors {
  /** In the order in which they stand. */
  anchors: Anchor[]
  /** What is meant as a time and cannot be read. */
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

const LENGTH: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
}

/** What a year or the name of a month has to stand behind, to be one: "may" and "2000" are other things, too. */
const IN =
  '(?<=\\b(?:in|of|during|since|after|from|before|until|till|through|to|and|last|this)\\s+(?:the\\s+)?)'

/** Forms that are meant as times, and were read by none of the others. */
const UNREAD =
  /(?<![\w.:/-])(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\b)?|\d{1,2}\s?[ap]\.?m)(?![\w:/-]|\.\d)|\b(?:tomorrow|tonight|noon|midnight|next (?:minute|hour|day|week|month|quarter|year)|(?:this|last) (?:afternoon|evening|quarter|weekend))\b/g

/**
 * The times that a text in small letters names, as of `now`: days, months, years, moments, and words as `yesterday`, `2 hours ago`. Things
 * that look like times and are none, as addresses and ARNs, are left alone.
 */
export function anchorsIn(text: string, now: number): Anchors {
  const anchors: Anchor[] = []
  const unread: string[] = []
  const today = Math.floor(now / DAY) * DAY
  const thisYear = new Date(now).getUTCFullYear()
  let rest = text.replace(/\barn:\S+|\b(?:\d{1,3}\.){3}\d{1,3}\S*|\S*::\S*|(?:[0-9a-f]+:){3,}\S*/g, blank)

  /** What a form finds is used up; without a time for it, it is unread. */
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
      return Number.isNaN(from) ? undefined : { from, until: from + length, isMoment: true }
    },
  )
  take(/\b(\d{4})[-/](\d\d)[-/](\d\d)(?![\w/-])/, ([year, month, day]) => days(year, month, day))
  take(/(?<![\w./-])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\w/-]|\.\d)/, ([day, month, year]) =>
    days(year, month, day),
  )
  // Which of the two is the month is plain only where one of them can be none, or both are the same.
  take(/(?<![\w./-])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\w/-])/, ([a, b, year]) =>
    Number(a) > 12 || a === b ? days(year, b, a) : Number(b) > 12 ? days(year, a, b) : undefined,
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
  take(`${IN}${MONTH}(?!\\s+\\d)`, ([month]) => monthOf(month))
  take(`${IN}((?:19|20)\\d\\d)\\b(?![-.:/])`, ([year]) => ({
    ...{ from: Date.UTC(Number(year), 0), until: Date.UTC(Number(year) + 1, 0), said: `in ${year}` },
  }))
  take(
    `\\b(?:last|past|previous)\\s+(?:${NUMBER}\\s+)?(minute|hour|day|week|month|year)s?\\b`,
    ([some = '', unit = '']) => {
      const number = some === '' ? 1 : numberOf(some)
      const said = `in the ${number === 1 ? '' : `${number} `}${unit}${number === 1 ? '' : 's'} up to ${new Date(now).toISOString()}`
      return { from: now - number * (LENGTH[unit] ?? DAY), until: now + 1, said }
    },
  )
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
  take(/\bthis year\b/, () => ({ from: Date.UTC(thisYear, 0), until: Date.UTC(thisYear + 1, 0) }))
  take(`\\b(last\\s+)?(${WEEKDAYS.join('|')})\\b`, ([last = '', weekday = '']) => {
    const back = (new Date(today).getUTCDay() - WEEKDAYS.indexOf(weekday) + 7) % 7
    return dayAt(today - (back === 0 && last !== '' ? 7 : back) * DAY)
  })
  unread.push(...(rest.match(UNREAD) ?? []))
  return { anchors: anchors.sort((a, b) => a.index - b.index), unread }

  /** Days of one month, the year guessed so that they are not to come. */
  function run(month = '', first = '', last = '', year = '') {
    const number = monthNumber(month)
    const guessed = Date.UTC(thisYear, number, Number(first)) > now ? thisYear - 1 : thisYear
    const of = year === '' ? guessed : Number(year)
    const begin = days(String(of), String(number + 1), first)
    const end = days(String(of), String(number + 1), last)
    return begin && end && begin.from <= end.from ? { from: begin.from, until: end.until } : undefined
  }

  function monthOf(month = '', year?: number) {
    const number = monthNumber(month)
    const of = year ?? thisYear - (number > new Date(now).getUTCMonth() ? 1 : 0)
    const name = MONTHS[number]?.replace(/^./, (letter) => letter.toUpperCase())
    return { from: Date.UTC(of, number), until: Date.UTC(of, number + 1), said: `in ${name} ${of}` }
  }
}

function days(year = '', month = '', day = '') {
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const is = new Date(at)
  return is.getUTCDate() === Number(day) && is.getUTCMonth() === Number(month) - 1 ? dayAt(at) : undefined
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
