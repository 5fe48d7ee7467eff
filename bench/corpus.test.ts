import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type CorpusPlan, fileCount, makeFile } from './corpus-events.ts'

interface Log {
  Records: { eventID: string; eventTime: string; recipientAccountId: string }[]
}

const plan: CorpusPlan = { events: 5200, eventsPerFile: 500, days: 7, accounts: 3, seed: 1, gzipLevel: 6 }

describe('a file of the corpus', () => {
  it('depends on its number only', () => {
    const [once, again, other] = [makeFile(plan, 4), makeFile(plan, 4), makeFile(plan, 5)]
    expect(again.key).toBe(once.key)
    expect(again.bytes.equals(once.bytes)).toBe(true)
    expect(other.key).not.toBe(once.key)
  })

  it('is of the size of real ones, and valid', () => {
    const file = makeFile(plan, 7)
    const { Records } = JSON.parse(gunzipSync(file.bytes).toString('utf8')) as Log
    expect(Records).toHaveLength(500)
    expect(file.rawBytes / 500).toBeGreaterThan(1500)
    expect(file.rawBytes / 500).toBeLessThan(1800)
    expect(file.bytes.length).toBeGreaterThan(35_000)
    expect(file.bytes.length).toBeLessThan(60_000)
    expect(file.key).toContain(`/${Records[0]?.recipientAccountId}/CloudTrail/`)
  })

  it('shares no event with another, and all files together hold all events', () => {
    const files = Array.from({ length: fileCount(plan) }, (_, index) => makeFile(plan, index))
    const ids = files.flatMap((file) => {
      const { Records } = JSON.parse(gunzipSync(file.bytes).toString('utf8')) as Log
      return Records.map((each) => each.eventID)
    })
    expect(new Set(ids).size).toBe(plan.events)
    expect(new Set(files.map((each) => each.key)).size).toBe(files.length)
  })
})
