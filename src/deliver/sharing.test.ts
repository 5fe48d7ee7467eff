import { expect, it } from 'vitest'
import { made } from '../../test/made-rows.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { rowsOf } from './rows.ts'
import { inTurn, readersNow } from './sharing.ts'

const ROWS = 40_000

interface Watched {
  sorting: number
  most: number
  statements: number
}

/** An engine whose statements are counted, on all of its connections. */
function watching(engine: Engine, seen: Watched): Engine {
  return {
    ...engine,
    beside: async () => watching(await engine.beside(), seen),
    async stream(sql, values) {
      seen.statements++
      seen.most = Math.max(seen.most, ++seen.sorting)
      try {
        return await engine.stream(sql, values)
      } finally {
        seen.sorting--
      }
    },
  }
}

/** Several read at once, each with an engine of its own. */
async function reading(readers: number): Promise<Watched> {
  const seen: Watched = { sorting: 0, most: 0, statements: 0 }
  await Promise.all(
    Array.from({ length: readers }, async () => {
      const engine = await openEngine({ threads: 1, memory: '128MiB' })
      await engine.run(
        `create table made as select n as id, make_timestamptz((n * 7919) % ${ROWS}) as time from range(${ROWS}) as made (n)`,
      )
      let rows = 0
      let before = 0
      for await (const some of rowsOf(watching(engine, seen), made, 'made', 'true')) {
        rows += some.length
        for (const { time } of some) {
          const seconds = Number(String(time).slice(17, -1))
          expect(seconds).toBeGreaterThanOrEqual(before)
          before = seconds
        }
      }
      expect(rows).toBe(ROWS)
      engine.close()
    }),
  )
  return seen
}

it('of routes that read at once, one sorts at a time, and each less the more they are', async () => {
  const alone = await reading(1)
  const five = await reading(5)
  expect([alone.most, five.most]).toEqual([1, 1])
  expect(five.statements).toBeGreaterThan(2 * 5 * alone.statements)
  expect(readersNow()).toBe(1)
})

it('work that fails does not hold up what waits for its turn', async () => {
  const failing = inTurn(async () => {
    throw new Error('it fails')
  })
  const next = inTurn(async () => 'done')
  await expect(failing).rejects.toThrow('it fails')
  expect(await next).toBe('done')
})

it('a reader that is given up is none any more', async () => {
  const engine = await openEngine({ threads: 1, memory: '128MiB' })
  await engine.run(
    `create table made as select n as id, make_timestamptz(n) as time from range(${ROWS}) as made (n)`,
  )
  for await (const rows of rowsOf(engine, made, 'made', 'true')) {
    expect(rows.length).toBeGreaterThan(0)
    break
  }
  await expect(rowsOf(engine, made, 'made', 'there is no such column').next()).rejects.toThrow()
  expect(readersNow()).toBe(1)
  engine.close()
})
