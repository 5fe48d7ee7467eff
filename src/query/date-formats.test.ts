import { expect, it } from 'vitest'
import { oneValueEngine } from '../../test/query/one-value.ts'

/** Formats of dates as Trino has them: MySQL's, and Joda's. https://www.joda.org/joda-time/key_format.html */

const ask = oneValueEngine()
const answerOf = (expression: string) => ask(`select ${expression}`)

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

const WRITTEN: readonly (readonly [format: string, text: string, moment?: string])[] = [
  ['y yy yyy yyyy', '2026 26 2026 2026'],
  ['y yy yyy yyyy', '9 09 009 0009', '0009-03-04 12:00:00'],
  ['Y YYYY C CC G', '2026 2026 20 20 AD'],
  ['x xx xxxx', '2020 20 2020', '2021-01-03 12:00:00'],
  ['xxxx', '10001', '10001-05-05 00:00:00'],
  ['w ww e ee', '2 02 3 03'],
  ['D DD DDD', '7 07 007'],
  ['M MM MMM MMMM MMMMM', '1 01 Jan January January'],
  ['d dd E EEE EEEE', '7 07 Wed Wed Wednesday'],
  ['h hh a', '12 12 AM'],
  ['H HH K KK k kk', '0 00 0 00 24 24'],
  ['H HH K KK k kk h hh a', '13 13 1 01 13 13 1 01 PM', '2026-01-07 13:05:09'],
  ['m mm s ss', '5 05 9 09'],
  ['S SS SSS SSSSSS', '1 12 123 123456'],
  ['z zzzz Z ZZ ZZZ', 'UTC Coordinated Universal Time +0000 +00:00 UTC'],
  ["h 'o''clock' a", "12 o'clock AM"],
  ["yyyy''MM'%Y'%", "2026'01%Y%"],
  ['yyyy年', '2026年'],
]

it.each(WRITTEN.map(([format, text, moment]) => ({ format, text, moment })))(
  'format_datetime writes $format',
  async ({ format, text, moment = '2026-01-07 00:05:09.123456' }) =>
    expect(await answerOf(`format_datetime(timestamp '${moment}', ${quoted(format)})`)).toBe(text),
)

it.each([
  'ddd',
  'HHH',
  'hhh',
  'KKK',
  'mmm',
  'sss',
  'SSSS',
  'DDDD',
  'www',
  'eee',
  'yyyyy',
  'xxxxx',
  'b',
  "'open",
  '',
])('format_datetime refuses %s', async (format) =>
  expect(answerOf(`format_datetime(timestamp '2026-01-07', ${quoted(format)})`)).rejects.toThrow(
    /format_datetime (does not know|has an empty format)/,
  ),
)

const READ: readonly (readonly [call: string, text: string, format: string, moment: string])[] = [
  ['date_parse', '12:05 am', '%h:%i %p', '1970-01-01T00:05:00'],
  ['date_parse', '2026-01-07 00:05:09.123456789', '%Y-%m-%d %T.%f', '2026-01-07T00:05:09.123456'],
  ['date_parse', '9999-01-07 09.1234567Z', '%Y-%m-%d %S.%fZ', '9999-01-07T00:00:09.123456'],
  ['date_parse', '09.5', '%S.%f', '1970-01-01T00:00:09.5'],
  ['date_parse', '00:05:09', '%T', '1970-01-01T00:05:09'],
  ['date_parse', '29 Feb', '%d %b', '2000-02-29T00:00:00'],
  ['date_parse', '7', '%j', '2000-01-07T00:00:00'],
  ['date_parse', '69-01', '%y-%m', '2069-01-01T00:00:00'],
  ['date_parse', '70-01', '%y-%m', '1970-01-01T00:00:00'],
  ['date_parse', '1969-01', '%Y-%m', '1969-01-01T00:00:00'],
  ['date_parse', '%Y 05', '%%Y %i', '1970-01-01T00:05:00'],
  ['date_parse', '2026-02', '%x-%v', '2026-01-05T00:00:00'],
  ['parse_datetime', '10:05', 'HH:mm', '1970-01-01T10:05:00Z'],
  ['parse_datetime', 'Jan 7', 'MMM d', '2000-01-07T00:00:00Z'],
  ['parse_datetime', '99-01', 'yy-MM', '1999-01-01T00:00:00Z'],
  ['parse_datetime', '68-01', 'yy-MM', '1968-01-01T00:00:00Z'],
  ['parse_datetime', "10 o'clock", "H 'o''clock'", '1970-01-01T10:00:00Z'],
  ['parse_datetime', '2026-02-3', 'xxxx-ww-e', '2026-01-07T00:00:00Z'],
]

it.each(READ)('%s reads %s', async (call, text, format, moment) =>
  expect(await answerOf(`${call}(${quoted(text)}, ${quoted(format)})`)).toBe(moment),
)

it.each([
  ['date_parse', '2026 02 Wednesday', '%x %v %W'],
  ['date_parse', '2026 02', '%Y %v'],
  ['date_parse', '2026 01', '%x %m'],
  ['parse_datetime', '2026 3', 'yyyy e'],
  ['parse_datetime', '2026 02', 'yyyy ww'],
  ['parse_datetime', '5 PM', 'K a'],
  ['parse_datetime', '5', 'S'],
  ['parse_datetime', '26', 'xx'],
])('%s refuses %s', async (call, text, format) =>
  expect(answerOf(`${call}(${quoted(text)}, ${quoted(format)})`)).rejects.toThrow(
    new RegExp(`${call} (cannot read|does not know)`),
  ),
)
