import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expand } from '../../src/envelopes/gzip.ts'
import { unwrap } from '../../src/envelopes/index.ts'
import { loadZstd } from '../../src/envelopes/zstd.ts'
import type { Shape } from '../../src/json/shape.ts'
import type { JsonObject, JsonValue } from '../../src/json/values.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import type { FlattenedType, LogType } from '../../src/logtypes/contract.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { type PlainRow, rebuild } from '../../src/logtypes/rebuild.ts'
import { shapeOf } from '../../src/logtypes/shape.ts'
import { deliveredRecords } from './delivered.ts'
import { expectation, writtenRows } from './expected.ts'
import { caseOf, fixtureFolder, fixturesOf } from './fixtures.ts'
import { expectNothingLost } from './nothing-lost.ts'
import { askRecords, openHere } from './rows.ts'
import {
  columnsOf,
  type Reject,
  type Stored,
  type StoredObjects,
  storeFiles,
  writeFixtures,
} from './stored.ts'

/** What holds for log types whose records DuckDB reads as they were delivered: a row can be put back together. */

const flattened = logTypes.filter((type): type is FlattenedType => type.kind === 'flattened')

describe.each(flattened.map((type) => [type.name, type] as const))('%s', (_, type) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await openEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  test('has a shape that its columns span', () => {
    const kinds = Object.fromEntries(leaves(type.shape).map(([path, kind]) => [path, kind]))
    expect(Object.keys(kinds)).toEqual(leaves(shapeOf(type.columns)).map(([path]) => path))
    expect(kinds[type.timeField]).toBe('time')
    for (const field of type.required) expect(Object.keys(type.shape)).toContain(field)
  })

  test('fills each column from its path, and from no other', async () => {
    const probed = type.columns.filter(({ path }) => path !== undefined)
    const records = probed.map(({ path, type: kind }, index) => {
      const record: JsonObject = { lake_unmapped: { probe: index } }
      put(record, path as string, PROBE[kind])
      return record
    })
    const select = (statement: string) => `select ${columnsOf(type)} from (${statement})`
    const rows = (await askRecords(engine, type, records, select)) as PlainRow[]
    expect(rows).toHaveLength(probed.length)
    const derived = new Set(type.columns.filter(({ path }) => path === undefined).map(({ name }) => name))
    for (const row of rows) {
      const column = probed[(JSON.parse(String(row.unmapped)) as { probe: number }).probe]
      const filled = type.columns.filter(({ name }) => row[name] !== null && !derived.has(name))
      expect(filled.map(({ name }) => name)).toEqual([column?.name])
      const { lake_unmapped, ...delivered } = records[probed.indexOf(column as never)] as JsonObject
      expect(rebuild({ ...row, unmapped: null }, { columns: probed })).toEqual(delivered)
    }
  })

  describe('fixtures', () => {
    const fixtures = fixturesOf(type).flatMap(({ files, ...fixture }) => {
      const [only] = files
      return files.length === 1 && only ? [{ ...fixture, ...only }] : []
    })
    let stored: StoredObjects
    let found: Map<string, Stored>

    beforeAll(async () => {
      await loadZstd()
      const folder = writeFixtures(fixturesOf(type))
      stored = await storeFiles(type, [folder])
      rmSync(folder, { recursive: true, force: true })
      found = new Map([...stored.objects].map(([uri, object]) => [caseOf(basename(uri)), object]))
    })
    afterAll(() => stored.close())

    test.each(fixtures.map((fixture) => [fixture.case, fixture] as const))('%s', async (name, { bytes }) => {
      const object = found.get(name)
      if (!object) throw new Error(`the ledger has no row for ${name}`)
      if (object.ledger.logtype !== null && object.ledger.logtype !== type.name) return
      // Out of a wrapper, only the rows tell.
      if (!['records', 'json', 'lookup-events'].includes(object.ledger.envelope)) return
      expectDelivered(object.rejects, bytes)
      await sameBothWays(name, bytes)
      expectNothingLost(type, deliveredRecords(bytes), object)
    })

    test('are looked at as a whole, or record by record', async () => {
      const looked: Record<string, string> = {}
      for (const { case: name, bytes } of fixtures) {
        if (found.get(name)?.ledger.logtype !== type.name) continue
        const { opened } = await openHere(engine, type, bytes, false)
        looked[name] = opened.locations ? 'each record' : 'as a whole'
      }
      expect(looked).toEqual(expectation(`${fixtureFolder(type)}/looked.json`, looked))
    })

    /** What was rejected is kept as it was delivered, with its place. */
    function expectDelivered(rejects: readonly Reject[], bytes: Buffer): void {
      const expanded = expand(bytes, { maxBytes: 1 << 28 })
      const opened = expanded.ok ? unwrap(expanded.bytes, { uri: 'object', writtenMs: 0 }) : undefined
      // Events of a lookup are texts in its document: there, places are those of their array.
      const isInside = opened?.kind === 'records' && opened.source
      const array =
        opened?.kind === 'records' && !isInside ? opened.records : expanded.ok ? expanded.bytes : bytes
      for (const { position, offset, bytes: kept } of rejects) {
        const place = Buffer.from(array.subarray(offset, offset + kept.length))
        // What could not be expanded has its place among the delivered bytes.
        const delivered = bytes.subarray(offset, offset + kept.length)
        expect(place.equals(kept) || delivered.equals(kept), `reject ${position}`).toBe(true)
      }
    }

    /** The way for objects that fit as a whole and the way record by record give the same. */
    async function sameBothWays(name: string, bytes: Buffer): Promise<void> {
      const quick = await openHere(engine, type, bytes, false)
      if (quick.opened.locations !== undefined || quick.rows === undefined) return
      const slow = await openHere(engine, type, bytes, true)
      expect(slow.opened.rejected, name).toEqual(quick.opened.rejected)
      expect(slow.opened.read).toBe(quick.opened.read)
      expect(writtenRows(slow.rows ?? [], type)).toEqual(writtenRows(quick.rows, type))
    }
  })
})

const PROBE: Record<LogType['columns'][number]['type'], JsonValue> = {
  string: 'a probe',
  boolean: true,
  long: 7,
  double: 0.5,
  timestamptz: '2026-01-07T22:16:43Z',
  date: '2026-01-07',
  json: { probe: [1, 'two'] },
  binary: 'AA==',
}

function put(record: JsonObject, path: string, value: JsonValue): void {
  const [field, ...rest] = path.split('.') as [string, ...string[]]
  if (rest.length === 0) record[field] = value
  else {
    record[field] ??= {}
    put(record[field] as JsonObject, rest.join('.'), value)
  }
}

function leaves(shape: Shape, above = ''): [path: string, kind: string][] {
  return Object.entries(shape).flatMap(([field, kind]) =>
    typeof kind === 'string'
      ? [[`${above}${field}`, kind] as [string, string]]
      : leaves(kind, `${above}${field}.`),
  )
}
