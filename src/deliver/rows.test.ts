import { expect, it } from 'vitest'
import { made } from '../../test/made-rows.ts'
import type { TableDefinition } from '../lake/table.ts'
import { openEngine } from '../lib/duckdb.ts'
import { rowsOf } from './rows.ts'

/** @param time SQL over `n` */
async function ids(time: string, count: number): Promise<[id: number, time: unknown][]> {
  const engine = await openEngine({ threads: 1, memory: '128MiB' })
  try {
    await engine.run(
      `create table made as select (n * 7919) % ${count} as id, make_timestamptz((${time})::bigint) as time from range(${count}) as made (n)`,
    )
    const found: [number, unknown][] = []
    for await (const rows of rowsOf(engine, made, 'made', 'id >= 0'))
      found.push(...rows.map(({ id, time }): [number, unknown] => [Number(id), time]))
    return found
  } finally {
    engine.close()
  }
}

it.each([
  ['in any order', '(n * 104729) % 1000003'],
  ['the same for all', '5'],
  ['the same for many', 'n % 3'],
  ['null for some', 'case when n % 5 <> 0 then (n * 104729) % 1000003 end'],
  ['null for all', 'null'],
])('more rows than are sorted at once come once each, by time and id: times are %s', async (_, time) => {
  const count = 40_000
  const found = await ids(time, count)
  expect(new Set(found.map(([id]) => id)).size).toBe(count)
  expect(found).toHaveLength(count)
  const micros = (at: unknown) =>
    at === undefined ? Number.POSITIVE_INFINITY : Number(`${String(at).slice(17, -1)}`)
  const sorted = found.toSorted(([one, a], [other, b]) =>
    micros(a) === micros(b) ? one - other : micros(a) - micros(b),
  )
  expect(found).toEqual(sorted)
})

it('values of every type come to the digit, and null columns not at all', async () => {
  const types = ['string', 'boolean', 'long', 'double', 'timestamptz', 'date', 'json', 'binary'] as const
  const every = {
    name: 'every',
    doc: 'Rows of the test.',
    columns: [{ name: 'n', type: 'long', doc: '' }, ...types.map((type) => ({ name: type, type, doc: '' }))],
    key: ['n'],
  } as unknown as TableDefinition
  const engine = await openEngine({ threads: 1, memory: '128MiB' })
  try {
    await engine.run(
      `create table every as select * from (values
        (1, $1::varchar, true, 9007199254740991::bigint, 0.1::double, timestamptz '2026-01-07 22:16:43.12Z', date '0001-01-01', $2::varchar, 'a"\\x00'::blob),
        (2, null, false, 9007199254740992::bigint, 'nan'::double, timestamptz '0001-01-01 00:00:00Z', date '9999-12-31', null, null),
        (3, '', null, (-9223372036854775808)::bigint, '-inf'::double, timestamptz '1969-12-31 23:59:59.999999Z', null, '7', ''::blob),
        (4, null, null, -1::bigint, 1e300::double, timestamptz '9999-12-31 23:59:59.5Z', null, null, null),
        (5, null, null, null, null, null, null, null, null)
      ) as made (n, string, boolean, long, double, timestamptz, date, json, "binary")`,
      ['"\u0000\u001b[31m</script>\u2028\ud83d\ude00', '{"a": 1.0}'],
    )
    const found = []
    for await (const rows of rowsOf(engine, every, 'every', 'true')) found.push(...rows)
    expect(found).toEqual([
      {
        n: 1,
        string: '"\u0000\u001b[31m</script>\u2028\ud83d\ude00',
        boolean: true,
        long: 9007199254740991,
        double: 0.1,
        timestamptz: '2026-01-07T22:16:43.12Z',
        date: '0001-01-01',
        json: '{"a": 1.0}',
        binary: 'YSIA',
      },
      {
        ...{ n: 2, boolean: false, long: '9007199254740992', double: 'NaN' },
        ...{ timestamptz: '0001-01-01T00:00:00Z', date: '9999-12-31' },
      },
      {
        ...{ n: 3, string: '', long: '-9223372036854775808', double: '-Infinity' },
        ...{ timestamptz: '1969-12-31T23:59:59.999999Z', json: '7', binary: '' },
      },
      { n: 4, long: -1, double: 1e300, timestamptz: '9999-12-31T23:59:59.5Z' },
      { n: 5 },
    ])
  } finally {
    engine.close()
  }
})
