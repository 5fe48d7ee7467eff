import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type CorpusPlan, fileCount, makeFile } from './corpus-events.ts'

interface Log {
  Records: {
    eventID: string
    eventTime: string
    requestID: string
    recipientAccountId: string
    [field: string]: unknown
  }[]
}

const plan: CorpusPlan = { events: 5200, eventsPerFile: 500, days: 7, accounts: 3, seed: 1, gzipLevel: 6 }

function recordsOf(index: number): Log['Records'] {
  return (JSON.parse(gunzipSync(makeFile(plan, index).bytes).toString('utf8')) as Log).Records
}

describe('a file of the corpus', () => {
  it('depends on its number only', () => {
    const [once, again, other] = [makeFile(plan, 4), makeFile(plan, 4), makeFile(plan, 5)]
    expect(again.key).toBe(once.key)
    expect(again.bytes.equals(once.bytes)).toBe(true)
    expect(other.key).not.toBe(once.key)
  })

  it('is of the size of real ones, and valid', () => {
    const file = makeFile(plan, 7)
    const Records = recordsOf(7)
    expect(Records).toHaveLength(500)
    expect(file.rawBytes / 500).toBeGreaterThan(1550)
    expect(file.rawBytes / 500).toBeLessThan(1780)
    expect(file.bytes.length).toBeGreaterThan(35_000)
    expect(file.bytes.length).toBeLessThan(55_000)
    expect(file.key).toContain(`/${Records[0]?.recipientAccountId}/CloudTrail/`)
  })

  it('is mostly what is called all day, each with its own ids', () => {
    const Records = [0, 6].flatMap((index) => recordsOf(index))
    const calls = Records.map(({ eventID, requestID, eventTime, userIdentity, ...rest }) =>
      JSON.stringify({ ...rest, additionalEventData: null }),
    )
    const counts = new Map<string, number>()
    for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1)
    const once = calls.filter((call) => counts.get(call) === 1).length
    expect(once / calls.length).toBeGreaterThan(0.04)
    expect(once / calls.length).toBeLessThan(0.16)
    expect(new Set(Records.map((each) => each.requestID)).size).toBe(1000)
  })

  it('shares no event with another, and all files together hold all events', () => {
    const files = Array.from({ length: fileCount(plan) }, (_, index) => makeFile(plan, index))
    const ids = files.flatMap((_, index) => recordsOf(index).map((each) => each.eventID))
    expect(new Set(ids).size).toBe(plan.events)
    expect(new Set(files.map((each) => each.key)).size).toBe(files.length)
  })
})
