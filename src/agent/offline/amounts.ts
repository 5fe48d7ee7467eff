/** Amounts in words, as values of parameters: `half an hour` is 30 minutes. */

const NUMBERS: Readonly<Record<string, number>> = {
  ...{
    a: 1,
    an: 1,
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
  },
  ...{ eleven: 11, twelve: 12, fifteen: 15, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60 },
  ...{ seventy: 70, eighty: 80, ninety: 90, hundred: 100 },
}

const NUMBER = `(\\d+(?:\\.\\d+)?|${Object.keys(NUMBERS).join('|')})`
const UNIT = '(second|minute|hour|day|week|month|year)s?'

/** Expressions with a half or a quarter, which no whole number of their unit can express. */
const PARTS: readonly (readonly [form: RegExp, said: (whole: number) => number])[] = [
  [new RegExp(`\\b${NUMBER}\\s+hours?\\s+and\\s+a\\s+half\\b`, 'gi'), (whole) => whole * 60 + 30],
  [new RegExp(`\\b${NUMBER}\\s+and\\s+a\\s+half\\s+hours?\\b`, 'gi'), (whole) => whole * 60 + 30],
  [/\bhalf\s+(an)\s+hour\b/gi, () => 30],
  [/\ba\s+quarter\s+of\s+(an)\s+hour\b/gi, () => 15],
  [/\bthree\s+quarters\s+of\s+(an)\s+hour\b/gi, () => 45],
]

/**
 * A text in which spans of time have numbers in digits: `two hours` is `2 hours`, `an hour and a half` is `90
 * minutes`.
 */
export function inDigits(text: string): string {
  const parts = PARTS.reduce(
    (some, [form, said]) => some.replace(form, (_, whole: string) => `${said(numberOf(whole))} minutes`),
    text,
  )
  return parts.replace(
    new RegExp(`\\b${NUMBER}\\s+(?=${UNIT}\\b)`, 'gi'),
    (_, number: string) => `${numberOf(number)} `,
  )
}

function numberOf(text: string): number {
  return NUMBERS[text.toLowerCase()] ?? Number(text)
}

/** A number with its unit, in small letters: `30 minutes`. */
export interface Amount {
  number: number
  unit: string
}

export const AMOUNT =
  /\b(\d+(?:\.\d+)?)\s*(%|per ?cent|percent|seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|months?|years?)(?![\w])/gi

export function amountsIn(text: string): Amount[] {
  return [...text.matchAll(AMOUNT)].map(([, number, unit = '']) => ({
    number: Number(number),
    unit: unit.toLowerCase(),
  }))
}

/** Minutes of a unit of time whose length does not change; undefined of any other. */
function minutesOf(unit: string): number | undefined {
  if (/^s/.test(unit)) return 1 / 60
  if (/^mi/.test(unit)) return 1
  if (/^h/.test(unit)) return 60
  if (/^d/.test(unit)) return 1440
  return /^w/.test(unit) ? 10_080 : undefined
}

/** An amount as a whole number of minutes or hours; undefined when it is no whole number of them. */
export function wholeIn(amount: Amount, unit: 'minutes' | 'hours'): string | undefined {
  const minutes = minutesOf(amount.unit)
  if (minutes === undefined) return undefined
  const number = Number(((amount.number * minutes) / (unit === 'hours' ? 60 : 1)).toFixed(6))
  return Number.isInteger(number) ? String(number) : undefined
}
