import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Digest, digestOf } from '../../src/analyze/digest/digest.ts'
import { readOf } from '../../src/analyze/read.ts'
import { digestPage } from '../../src/analyze/report/digest-page.ts'
import { htmlOf, markdownOf } from '../../src/analyze/report/page.ts'
import { openQueryEngine, type QueryEngine } from '../../src/query/question.ts'
import { freshPlace } from '../lakes.ts'
import { fill, lakeAt, makeCorpus, type Planted, SINCE, UNTIL, WORKER } from './corpus.ts'

let planted: Planted
let place: string
let queryEngine: QueryEngine
let digest: Digest
beforeAll(async () => {
  planted = makeCorpus({ principals: 6, calls: 10 })
  place = freshPlace()
  await fill(place, planted)
  const lake = lakeAt(place)
  queryEngine = await openQueryEngine(lake, { limits: { threads: 1, memory: '256MiB' } })
  digest = await make({})
})
afterAll(() => {
  queryEngine.close()
  for (const one of [place, planted.folder]) rmSync(one, { recursive: true, force: true })
})

async function make(selection: object, since = SINCE): Promise<Digest> {
  const read = readOf(queryEngine, await lakeAt(place).newest())
  const own = { roles: [WORKER], jobs: 'loglake-', places: [] }
  return await digestOf(read, { since, until: UNTIL, ...selection }, { own, lines: 100 })
}

it('every line names events that the lake has, in its window', async () => {
  const ids = [...new Set(digest.lines.flatMap((line) => line.ids))]
  const read = readOf(queryEngine, await lakeAt(place).newest())
  const [row] = await read<{ found: number }>(
    `select count(*) as found from cloudtrail where eventtime >= '${SINCE}'::timestamptz and eventid in (${ids.map((id) => `'${id}'`).join(', ')})`,
  )
  expect(row?.found).toBe(ids.length)
  expect(digest.lines.every((line) => line.ids.length > 0)).toBe(true)
})

it('tells what was planted, the gravest first, and nothing of our own', () => {
  const high = digest.lines.filter(({ severity }) => severity === 'high').map(({ call }) => call)
  for (const call of [
    'StopLogging',
    'DeleteTrail',
    'DeleteDetector',
    'ScheduleKeyDeletion',
    'CreateAccessKey',
  ])
    expect(high).toContain(call)
  const ids = digest.lines.flatMap((line) => line.ids)
  expect(ids.filter((id) => planted.own.includes(id))).toEqual([])
  expect(digest.own).toEqual({ role: 20, agent: 20, job: 0, place: 0 })
  expect(digest.lines.some(({ kind, principal }) => kind === 'new' && principal === 'mallory')).toBe(true)
})

it('is limited as it is asked to be', async () => {
  const only = await make({ services: ['iam'], principals: ['person-*'] })
  expect(new Set(only.lines.map(({ service }) => service).filter(Boolean))).toEqual(
    new Set(['iam.amazonaws.com']),
  )
  expect(only.lines.every(({ principal }) => principal.startsWith('person-') || principal === '')).toBe(true)
})

it('without days before it, says that nothing can be new', async () => {
  const first = await make({}, '2026-01-01T00:00:00Z')
  expect(first.past.days).toBe(0)
  expect(first.lines.filter(({ kind }) => kind === 'new' || kind === 'rare' || kind === 'loud')).toEqual([])
  expect(markdownOf(digestPage(first))).toContain('no days before it')
})

it('shows hostile names as text', () => {
  const page = digestPage(digest)
  expect(markdownOf(page)).not.toMatch(/!\[|\]\(http|<img/)
  expect(htmlOf(page)).not.toMatch(/<img|<script|<a /)
})
