import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { commitAccess } from '../../src/api/access-table.ts'
import { operations } from '../../src/api/index.ts'
import { Problem } from '../../src/api/problem.ts'
import { type Listening, listen } from '../../src/server/listen.ts'
import { failures, type Served, served } from '../api/served.ts'
import { type EventSourceLike, listenTo } from './event-source.ts'

// New versions of the lake as server-sent events, over a socket: a commit is one message to each who listens.

const OPERATOR = 'operator:ana@example.com'
const TWICE = { interval: 50, timeout: 20_000 }
const PER_PERSON = 12

let lake: Served
let server: Listening
const open: EventSourceLike[] = []

beforeAll(async () => {
  lake = await served(undefined, 20)
  server = await listen(lake.app, '127.0.0.1', 0)
}, 240_000)
afterEach(async () => {
  for (const source of open.splice(0)) source.close()
  await expect.poll(listening, TWICE).toBe(0)
})
afterAll(async () => {
  await server.close()
  await lake.close()
  expect(failures).toEqual([])
})

const listening = () => lake.asking.services.versions.listening()
const newest = async () => (await lake.asking.services.lake.newest()).number

async function follow(as: string, query = ''): Promise<EventSourceLike> {
  const url = `http://127.0.0.1:${server.port}/api/new-versions${query}`
  const source = await listenTo((init) => fetch(url, init), { as })
  open.push(source)
  return source
}

/** A commit of a row. */
async function suppress(): Promise<number> {
  const given = { actor: 'nobody@example.com', until: '2100-01-01T00:00:00Z', reason: 'A drill.' }
  expect((await lake.post(OPERATOR, 'suppress', given)).status).toBe(200)
  return await newest()
}

it('tells what a new version is and no more, once to each who listens, whichever rows they see', async () => {
  const sources = await Promise.all(
    [OPERATOR, 'manager:dalia@example.com', 'auditor:eve@example.com', 'asked:goran@example.com'].map((as) =>
      follow(as),
    ),
  )
  const before = await newest()
  for (const { events, response } of sources) {
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    await expect.poll(() => events.length, TWICE).toBe(1)
    expect(events).toEqual([{ version: before, at: expect.any(String) }])
  }
  const after = await suppress()
  const contract = operations.find(({ name }) => name === 'new-versions')?.output
  for (const { events } of sources) {
    await expect.poll(() => events.length, TWICE).toBe(2)
    expect(events[1]).toEqual({ version: after, at: expect.any(String) })
    expect(contract?.safeParse(events[1]).error).toBeUndefined()
  }
})

it('tells whoever has a version of later ones only, and nothing of the access log', async () => {
  const at = await newest()
  const late = await follow(OPERATOR, `?after=${at - 1}`)
  const here = await follow(OPERATOR, `?after=${at}`)
  const ahead = await follow(OPERATOR, `?after=${at + 5}`)
  await expect.poll(() => late.events.length, TWICE).toBe(1)
  // Each of these calls is in the access log.
  await commitAccess(lake.asking.services.lake, lake.asking.accessLog)
  const logged = await newest()
  expect(logged).toBeGreaterThan(at)
  const since = await follow(OPERATOR, `?after=${at}`)
  const after = await suppress()
  for (const source of [late, here, ahead, since])
    await expect.poll(() => source.events.at(-1), TWICE).toMatchObject({ version: after })
  expect([late, here, ahead, since].map(({ events }) => events.length)).toEqual([2, 1, 1, 1])
})

it('takes no place of a question', async () => {
  const { admission } = lake.asking.services
  const sources = await Promise.all(Array.from({ length: 6 }, (_, at) => follow(`analyst:${at}@example.com`)))
  await expect.poll(() => sources.every(({ comments }) => comments > 1), TWICE).toBe(true)
  expect([listening(), admission.standing()]).toEqual([6, { inside: 0, waiting: 0 }])
})

it('refuses one person more streams than pages can be seen, until one is closed', async () => {
  for (let n = 0; n < PER_PERSON; n++) expect((await follow(OPERATOR)).response.status).toBe(200)
  const refused = await follow(OPERATOR)
  expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([503, '30'])
  expect(await refused.response.json()).toMatchObject({ title: 'Busy' })
  expect((await follow('analyst:kim@example.com')).response.status).toBe(200)
  open[0]?.close()
  await expect.poll(async () => (await follow(OPERATOR)).response.status, TWICE).toBe(200)
})

it('refuses wrong input', async () => {
  const url = `http://127.0.0.1:${server.port}/api/new-versions`
  expect((await fetch(`${url}?after=x`, { headers: { as: OPERATOR } })).status).toBe(422)
  expect((await fetch(url, { method: 'POST', headers: { as: OPERATOR } })).status).toBe(405)
})

it('is recorded in the access log, and frees its place where that fails', async () => {
  await follow('analyst:kim@example.com')
  const line = () =>
    lake.asking.accessLog.pending().findLast(({ operation, name }) => operation === 'new-versions' && name)
  expect(line()).toMatchObject({ name: 'kim@example.com', outcome: 'shown' })
  const { accessLog } = lake.asking
  const { write } = accessLog
  accessLog.write = async () => {
    throw new Problem(503, 'Not recorded', 'The disk is full.')
  }
  expect((await follow(OPERATOR)).response.status).toBe(503)
  accessLog.write = write
  expect(listening()).toBe(1)
})
