import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folder, ingest } from 'loglake'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pretendCredentials } from './json-service.ts'
import { entry, event, type LookupService, many, nowSeconds, startLookupService } from './lookup-service.ts'
import { rowsOf } from './program.ts'
import { lakeIn, openOf, runUntil } from './run-source.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-lookup-')))
afterAll(() => rmSync(root, { recursive: true }))
beforeAll(pretendCredentials)

let service: LookupService
beforeEach(async () => {
  service = await startLookupService()
})
afterEach(() => service.stop())

function opened(place: string, regions: string[], settings: object = {}) {
  const lake = lakeIn(place)
  const identity = { endpoint: service.endpoint }
  return {
    lake,
    source: openOf(lake, 'cloudtrail-lookup', 'history', {
      regions,
      identity,
      since: '1d',
      poll_seconds: 1,
      ...settings,
    }),
  }
}

const ids = async (place: string) =>
  (await rowsOf<{ eventid: string }>(place, 'select eventid from cloudtrail order by all')).map(
    ({ eventid }) => eventid,
  )

describe("CloudTrail's event history", () => {
  it('comes in Region by Region, page by page, each event once', async () => {
    const place = mkdtempSync(join(root, 'lake-'))
    service.history.set('eu-central-1', many(120, 'eu-central-1', 3600))
    service.history.set('us-east-1', many(3, 'us-east-1', 30))
    const { lake, source } = opened(place, ['eu-central-1', 'us-east-1'])
    const totals = await runUntil(lake, source, ({ records }) => records.read >= 123)
    expect(totals.records).toMatchObject({ read: 123, stored: 123, rejected: 0 })
    expect(await ids(place)).toEqual(
      [...service.history.values()]
        .flat()
        .map(({ EventId }) => EventId)
        .sort(),
    )
    const [object] = await rowsOf<Record<string, string>>(
      place,
      "select lake_object, envelope, source from ledger where lake_object like '%us-east-1%' limit 1",
    )
    expect(object).toMatchObject({ envelope: 'lookup-events', source: 'history' })
    expect(object?.lake_object).toMatch(
      /^cloudtrail-lookup:\/\/history\/us-east-1\/\d{4}\/\d\d\/\d\d\/\d{8}T\d{6}Z-\d{8}T\d{6}Z-[0-9a-f]{16}$/,
    )
  })

  it('goes on where the lake ends, and what came late is found', async () => {
    const place = mkdtempSync(join(root, 'lake-'))
    service.history.set('eu-central-1', many(5, 'eu-central-1', 4 * 3600))
    const first = opened(place, ['eu-central-1'])
    await runUntil(first.lake, first.source, ({ records }) => records.read >= 5)
    const asked = service.asked.length
    service.history.get('eu-central-1')?.push(entry('late', nowSeconds() - 600, 'eu-central-1'))
    const second = opened(place, ['eu-central-1'])
    const totals = await runUntil(second.lake, second.source, ({ records }) => records.stored >= 1)
    expect(totals.records).toMatchObject({ read: 1, stored: 1 })
    expect(await ids(place)).toContain('late')
    const { StartTime } = service.asked[asked]?.body ?? {}
    expect(nowSeconds() - StartTime).toBeLessThan(30 * 60)
  })

  it('is one row with what a trail delivers of it', async () => {
    const place = mkdtempSync(join(root, 'lake-'))
    const seconds = nowSeconds() - 3600
    const file = join(mkdtempSync(join(root, 'trail-')), 'trail.json')
    writeFileSync(file, JSON.stringify({ Records: [event('both', seconds, 'eu-central-1')] }))
    await ingest(lakeIn(place), folder([file]), { threads: 1, memory: '256MiB' })
    service.history.set('eu-central-1', [
      entry('both', seconds, 'eu-central-1'),
      entry('only', seconds, 'eu-central-1'),
    ])
    const { lake, source } = opened(place, ['eu-central-1'])
    const totals = await runUntil(lake, source, ({ records }) => records.read >= 2)
    expect(totals.records).toMatchObject({ stored: 1, repeated: 1 })
    expect(await ids(place)).toEqual(['both', 'only'])
  })

  it('a Region that is denied does not hold up the others, and throttling passes', async () => {
    const place = mkdtempSync(join(root, 'lake-'))
    service.history.set('eu-central-1', many(3, 'eu-central-1', 600))
    let throttled = 2
    service.refuse = ({ region }) => {
      if (region === 'us-east-1') return { refused: 'AccessDeniedException' }
      return throttled-- > 0 ? { refused: 'ThrottlingException', message: 'Rate exceeded' } : undefined
    }
    const { lake, source } = opened(place, ['us-east-1', 'eu-central-1'])
    const totals = await runUntil(lake, source, ({ records }) => records.read >= 3)
    expect(totals.records.stored).toBe(3)
    expect(source.counts?.()).toMatchObject({ 'denied: us-east-1': expect.any(Number) })
  })

  it('that is denied everywhere is a failure of the source', async () => {
    service.refuse = () => ({ refused: 'AccessDeniedException', message: 'not authorized' })
    const { lake, source } = opened(mkdtempSync(join(root, 'lake-')), ['eu-central-1'])
    await expect(runUntil(lake, source, () => false)).rejects.toThrow(/not authorized/)
  })
})
