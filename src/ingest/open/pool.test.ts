import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folder, ingest, lakeTables, localStorage, openLake } from 'loglake'
import { afterEach, beforeEach, expect, test } from 'vitest'

let place: string
let started = 0
const count = () => started++

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'loglake-pool-'))
  started = 0
  process.on('worker', count)
})
afterEach(() => {
  process.off('worker', count)
  rmSync(place, { recursive: true })
})

/** Ingests objects of 4,000 events, each a group of its own. */
async function ingestObjects(objects: number, threads: number): Promise<number> {
  const events = 4000
  for (let object = 0; object < objects; object++) {
    const record = (at: number) => ({
      eventVersion: '1.11',
      eventID: `00000000-0000-4000-8000-${String(object * events + at).padStart(12, '0')}`,
      eventTime: '2026-01-08T02:17:00Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
      awsRegion: 'eu-west-1',
      recipientAccountId: '111122223333',
      userAgent: 'x'.repeat(400),
    })
    const Records = Array.from({ length: events }, (_, at) => record(at))
    writeFileSync(join(place, `${object}.json`), JSON.stringify({ Records }))
  }
  const lake = openLake(localStorage(join(place, 'lake')), lakeTables)
  const { records } = await ingest(lake, folder([place]), { threads })
  return records.stored
}

test('a run of one object starts one thread, however many it may', async () => {
  expect(await ingestObjects(1, 4)).toBe(4000)
  expect(started).toBe(1)
})

test('a run of more objects starts more threads, and never more than it may', async () => {
  expect(await ingestObjects(6, 2)).toBe(24_000)
  expect(started).toBe(2)
})
