import { expect, it } from 'vitest'
import type { TableDefinition } from '../lake/table.ts'
import { openEngine } from '../lib/duckdb.ts'
import { rowsOf } from './rows.ts'

const table: TableDefinition = {
  name: 'made',
  doc: 'Rows of the test.',
  key: ['id'],
  time: 'time',
  columns: [
    { name: 'id', type: 'long', doc: '' },
    { name: 'time', type: 'timestamptz', doc: '' },
  ],
} as never

/** @param time SQL of `n` */
async function ids(time: string, count: number): Promise<[id: number, time: unknown][]> {
  const engine = await openEngine({ threads: 1, memory: '128MiB' })
  try {
    await engine.run(
      `create table made as select (n * 7919) % ${count} as id, make_timestamptz((${time})::bigint) as time from range(${count}) as made (n)`,
    )
    const found: [number, unknown][] = []
    for await (const rows of rowsOf(engine, table, 'made', 'id >= 0'))
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
