import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { isoOf, slotBefore } from '../../src/analyze/schedule.ts'
import { keepSchedules } from '../../src/cli/analyze/schedule.ts'
import { type Journal, silent } from '../../src/run/journal.ts'
import { openLocation } from '../../src/workspace/open.ts'
import { freshFolder, loglake } from '../e2e/program.ts'
import { fill, makeCorpus, type Planted } from './corpus.ts'

// What a schedule remembers of who has got a digest.

const DAILY = { every: '24h', at: '00:00' }

let planted: Planted
let base: string
const places: string[] = []
/** The answer of the destination that may refuse. */
let answer = 200
let asked: string[] = []
let server: Server
beforeAll(async () => {
  planted = makeCorpus()
  base = freshFolder()
  await fill(join(base, 'lake'), planted)
  places.push(base, planted.folder)
  server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    asked.push(text)
    response.writeHead(answer).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterEach(() => {
  answer = 200
  asked = []
})
afterAll(() => {
  server.close()
  for (const place of places) rmSync(place, { recursive: true, force: true })
})

/** A lake whose digest is due. The destination that refuses comes first, so that others come after a failure. */
async function due() {
  const own = freshFolder()
  places.push(own)
  cpSync(join(base, 'lake'), join(own, 'lake'), { recursive: true })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`
  const config = join(own, 'loglake.yaml')
  const schedule = { morning: { ...DAILY, does: 'digest', to: ['moody', 'board', 'paper'] } }
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      lake: 'lake',
      run: { port: 0 },
      destinations: {
        moody: { type: 'webhook', url },
        board: { type: 'file', path: 'board.ndjson' },
        paper: { type: 'file', path: 'paper.ndjson' },
      },
      analyze: { schedule },
    }),
  )
  const slot = slotBefore(DAILY, Date.now())
  const { lake } = openLocation({ config })
  const before = { 'schedule/morning': isoOf(slot - 86_400_000) }
  await lake.commit('analyze', async () => ({ tables: {}, cursors: before }))
  const sent = (name: string) => {
    const text = readFileSync(join(own, `${name}.ndjson`), { encoding: 'utf8', flag: 'a+' })
    return text.split('\n').filter(Boolean).length
  }
  return { own, config, slot, board: () => sent('board'), paper: () => sent('paper') }
}

/** Keeps the schedule until something holds, trying again at once. */
async function keep(config: string, holds: (told: readonly string[]) => boolean): Promise<string[]> {
  const stop = new AbortController()
  const told: string[] = []
  const journal: Journal = { ...silent, note: (what) => void told.push(what) }
  const kept = keepSchedules(openLocation({ config }), journal, stop.signal, 1)
  while (!holds(told)) await wait(20)
  stop.abort()
  await kept
  return told
}

const times = (told: readonly string[], what: string) => told.filter((one) => one === what).length

it('who has got a digest gets it once, however often another refuses it; the other is asked again', async () => {
  const { config, board, paper } = await due()
  answer = 400
  await keep(config, (told) => times(told, 'schedule failed') === 3)
  expect([asked.length, board(), paper()]).toEqual([3, 1, 1])
  answer = 200
  const told = await keep(config, (all) => all.includes('schedule done'))
  expect(told).toEqual(['schedule done'])
  expect([asked.length, board(), paper()]).toEqual([4, 1, 1])
  expect(new Set(asked).size).toBe(1)
  // The slot is over: nothing is left for the next start.
  const { number } = await openLocation({ config }).lake.newest()
  expect(await keepFor(config, 300)).toEqual([])
  expect((await openLocation({ config }).lake.newest()).number).toBe(number)
})

async function keepFor(config: string, ms: number): Promise<string[]> {
  const until = performance.now() + ms
  return await keep(config, () => performance.now() > until)
}

it('a new slot is a new digest, for all', async () => {
  const { config, slot, board } = await due()
  await keep(config, (told) => told.includes('schedule done'))
  const { lake } = openLocation({ config })
  const before = isoOf(slot - 86_400_000)
  const cursors = Object.fromEntries(
    ['schedule/morning', ...['moody', 'board', 'paper'].map((to) => `schedule/morning/sent/${to}`)].map(
      (name) => [name, before],
    ),
  )
  expect((await lake.newest()).catalog.cursors).toMatchObject(
    Object.fromEntries(Object.keys(cursors).map((name) => [name, isoOf(slot)])),
  )
  await lake.commit('analyze', async () => ({ tables: {}, cursors }))
  await keep(config, (told) => told.includes('schedule done'))
  expect([asked.length, board()]).toEqual([2, 2])
})

it.each([
  ['before the lake knows it: it is sent once more', 'digest-sent:1', 2],
  ['after that: it is not sent again', 'digest-sent-kept:1', 1],
])('a run killed after a destination got it, %s', async (_, killAt, times) => {
  const { own, config, board, paper } = await due()
  answer = 400
  const { code } = await loglake(['run'], { cwd: own, env: { LOGLAKE_KILL_AT: killAt } })
  expect(code).not.toBe(0)
  expect([board(), paper()]).toEqual([1, 0])
  answer = 200
  await keep(config, (told) => told.includes('schedule done'))
  expect([asked.length, board(), paper()]).toEqual([2, times, 1])
})
