import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { oneValueEngine } from '../../test/query/one-value.ts'
import { functionsOfTrino, knownFunctions } from './guard.ts'
import { ownFunctions } from './own-functions.ts'
import { CALLS, OTHER_MEANING } from './trino-calls.ts'
import type { Plain } from './values.ts'

/** Trino's functions: the values that its documentation gives for them. https://trino.io/docs/current/functions.html */

const ask = oneValueEngine()

/** The one value of an expression, asked as a question to a view of Athena is. */
const answerOf = (expression: string, from = '(select count(*) from athena.cloudtrail_logs)') =>
  ask(`select ${expression} from ${from}`)

const VALUES: readonly (readonly [expression: string, value: Plain])[] = [
  // Addresses.
  ["contains('10.0.0.0/8', IPADDRESS '10.255.255.255')", true],
  ["contains('10.0.0.0/8', IPADDRESS '11.255.255.255')", false],
  ["contains('2001:0db8:0:0:0:ff00:0042:8329/128', IPADDRESS '2001:0db8:0:0:0:ff00:0042:8329')", true],
  ["contains('2001:0db8:0:0:0:ff00:0042:8329/128', IPADDRESS '2001:0db8:0:0:0:ff00:0042:8328')", false],
  ["contains('10.0.0.0/8', IPADDRESS '::ffff:10.1.2.3')", true],
  ["contains('10.0.0.0/8', CAST('s3.amazonaws.com' AS IPADDRESS))", null],
  ["contains('10.0.0.0/8', CAST('10.0.0.300' AS IPADDRESS))", null],
  ["is_subnet_of('192.168.3.128/26', CAST('192.168.3.129' AS IPADDRESS))", true],
  ["is_subnet_of('64:fa9b::17/64', CAST('64:ffff::17' AS IPADDRESS))", false],
  ["is_subnet_of('192.168.3.128/26', '192.168.3.144/30')", true],
  ["is_subnet_of('192.168.3.128/26', '192.168.5.144/30')", false],
  ["is_subnet_of('192.168.3.144/30', '192.168.3.128/26')", false],
  ["ip_prefix('192.168.255.255', 9)", '192.128.0.0/9'],
  ["ip_prefix('2001:db8:85a3:1:1:8a2e:370:7334', 48)", '2001:db8:85a3::/48'],
  ["ip_subnet_min('192.64.1.1/9')", '192.0.0.0'],
  ["ip_subnet_max('192.64.1.1/9')", '192.127.255.255'],
  ["ip_subnet_min('2607:f8b0:c001:2e5::8b/64')", '2607:f8b0:c001:2e5::'],
  ["ip_subnet_max('2607:f8b0:c001:2e5::8b/64')", '2607:f8b0:c001:2e5:ffff:ffff:ffff:ffff'],
  ["ip_subnet_range('1.2.3.160/24')", ['1.2.3.0', '1.2.3.255']],
  ['ip_prefix(NULL, 9)', null],
  // Numbers.
  ['is_nan(nan())', true],
  ['is_nan(1.5)', false],
  ['is_finite(infinity())', false],
  ['is_infinite(-infinity())', true],
  ['is_nan(CAST(NULL AS DOUBLE))', null],
  ['round(e(), 1)', 2.7],
  ['truncate(-1.7)', -1],
  ['truncate(123.456, 1)', 123.4],
  ['width_bucket(5.3, 0, 10, 5)', 3],
  ['width_bucket(-1, 0, 10, 5)', 0],
  ['width_bucket(10, 0, 10, 5)', 6],
  ['width_bucket(5.3, 10, 0, 5)', 3],
  ['width_bucket(2.5, ARRAY[0.0, 2.0, 4.0])', 2],
  ['width_bucket(-5, ARRAY[0.0, 2.0, 4.0])', 0],
  ['width_bucket(CAST(NULL AS DOUBLE), ARRAY[0.0])', null],
  ['bitwise_and(19, 25)', 17],
  ['bitwise_or(19, 25)', 27],
  ['bitwise_xor(19, 25)', 10],
  ['bitwise_not(-12)', 11],
  ['bitwise_not(19)', -20],
  ['bitwise_and(19, NULL)', null],
  ['bitwise_left_shift(1, 2)', 4],
  ['bitwise_left_shift(5, 2)', 20],
  ['bitwise_left_shift(-1, 1)', -2],
  ['bitwise_left_shift(3, 63)', -9223372036854775808n],
  ['bitwise_right_shift(8, 3)', 1],
  ['bitwise_right_shift(9, 1)', 4],
  ['bitwise_right_shift(-45, 64)', 0],
  ['bitwise_right_shift(-1, 60)', 15],
  ['bitwise_right_shift_arithmetic(12, 64)', 0],
  ['bitwise_right_shift_arithmetic(-45, 64)', -1],
  ['bit_count(9, 64)', 2],
  ['bit_count(9, 8)', 2],
  ['bit_count(-7, 64)', 62],
  ['bit_count(-7, 8)', 6],
  ["from_base('ff', 16)", 255],
  ["from_base('-101', 2)", -5],
  ['to_base(255, 16)', 'ff'],
  ['greatest(1, 3, 2)', 3],
  ['greatest(1, NULL)', null],
  ["least('b', 'a')", 'a'],
  ['least(1, NULL)', null],
  ['random(5) BETWEEN 0 AND 4', true],
  ['cosine_similarity(ARRAY[1.0, 2.0], ARRAY[3.0, 4.0])', 0.9838699100999074],
  ['dot_product(ARRAY[1.0, 2.0], ARRAY[3.0, 4.0])', 11],
  // Lists.
  ['array_distinct(ARRAY[3, NULL, 1, 3, NULL])', [3, null, 1]],
  ['array_union(ARRAY[2, NULL], ARRAY[1, 2, NULL])', [2, null, 1]],
  ['array_except(ARRAY[3, NULL, 1, 3], ARRAY[1])', [3, null]],
  ['array_intersect(ARRAY[5, NULL, 1, 5], ARRAY[NULL, 5])', [5, null]],
  ['array_remove(ARRAY[1, NULL, 2], 2)', [1, null]],
  ['arrays_overlap(ARRAY[1, 2], ARRAY[2, NULL])', true],
  ['arrays_overlap(ARRAY[1, NULL], ARRAY[2])', null],
  ['arrays_overlap(ARRAY[1], ARRAY[2])', false],
  ['array_max(ARRAY[1, 3, 2])', 3],
  ['array_max(ARRAY[1, NULL])', null],
  ['array_min(ARRAY[1, NULL])', null],
  ['array_sort(ARRAY[2, NULL, 1])', [1, 2, null]],
  ['array_first(ARRAY[7, 8])', 7],
  ['array_last(ARRAY[7, 8])', 8],
  ['array_last(CAST(ARRAY[] AS INTEGER[]))', null],
  ['array_histogram(ARRAY[42, 7, 42, NULL])', { '7': 1, '42': 2 }],
  ["array_join(ARRAY['a', NULL, 'b'], ',')", 'a,b'],
  ["array_join(ARRAY['a', NULL, 'b'], ',', '?')", 'a,?,b'],
  ['array_position(ARRAY[5, 6], 6)', 2],
  ['array_position(ARRAY[5, 6], 7)', 0],
  ['trim_array(ARRAY[1, 2, 3, 4], 2)', [1, 2]],
  [
    'ngrams(ARRAY[1, 2, 3, 4], 2)',
    [
      [1, 2],
      [2, 3],
      [3, 4],
    ],
  ],
  ["ngrams(ARRAY['foo', 'bar'], 5)", [['foo', 'bar']]],
  ['sequence(1, 3)', [1, 2, 3]],
  ['sequence(3, 1)', [3, 2, 1]],
  ['sequence(1, 7, 3)', [1, 4, 7]],
  ["sequence(DATE '2026-01-06', DATE '2026-01-08')", ['2026-01-06', '2026-01-07', '2026-01-08']],
  ["repeat('ab', 2)", ['ab', 'ab']],
  ['reverse(ARRAY[1, 2])', [2, 1]],
  ["reverse('abc')", 'cba'],
  ['slice(ARRAY[1, 2, 3, 4], -2, 2)', [3, 4]],
  ['contains_sequence(ARRAY[1, 2, 3], ARRAY[2, 3])', true],
  ['flatten(ARRAY[ARRAY[1], ARRAY[2, 3]])', [1, 2, 3]],
  ['element_at(ARRAY[1, 2], -1)', 2],
  ['element_at(ARRAY[1, 2], 3)', null],
  ['zip_with(ARRAY[1, 2], ARRAY[3, 4], (x, y) -> x + y)', [4, 6]],
  ["zip_with(ARRAY['a'], ARRAY['d', NULL, 'f'], (x, y) -> coalesce(x, y))", ['a', null, 'f']],
  ['reduce(ARRAY[5, 20, 50], 0, (s, x) -> s + x, s -> s)', 75],
  ['transform(ARRAY[5, NULL, 6], x -> coalesce(x, 0) + 1)', [6, 1, 7]],
  // Maps.
  ["map_concat(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['b'], ARRAY[3]))", { a: 1, b: 3 }],
  ["element_at(MAP(ARRAY['a'], ARRAY[1]), 'b')", null],
  ["cardinality(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))", 2],
  ["multimap_from_entries(ARRAY[(1, 'x'), (2, 'y'), (1, 'z')])", { '1': ['x', 'z'], '2': ['y'] }],
  ["split_to_map('a=1&b=2', '&', '=')", { a: '1', b: '2' }],
  ["split_to_map('é=1', '&', '=')", { é: '1' }],
  ["split_to_multimap('a:1,a:2,b:3', ',', ':')", { a: ['1', '2'], b: ['3'] }],
  ["map_filter(MAP(ARRAY['k1', 'k2', 'k3'], ARRAY[20, 3, 15]), (k, v) -> v > 10)", { k1: 20, k3: 15 }],
  [
    "transform_values(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> k || CAST(v AS VARCHAR))",
    { a: 'a1', b: 'b2' },
  ],
  [
    "map_zip_with(MAP(ARRAY[1, 2], ARRAY['a', 'b']), MAP(ARRAY[1, 2], ARRAY['d', 'e']), (k, v1, v2) -> concat(v1, v2))",
    { '1': 'ad', '2': 'be' },
  ],
  [
    "map_zip_with(MAP(ARRAY['k1', 'k2'], ARRAY[1, 2]), MAP(ARRAY['k2'], ARRAY[4]), (k, v1, v2) -> coalesce(v1, 0) + coalesce(v2, 0))",
    { k1: 1, k2: 6 },
  ],
  // Text.
  ["concat('a', 'b', 'c')", 'abc'],
  ["concat('a', NULL)", null],
  ['concat(ARRAY[1], ARRAY[2])', [1, 2]],
  ["concat_ws(',', 'a', NULL, 'b')", 'a,b'],
  ["split('a.b.c', '.')", ['a', 'b', 'c']],
  ["split('a.b.c', '.', 2)", ['a', 'b.c']],
  ["split_part('a.b', '.', 3)", null],
  ["strpos('banana', 'an')", 2],
  ["strpos('banana', 'an', 2)", 4],
  ["strpos('banana', 'an', -1)", 4],
  ["strpos('banana', 'an', 3)", 0],
  ["strpos('banana', 'x', 1)", 0],
  ["luhn_check('79927398713')", true],
  ["luhn_check('79927398714')", false],
  ["regexp_extract('1a 2b 14m', '(\\d+)([a-z]+)', 2)", 'a'],
  ["regexp_extract('abc', '\\d+')", null],
  ["regexp_extract_all('1a 2b 14m', '(\\d+)([a-z]+)', 2)", ['a', 'b', 'm']],
  ["regexp_count('1a 2b 14m', '\\s*[a-z]+\\s*')", 3],
  ["regexp_split('1a 2b 14m', '\\s*[a-z]+\\s*')", ['1', '2', '14', '']],
  ["regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')", '3ca 3cb 14m'],
  ["regexp_position('I have 23 apples, 5 pears and 13 oranges', '\\b\\d+\\b')", 8],
  ["regexp_position('I have 23 apples, 5 pears and 13 oranges', '\\b\\d+\\b', 12)", 19],
  ["regexp_position('I have 23 apples, 5 pears and 13 oranges', '\\b\\d+\\b', 12, 2)", 31],
  ["regexp_position('I have 23 apples, 5 pears and 13 oranges', '\\b\\d+\\b', 12, 3)", -1],
  ["translate('abcda', 'a', 'z')", 'zbcdz'],
  ["normalize('e\u0301')", 'é'],
  ["levenshtein_distance('kitten', 'sitting')", 3],
  ["format('%s%%', 123)", '123%'],
  ["format('%.5f', pi())", '3.14159'],
  ["format('%03d', 8)", '008'],
  ["format('%,d', 1234567)", '1,234,567'],
  ["format('%s %s', 'a', NULL)", 'a null'],
  ["to_base64url(from_hex('fbff'))", '-_8='],
  ["to_hex(from_base64url('-_8='))", 'FBFF'],
  ["to_hex(md5(to_utf8('a')))", '0CC175B9C0F1B6A831C399E269772661'],
  ["to_hex(sha256(to_utf8('a')))", 'CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB'],
  ["lower(to_hex(sha1(to_utf8('a'))))", '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
  // JSON.
  [`json_value('{"a": {"b": "x"}}', 'lax $.a.b')`, 'x'],
  [`json_value('{"a": {"b": 1}}', 'strict $.a.b')`, '1'],
  [`json_value('{"a": {"b": 1}}', 'lax $.a')`, null],
  [`json_value('{"a": [{"b": 1}]}', 'lax $.a.b')`, '1'],
  [`json_value('{"a": [{"b": 1}]}', 'strict $.a.b')`, null],
  [`json_value('{"a": [1, 2]}', 'lax $.a[last]')`, '2'],
  [`json_value('{"a": null}', 'lax $.a')`, null],
  ["json_value('no json', 'lax $.a')", null],
  [`json_query('{"children": [10, 13]}', 'lax $.children')`, '[10,13]'],
  [`json_query('{"a": "x"}', 'lax $.a')`, '"x"'],
  [`json_query('{"a": [1, 2]}', 'lax $.a[*]')`, null],
  [`json_query('{"a b": {"c": 1}}', 'lax $."a b"')`, '{"c":1}'],
  [`json_exists('{"a": [1]}', 'lax $.a[0]')`, true],
  [`json_exists('{"a": [1]}', 'strict $.a[1]')`, false],
  [`json_exists('{"a": [{"b": 1}]}', 'lax $.a.b')`, true],
  [`json_exists('{"a": 1}', 'lax $.b')`, false],
  ["json_exists(NULL, 'lax $.a')", null],
  [`json_extract_scalar('{"a": [{"b": true}]}', '$.a[0].b')`, 'true'],
  [`json_array_get('["a", "b"]', -1)`, '"b"'],
  ["json_array_get('cut off {', 0)", null],
  [`json_array_contains('[1, 2, 3]', 2)`, true],
  [`json_size('{"x": {"a": 1, "b": 2}}', '$.x')`, 2],
  // Times.
  ["from_iso8601_date('2020-05-11')", '2020-05-11'],
  ["from_iso8601_date('2020-W10')", '2020-03-02'],
  ["from_iso8601_date('2020-123')", '2020-05-02'],
  ["to_iso8601(DATE '2026-01-07')", '2026-01-07'],
  ["to_iso8601(from_iso8601_timestamp('2020-05-11T11:15:05.055+01:00'))", '2020-05-11T10:15:05.055Z'],
  ["millisecond(TIMESTAMP '2001-08-22 03:04:05.321')", 321],
  ["date_diff('day', TIMESTAMP '2026-01-06 23:00:00', TIMESTAMP '2026-01-07 01:00:00')", 0],
  ["date_add('day', -1, TIMESTAMP '2020-03-01 00:00:00')", '2020-02-29T00:00:00'],
  ["with_timezone(TIMESTAMP '2022-11-01 09:08:07.321', 'America/Los_Angeles')", '2022-11-01T16:08:07.321Z'],
  ['from_unixtime_nanos(1500000)', '1970-01-01T00:00:00.0015Z'],
  ['human_readable_seconds(96)', '1 minute, 36 seconds'],
  ['human_readable_seconds(3762)', '1 hour, 2 minutes, 42 seconds'],
  ['human_readable_seconds(56363463)', '93 weeks, 1 day, 8 hours, 31 minutes, 3 seconds'],
  ["to_milliseconds(parse_duration('42.8ms'))", 43],
  ["to_milliseconds(parse_duration('3.81 d'))", 329_184_000],
  ["to_milliseconds(parse_duration('5m'))", 300_000],
  ["parse_data_size('1B')", 1],
  ["parse_data_size('2.3MB')", 2_411_724],
  ["week_of_year(DATE '2026-01-07')", 2],
]

it.each(VALUES)('%s', async (expression, value) => expect(await answerOf(expression)).toEqual(value))

const ROWS =
  "(select t.* from (values ('a', 1, true), ('b', 2, true), ('a', 3, false), ('c', null, true), (null, 5, true)) t(k, v, f), (select count(*) from athena.cloudtrail_logs))"
const AGGREGATES: readonly (readonly [expression: string, value: Plain])[] = [
  ["map_agg(k, v)['b']", 2],
  ["map_agg(k, v) filter (where f)['a']", 1],
  ['cardinality(map_agg(k, v))', 3],
  ["multimap_agg(k, v)['a']", [1, 3]],
  ["multimap_agg(k, v) filter (where v > 1)['a']", [3]],
  ['map_union(MAP(ARRAY[coalesce(v, 0)], ARRAY[k]))[2]', 'b'],
  ['reduce_agg(v, 0, (s, x) -> s + x, (a, b) -> a + b)', 11],
  ['approx_distinct(k)', 3],
  ['approx_distinct(k, 0.1) filter (where f)', 3],
  ['every(f)', false],
  ['every(f) filter (where v <> 3)', true],
  ['bitwise_and_agg(v)', 0],
  ['bitwise_or_agg(v)', 7],
  ['bitwise_xor_agg(v)', 5],
  ["max_by(v, coalesce(k, '0'))", null],
  ['max_by(k, v)', null],
  ['min_by(k, v)', 'a'],
  ['max_by(k, v, 2)', ['a', 'b']],
  ['approx_most_frequent(1, k, 10)', { a: 2 }],
  ['map_keys(histogram(k))', ['a', 'b', 'c']],
  ["array_join(array_agg(k ORDER BY k DESC) FILTER (WHERE k IS NOT NULL), '')", 'cbaa'],
  ['count_if(f)', 4],
  ['arbitrary(f) IS NOT NULL', true],
]

it.each(AGGREGATES)('%s', async (expression, value) =>
  expect(await answerOf(expression, ROWS)).toEqual(value),
)

describe('elsewhere', () => {
  const nowhere = '(select 1)'
  it("DuckDB's meaning stays, and Trino's is asked for with its schema", async () => {
    expect(await answerOf('greatest(1, null)', nowhere)).toBe(1)
    expect(await answerOf('trino.greatest(1, null)', nowhere)).toBeNull()
    expect(await answerOf("concat('a', null)", nowhere)).toBe('a')
    expect(await answerOf("trino.concat('a', null)", nowhere)).toBeNull()
    expect(await answerOf("repeat('ab', 2)", nowhere)).toBe('abab')
    expect(await answerOf("trino.repeat('ab', 2)", nowhere)).toEqual(['ab', 'ab'])
    expect(await answerOf("md5('a')", nowhere)).toBe('0cc175b9c0f1b6a831c399e269772661')
  })
  it('a path with its mode is one of SQL/JSON', async () => {
    expect(await answerOf(`json_value('{"a": [{"b": 1}]}', 'lax $.a.b')`, nowhere)).toBe('1')
    expect(await answerOf(`json_exists('{"a": 1}', 'strict $.a')`, nowhere)).toBe(true)
  })
})

it.each([
  [
    "json_value('{}', 'lax $.a?(@ > 1)')",
    /json_value, json_query and json_exists know members, items and wildcards/,
  ],
  ["format('%tY', 1)", /format does not know %t/],
  ["format('%s %s', 1)", /has no argument for %s/],
  ['format(eventname, 1)', /takes a constant format/],
  ['width_bucket(1, 2, 2, 3)', /the bounds cannot be equal/],
  ["ip_prefix('10.0.0.1', 33)", /0 to 32 bits/],
  ["from_base('z', 10)", /z is no digit of base 10/],
  [
    "hmac_sha256(to_utf8('a'), to_utf8('b'))",
    /Athena's function hmac_sha256 is not here: DuckDB has no such hash/,
  ],
])('%s is refused', async (expression, why) => {
  await expect(
    answerOf(
      `${expression}, t.n`,
      '(select count(*) as n, min(eventname) as eventname from athena.cloudtrail_logs) t',
    ),
  ).rejects.toThrow(why)
})

describe('the list of functions of Trino', () => {
  const allowed = new Set(knownFunctions().flatMap(({ allowed, name }) => (allowed ? [name] : [])))
  const own = new Set([
    ...[...ownFunctions()].map((name) => name.replace(/^trino\./, '')),
    ...Object.keys(CALLS),
    ...Object.keys(OTHER_MEANING),
  ])
  it.each([...functionsOfTrino()])('%s is where it says', (name, { here, note }) => {
    expect({ own: own.has(name) }).toEqual({ own: here === 'own' })
    if (here === 'duckdb') expect(allowed.has(name)).toBe(true)
    expect({ said: note !== '' }).toEqual({ said: here === 'not' })
  })
  it('is counted in the documentation', () => {
    const text = readFileSync(new URL('../../docs/queries-from-athena.md', import.meta.url), 'utf8').replace(
      /\s+/g,
      ' ',
    )
    const all = [...functionsOfTrino()].filter(([, { here }]) => here !== 'syntax')
    const not = all.filter(([, { here }]) => here === 'not')
    const aside = not.filter(([, { note }]) => note === 'it is not about logs')
    expect(text).toContain(
      `Of the ${all.length} functions that Trino documents, ${all.length - not.length} are here`,
    )
    expect(text).toContain(`${aside.length} are not about logs`)
    for (const [name, { note }] of not)
      if (note !== 'it is not about logs') expect(text).toContain(`\`${name}\``)
  })
})
