import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { ALL_SAMPLES, freshFolder, loglake, rowsOf } from './program.ts'

// `loglake run` tells people of reviews that wait for them: once, whenever it is killed.

const people = fileURLToPath(new URL('../../samples/people.csv', import.meta.url))
const folder = freshFolder()
const base = join(folder, 'base')

beforeAll(async () => {
  for (const command of [
    ['ingest', ALL_SAMPLES, '--lake', base],
    ['follow', '--once', '--lake', base],
  ]) {
    const { code, err } = await loglake(command)
    expect({ code, err }).toEqual({ code: 0, err: expect.any(String) })
  }
}, 120_000)

interface Message {
  id: string
  title: string
  page: string
  reviews: string[]
}

/** A lake with a run whose only source has no objects; it is told to end when it has done a round. */
function place(name: string, more = '') {
  const own = join(folder, name)
  cpSync(base, join(own, 'lake'), { recursive: true })
  mkdirSync(join(own, 'logs'))
  writeFileSync(
    join(own, 'loglake.yaml'),
    `lake: lake
run: { port: 0 }
serve: { url: https://loglake.example.com }
sources:
  nothing: { type: folder, paths: [logs] }
destinations:
  board: { type: file, path: board.ndjson }
review:
  people: ${people}
  remind:
    to: [board]${more}
`,
  )
  const board = join(own, 'board.ndjson')
  return {
    run: (killAt = 'reminders-done:1:SIGTERM') =>
      loglake(['run', '--config', join(own, 'loglake.yaml')], {
        cwd: own,
        env: { LOGLAKE_KILL_AT: killAt },
      }),
    told: (): Message[] =>
      existsSync(board)
        ? readFileSync(board, 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Message)
        : [],
    outcomes: () =>
      rowsOf<{ outcome: string; rows: number }>(
        join(own, 'lake'),
        'select outcome, count(*)::int as rows from review_notice group by all order by all',
      ),
  }
}

it('tells every reviewer once, with where to decide', async () => {
  const { run, told, outcomes } = place('once')
  const { code, err } = await run()
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('review reminders') })
  const first = told()
  expect(first.length).toBeGreaterThan(1)
  expect(first[0]).toMatchObject({ page: 'https://loglake.example.com/reviews' })
  expect(first.map(({ title }) => title).join()).toMatch(/reviews wait for dalia@example\.com, overdue/)
  await run()
  await run()
  // What went up to the next person in the first run is told to them, and nothing to anybody twice.
  const all = told().flatMap(({ title, reviews }) => {
    const [, who] = /wait for (\S+),/.exec(title) ?? []
    return reviews.map((id) => `${who} ${id}`)
  })
  expect(new Set(all).size).toBe(all.length)
  const [planned, sent] = await outcomes()
  expect([planned?.outcome, sent?.outcome]).toEqual(['planned', 'sent'])
  expect(sent?.rows).toBe(planned?.rows)
  expect(sent?.rows).toBe(all.length)
})

it.each(['reminders-planned', 'reminder-sent'])(
  'killed at %s, it goes on where it was: all are told, and what is told twice has the same id and words',
  async (step) => {
    const { run, told, outcomes } = place(`killed-${step}`)
    const { code } = await run(step)
    expect(code).not.toBe(0)
    const before = told()
    expect(before.length).toBe(step === 'reminders-planned' ? 0 : 1)
    await run()
    await run()
    const after = told()
    const ids = after.map(({ id }) => id)
    expect(new Set(ids).size).toBeGreaterThan(2)
    // Only the last one, which nobody had written down as sent, may come again.
    expect(ids.length - new Set(ids).size).toBe(before.length === 0 ? 0 : 1)
    const again = after.filter(({ id }) => id === before.at(-1)?.id)
    for (const one of again) expect(one).toEqual(again[0])
    const [planned, sent] = await outcomes()
    expect(sent?.rows).toBe(planned?.rows)
  },
)

it('says of a destination that is not there, where it is named', async () => {
  const { run } = place('odd', '\n    before_days: [3]')
  writeFileSync(
    join(folder, 'odd', 'loglake.yaml'),
    readFileSync(join(folder, 'odd', 'loglake.yaml'), 'utf8').replace('to: [board]', 'to: [bord]'),
  )
  const { code, err } = await run()
  expect(code).not.toBe(0)
  expect(err).toMatch(/there is no destination "bord" in loglake.yaml.*board/)
})
