import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BrokenOff, type Engine, openEngine } from './duckdb.ts'
import { literal } from './sql.ts'

let folder: string
let engine: Engine | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'))
})
afterEach(() => {
  engine?.close()
  engine = undefined
  rmSync(folder, { recursive: true })
})

const copyOf = (rows: number, file: string) =>
  `copy (select range as n, md5(range::varchar) as text from range(${rows})) to ${literal(join(folder, file))} (format parquet)`

it('an engine fetches no extension, and loads none by itself', async () => {
  engine = await openEngine({ threads: 1 })
  const settings = ['autoinstall_known_extensions', 'autoload_known_extensions']
  for (const name of settings)
    expect([name, await engine.rows(`select current_setting('${name}')`)]).toEqual([name, [[false]]])
})

describe.each([
  { apart: false, threads: 1 },
  { apart: true, threads: 1 },
  { apart: true, threads: 2 },
])('a COPY with $threads threads, apart: $apart', (limits) => {
  it('answers what it wrote', async () => {
    engine = await openEngine(limits)
    expect(await engine.copy(copyOf(100_000, 'a.parquet'))).toEqual([[100_000n]])
    const file = literal(join(folder, 'a.parquet'))
    expect(await engine.rows(`select count(*), sum(n) from ${file}`)).toEqual([[100_000n, 4_999_950_000n]])
  })

  it('fails before its first row as it does after it, and the next one is none the worse', async () => {
    engine = await openEngine(limits)
    await expect(engine.copy(copyOf(10, 'nowhere/a.parquet'))).rejects.toThrow(/nowhere/)
    await expect(engine.copy('copy (select nothing) to 1')).rejects.toThrow()
    const late = `copy (select case when range < 90000 then range else error('too late') end from range(100000)) to ${literal(join(folder, 'b.parquet'))}`
    await expect(engine.copy(late)).rejects.toThrow(/too late/)
    expect(await engine.copy(copyOf(1, 'c.parquet'))).toEqual([[1n]])
  })

  it('leaves the other connections their turn', async () => {
    engine = await openEngine(limits)
    const beside = await engine.beside()
    const [copied, counted] = await Promise.all([
      engine.copy(copyOf(300_000, 'a.parquet')),
      beside.rows('select count(*) from range(1000)'),
    ])
    expect([copied, counted]).toEqual([[[300_000n]], [[1000n]]])
    beside.close()
  })
})

/** Processor time of each of this process's threads, in ticks. */
function ticks(): Map<string, number> {
  return new Map(
    readdirSync('/proc/self/task').map((task) => {
      const fields = readFileSync(`/proc/self/task/${task}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return [task, Number(fields[11]) + Number(fields[12])]
    }),
  )
}

it.runIf(existsSync('/proc/self/task'))('an engine apart copies with its own threads alone', async () => {
  const before = ticks()
  engine = await openEngine({ threads: 1, apart: true })
  for (let n = 0; n < 8; n++) await engine.copy(copyOf(400_000, `${n}.parquet`))
  const worked = [...ticks()].map(([task, count]) => ({ task, count: count - (before.get(task) ?? 0) }))
  const own = Math.max(...worked.filter(({ task }) => !before.has(task)).map(({ count }) => count))
  const others = worked.reduce((sum, { count }) => sum + count, 0) - own
  expect(own).toBeGreaterThan(others)
})

describe('rows on their way', () => {
  const read = async (question: string, each: (rows: number) => unknown = () => undefined) => {
    engine ??= await openEngine({ threads: 2 })
    const result = await engine.stream(question)
    let rows = 0
    for await (const chunk of result.chunks()) {
      rows += chunk.rowCount
      await each(rows)
    }
    return rows
  }

  it('come to their end, none or many', async () => {
    expect(await read('from range(0)')).toBe(0)
    expect(await read('from range(1000000)')).toBe(1_000_000)
    expect(await engine?.rows('select 1')).toEqual([[1]])
  })

  it('are not taken for all when one of them cannot be made', async () => {
    await expect(
      read("select case when i = 500000 then error('it') else i end from range(1000000) as t(i)"),
    ).rejects.toThrow(BrokenOff)
    expect(await read('from range(10)')).toBe(10)
  })

  it('are not taken for all when they are interrupted', async () => {
    const interrupt = (rows: number) => rows > 100_000 && engine?.connection.interrupt()
    await expect(read('from range(10000000)', interrupt)).rejects.toThrow(BrokenOff)
  })

  it('are not taken for all when another statement comes between', async () => {
    const between = (rows: number) => rows > 100_000 && engine?.run('create or replace temp table t (i int)')
    await expect(read('from range(10000000)', between)).rejects.toThrow(BrokenOff)
    expect(await engine?.rows('from t')).toEqual([])
  })

  it('may be left, and what stands behind them stays', async () => {
    engine = await openEngine({ threads: 1 })
    const result = await engine.stream('from range(10000000)')
    for await (const chunk of result.chunks()) if (chunk.rowCount > 0) break
    await engine.stream('from range(10000000)')
    await engine.run('create temp table t as select 7 as i')
    expect(await read('from t')).toBe(1)
  })
})
