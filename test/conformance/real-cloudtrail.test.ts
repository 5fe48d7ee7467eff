import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cloudtrail } from '../../src/logtypes/cloudtrail/index.ts'
import { deliveredRecords } from './delivered.ts'
import { expectNothingLost } from './nothing-lost.ts'
import { type Stored, type StoredObjects, storeFiles } from './stored.ts'

/** Real CloudTrail logs, which are not part of the project: see ../shared/data/README.md where they are there. */
const DATA = resolve('../shared/data/cloudtrail')
const isThere = existsSync(DATA)
if (!isThere) console.warn(`real CloudTrail logs are not tried: there is no ${DATA}`)

describe.skipIf(!isThere)('real CloudTrail logs', () => {
  const sets = new Map<string, StoredObjects>()
  beforeAll(async () => {
    for (const set of ['invictus', 'stratus', 'traildiscover', 'otrf']) {
      sets.set(set, await storeFiles(cloudtrail, [join(DATA, set)]))
    }
  })
  afterAll(() => {
    for (const set of sets.values()) set.close()
  })
  const objects = (set: string) => sets.get(set)?.objects as Map<string, Stored>

  test('invictus: 2,900 events, each once', () => {
    const { rows, outcomes } = sum(objects('invictus'))
    expect(rows.length).toBe(2900)
    expect(new Set(rows.map(({ eventid }) => eventid)).size).toBe(2900)
    expect(outcomes).toEqual({ stored: 55, [TEXT]: 2 })
  })

  test('stratus: 310 events', () => {
    const { rows, outcomes } = sum(objects('stratus'))
    expect(rows.length).toBe(310)
    expect(outcomes).toEqual({ stored: 35, [TEXT]: 1 })
  })

  test('traildiscover: what each file is', () => {
    const { rows, outcomes } = sum(objects('traildiscover'))
    // One file holds an event without eventVersion; 249 are there twice, under two names.
    expect(rows.length).toBe(314)
    expect(outcomes).toEqual({
      stored: 563,
      'skipped: no records in it': 21,
      [TEXT]: 4,
      'rejected: not JSON: it begins like HTML': 1,
      'rejected: 381 × no log type knows a record with the fields eventName, eventSource, awsService, description, mitreAttackTactics, mitreAttackTechniques and 9 more': 1,
    })
  })

  test('otrf: events that Logstash took the time from', () => {
    const { rows, outcomes } = sum(objects('otrf'))
    expect(rows).toEqual([])
    expect(outcomes).toEqual({
      [TEXT]: 4,
      'rejected: not JSON: it begins like a ZIP archive': 2,
      'rejected: 103 × the field eventTime is missing': 1,
    })
  })

  test.each([
    ['invictus', 2900, 0],
    ['stratus', 310, 0],
    ['traildiscover', 314, 249],
    ['otrf', 0, 0],
  ])('%s: nothing is lost', (set, stored, repeated) => {
    const files = objects(set)
    expect(files.size).toBe(filesBelow(join(DATA, set)))
    const rows = new Map(sum(files).rows.map((row) => [row.eventid, row]))
    let repeats = 0
    let kept = 0
    for (const [uri, object] of files) {
      const { ledger } = object
      expect(ledger.stored + ledger.repeated + ledger.rejected).toBe(ledger.read)
      repeats += ledger.repeated
      kept += ledger.stored
      if (ledger.outcome !== 'stored') continue
      const delivered = deliveredRecords(readFileSync(uri))
      expect(delivered, uri).toHaveLength(ledger.read)
      // A repeat's row is another file's: it must say the same.
      const ids = (delivered as { eventID: string }[]).map(({ eventID }) => eventID)
      const own = ids.map((id) => rows.get(id) ?? {})
      expectNothingLost(cloudtrail, delivered, { ...object, rows: own })
    }
    expect([kept, repeats]).toEqual([stored, repeated])
  })
})

const TEXT = 'rejected: not JSON: it begins like plain text'

/** All rows, and how many files met which end. */
function sum(objects: Map<string, Stored>) {
  const outcomes: Record<string, number> = {}
  for (const { ledger } of objects.values()) {
    const outcome = ledger.reason === null ? ledger.outcome : `${ledger.outcome}: ${ledger.reason}`
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  return { rows: [...objects.values()].flatMap(({ rows }) => rows), outcomes }
}

function filesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length
}
