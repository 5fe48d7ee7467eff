import { replaced, replacedMember, type Tree, textOf, type Way } from './tree.ts'

/** One change to a value of a record, or to the member that it is of. */
export interface Mutation {
  name: string
  apply(tree: Tree, way: Way): Tree
}

const TIMES = [
  '0000-01-01T00:00:00Z',
  '0000-12-31T23:59:59Z',
  '0001-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '0999-12-31T23:59:59.5Z',
  '1582-10-10T12:00:00Z',
  '1969-12-31T23:59:59.999999Z',
  '1970-01-01T00:00:00Z',
  '2255-06-05T23:47:34.740993Z',
  '2262-04-11T23:47:16.854775808Z',
  '2286-11-20T17:46:40.001Z',
  '2300-01-01T00:00:00.000001Z',
  '4253-05-31T22:20:37.927Z',
  '9999-12-30T23:59:59.999Z',
  '9999-12-31T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '9999-12-31T23:59:59.999999999Z',
  '9999-12-31T23:59:59-00:01',
  '9999-12-31',
  '+10000-01-01T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '-0001-01-01T00:00:00Z',
  '2016-12-31T23:59:60Z',
  '2026-02-29T00:00:00Z',
  '2026-01-07T24:00:00Z',
  '2026-01-07T22:16:43',
  '2026-01-07 22:16:43.5',
  '2026-01-07T22:16:43+05:30',
  '2026-01-07T22:16:43-0800',
  '20260107T221643Z',
  'infinity',
]

const NUMBERS = [
  ...['0', '-0', '-1', '1.0', '1E5', '1e-400', '1e400', '-1e400', '0.1234567890123456789012345'],
  ...['9007199254740991', '9007199254740993', '-9007199254740993', '9223372036854775807'],
  ...['9223372036854775808', '-9223372036854775809', '18446744073709551616', '1'.repeat(400)],
  // As times: seconds, milliseconds, and the first and last of them.
  ...['1767824203', '1767824203123', '1767824203123.5', '253402300799999', '253402300800000'],
  ...['-62135596800000', '-62135596800001', '8640000000000000', '8640000000000001', '99999999999'],
]

/** JSON texts without their quotes; a character is a byte. */
const TEXTS = [
  ...['', ' ', '  x  ', '\\ud83d', '\\udc00', 'a\\uD83D b', '\\ud83d\\ud83d\\ude00', '\\ud83d\\ude00'],
  ...['\\\\ud83d', '\\u0000', 'a\\u0000b', '\\ufffe', '\\uffff', '\\u2028', '\\u0001', '\\ufeff'],
  ...['\ufffe', '\uffff', '\ufdd0', '\u202e', '\u{10ffff}', '\ufeff'].map((text) =>
    textOf(Buffer.from(text)),
  ),
  ...['x'.repeat(70_000), textOf(Buffer.from('\u{1f600}'.repeat(5_000)))],
  // No UTF-8: no byte of it, too long a form, half a surrogate pair, broken off, beyond the last character.
  ...['\xff\xfe', '\xc0\x80', '\xed\xa0\x80', '\xe2\x82', '\xf4\x90\x80\x80'],
  ...['__proto__', 'constructor', 'null', 'true', 'NaN', '1', "'; drop table x; --", '$1'],
  ...['{\\"a\\":1}', '{\\"a\\":\\"\\\\ud83d\\"}', '[', '{\\"a\\":', '\\"\\\\\\"', 'data: {\\"a\\":1}\\n\\n'],
]

/** What begins and ends like a value and is none in JSON. */
const NO_JSON = [
  ...['NaN', 'Infinity', '-Infinity', '+1', '01', '1.', '.5', 'tru', 'undefined', '0x1', 'nul'],
  ...['"\\x"', '"\\u12"', '"\x01"', '"\t"', '{"a":1,}', '[1,]', '{"a"}', '{a:1}', "{'a':1}"],
]

const VALUES = [
  ...['null', 'true', 'false', '[]', '{}', '[null]', '[[]]', '{"a":null}', '{"":1}', '{"a":1,"a":2}'],
  ...['{"__proto__":{"x":1}}', '{"constructor":"x"}', '{"toString":1}', '[1,"a",{},true,null]'],
  ...['{"\\ud83d":1}', '{"a":"\\ud83d"}', '["\\udc00"]', '{"type":"text","text":7}'],
  ...[100, 2000].flatMap((depth) => [
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
    `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  ]),
]

const KEYS = [
  ...['"__proto__"', '"constructor"', '"hasOwnProperty"', '""', '"\\ud83d"', '"\\u0000"', '"a\\"b"'],
  ...['"lake_object"', '"lake_unmapped"', '"\xff"', '"Records"', `"${'k'.repeat(5_000)}"`],
]

const put = (name: string, value: string): Mutation => ({
  name,
  apply: (tree, way) => replaced(tree, way, () => ({ written: value })),
})
const quoted = (text: string) => `"${text}"`
const short = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)

export const MUTATIONS: readonly Mutation[] = [
  ...TIMES.map((time) => put(`time ${time}`, quoted(time))),
  ...NUMBERS.flatMap((number) => [
    put(`number ${short(number)}`, number),
    put(`number in a text ${short(number)}`, quoted(number)),
  ]),
  ...TEXTS.map((text) => put(`text ${short(text)}`, quoted(text))),
  ...NO_JSON.map((text) => put(`no JSON ${short(text)}`, text)),
  ...VALUES.map((value) => put(`value ${short(value)}`, value)),
  { name: 'in a list', apply: (tree, way) => replaced(tree, way, (value) => ({ elements: [value] })) },
  {
    name: 'in an object',
    apply: (tree, way) => replaced(tree, way, (value) => ({ members: [{ key: '"a"', value }] })),
  },
  { name: 'missing', apply: (tree, way) => replacedMember(tree, way, () => []) },
  { name: 'twice', apply: (tree, way) => replacedMember(tree, way, (member) => [member, member]) },
  {
    name: 'twice, another first',
    apply: (tree, way) =>
      replacedMember(tree, way, (member) => [{ ...member, value: { written: '7' } }, member]),
  },
  {
    name: 'name in capitals',
    apply: (tree, way) => replacedMember(tree, way, ({ key, value }) => [{ key: key.toUpperCase(), value }]),
  },
  {
    name: 'name with an escape',
    apply: (tree, way) =>
      replacedMember(tree, way, ({ key, value }) => [
        key === '""'
          ? { key, value }
          : { key: `"\\u${key.charCodeAt(1).toString(16).padStart(4, '0')}${key.slice(2)}`, value },
      ]),
  },
  ...KEYS.flatMap((key): Mutation[] => [
    {
      name: `called ${short(key)}`,
      apply: (tree, way) => replacedMember(tree, way, ({ value }) => [{ key, value }]),
    },
    {
      name: `beside ${short(key)}`,
      apply: (tree, way) =>
        replacedMember(tree, way, (member) => [{ key, value: { written: '"\\ud83d"' } }, member]),
    },
  ]),
]
