/** Months, years and days of the week as sentences name them, and whether a text has a time in them. */

const SURE_MONTHS = 'January|February|July|September|October|November|December'
/** Months that people are called, or that are words: a preposition or a year shows that they are meant. */
const MONTHS_LIKE_NAMES = 'March|April|May|June|August'
const YEAR = '(?:19|20)\\d\\d'

/** What is left of dates in words, once those with a day of the month are taken. */
export const CALENDAR = new RegExp(
  [
    `\\b(?:${SURE_MONTHS})(?:,?\\s+${YEAR})?\\b`,
    `\\b(?:${MONTHS_LIKE_NAMES}),?\\s+${YEAR}\\b`,
    `(?<=\\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|[Tt]hroughout|[Ee]arly|[Ll]ate|[Mm]id)[\\s-])(?:${MONTHS_LIKE_NAMES})\\b`,
    // `in 2026 calls` is a number.
    `(?<=\\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|[Tt]hroughout)\\s)${YEAR}(?=\\s*(?:[.,;:!?)]|$))`,
    '\\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\\b',
  ].join('|'),
  'g',
)

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')

/**
 * Tests whether a text has a time in the month, in the year or on the day of the week `said`; undefined when
 * `said` is none of these.
 */
export function holdsCalendar(said: string): ((text: string) => boolean) | undefined {
  const plain = said.toLowerCase()
  if (/^\d{4}$/.test(plain))
    return (text) => text === plain || new RegExp(`(?<!\\d)${plain}-\\d\\d`).test(text)
  const [, word = '', year] = /^([a-z]+?)s?(?:,?\s+(\d{4}))?$/.exec(plain) ?? []
  const weekday = WEEKDAYS.indexOf(word)
  if (weekday >= 0) {
    const name = new RegExp(`\\b${word}s?\\b`)
    return (text) => name.test(text.toLowerCase()) || daysIn(text).some((day) => day === weekday)
  }
  const month = MONTHS.indexOf(word)
  if (month < 0) return undefined
  const number = String(month + 1).padStart(2, '0')
  const form = new RegExp(`(?<!\\d)${year ?? '\\d{4}'}-${number}(?!\\d)`)
  const name = new RegExp(`\\b${word}\\b${year === undefined ? '' : `.*${year}`}`)
  return (text) => form.test(text) || name.test(text.toLowerCase())
}

/** The days of the week of the dates in a text. */
function daysIn(text: string): number[] {
  return [...text.matchAll(/(?<!\d)\d{4}-\d\d-\d\d/g)].map(([day]) =>
    new Date(`${day}T00:00:00Z`).getUTCDay(),
  )
}
