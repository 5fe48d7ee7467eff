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
    const { rows, objects: files } = sum(objects('invictus'))
    expect(rows.length).toBe(2900)
    expect(new Set(rows.map(({ eventid }) => eventid)).size).toBe(2900)
    expect(files).toEqual({ stored: 55, rejected: 2 })
  })

  test('stratus: 310 events', () => {
    const { rows, objects: files } = sum(objects('stratus'))
    expect(rows.length).toBe(310)
    expect(files).toEqual({ stored: 35, rejected: 1 })
  })

  test('traildiscover: what each file is', () => {
    const seen = new Map<string, number>()
    for (const [uri, { ledger }] of objects('traildiscover')) {
      const kind = `${uri.replace(/^.*?\.(?=[a-z]+(\.cloudtrail)?$)/, '')}: ${ledger.outcome}, ${ledger.reason ?? 'all of it'}`
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
    }
    console.log(seen)
  })

  test.each(['invictus', 'stratus', 'traildiscover', 'otrf'])('%s: nothing is lost', (set) => {
    const files = objects(set)
    expect(files.size).toBe(filesBelow(join(DATA, set)).length)
    let held = 0
    for (const [uri, stored] of files) {
      const { read, stored: kept, repeated, rejected } = stored.ledger
      expect(kept + repeated + rejected).toBe(read)
      if (stored.ledger.outcome !== 'stored') continue
      const delivered = deliveredRecords(readFileSync(uri))
      expect(delivered, uri).toBeDefined()
      if (repeated === 0) {
        expectNothingLost(cloudtrail, delivered, stored)
        held += kept
      }
    }
    console.log(
      set,
      held,
      sum(files).objects,
      [...files.values()].reduce((n, { ledger }) => n + ledger.repeated, 0),
    )
  })
})

function sum(objects: Map<string, Stored>) {
  const counts: Record<string, number> = {}
  for (const { ledger } of objects.values()) counts[ledger.outcome] = (counts[ledger.outcome] ?? 0) + 1
  return { rows: [...objects.values()].flatMap(({ rows }) => rows), objects: counts }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}
