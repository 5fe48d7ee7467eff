import { afterEach, expect, it } from 'vitest'
import type { Lake } from '../lake/lake.ts'
import { emptyFollowerReport, emptyReport } from './report.ts'
import type { Run } from './run.ts'
import { type Served, serve } from './serve.ts'

let served: Served | undefined
afterEach(async () => {
  await served?.close()
  served = undefined
})

const followers = [emptyFollowerReport('c')]
const reports = [emptyReport('a', 'folder'), emptyReport('b', 'folder')]
const lakeThat = (newest: () => Promise<unknown>) => ({ newest }) as unknown as Lake
const readable = lakeThat(async () => ({}))

async function get(path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${served?.port}${path}`, { method })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

async function begin(lake: Lake, change: Partial<Run> = {}) {
  served = await serve(
    lake,
    { reports, followers, ending: () => false, done: Promise.resolve(), ...change },
    0,
  )
}

it('is alive, ready and measured', async () => {
  await begin(readable)
  expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok\n' })
  const { status, text } = await get('/readyz')
  expect([status, JSON.parse(text)]).toEqual([
    200,
    {
      ready: true,
      lake: 'readable',
      ending: false,
      sources: { a: 'running', b: 'running' },
      followers: { c: 'running' },
    },
  ])
  expect(await get('/metrics')).toMatchObject({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
  })
  expect((await get('/else')).status).toBe(404)
  expect((await get('/metrics', 'POST')).status).toBe(405)
})

it.each([
  ['its lake cannot be read', lakeThat(() => Promise.reject(new Error('gone'))), {}],
  ['it ends', readable, { ending: () => true }],
  [
    'no source is running',
    readable,
    { reports: reports.map((one) => ({ ...one, status: 'failed' as const })) },
  ],
])('is alive and not ready when %s', async (_, lake, change) => {
  await begin(lake, change)
  expect((await get('/readyz')).status).toBe(503)
  expect((await get('/healthz')).status).toBe(200)
})

it('says when its port is taken', async () => {
  await begin(readable)
  const run: Run = { reports, followers, ending: () => false, done: Promise.resolve() }
  await expect(serve(readable, run, served?.port ?? 0)).rejects.toThrow(
    /port \d+ of 127\.0\.0\.1 is taken: .*--port/,
  )
})
