import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expand } from '../../src/envelopes/gzip.ts'
import { unwrap } from '../../src/envelopes/index.ts'
import { tableOf } from '../../src/ingest/tables.ts'
import { SQL_TYPE } from '../../src/lake/table.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import type { JsonObject, JsonValue, LogType } from '../../src/logtypes/contract.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { type PlainRow, rebuild } from '../../src/logtypes/rebuild.ts'
import { shapeOf } from '../../src/logtypes/shape.ts'
import { deliveredRecords } from './delivered.ts'
import { expectation, writtenRejects, writtenRows } from './expected.ts'
import { caseOf, fixtureFolder, fixturesOf, folderOf } from './fixtures.ts'
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

/** Every log type is the same kind of thing, and keeps what it is given. A new one needs no line here. */

test('the list names every folder of src/logtypes', () => {
  const folders = readdirSync('src/logtypes', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(logTypes.map(({ name }) => name).sort()).toEqual(folders.map(({ name }) => name).sort())
})

describe.each(logTypes.map((type) => [type.name, type] as const))('%s', (_, type) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await openEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  test('has the folder of a log type', () => {
    const folder = folderOf(type)
    for (const part of ['index.ts', 'columns.ts', 'flatten.sql', 'README.md', 'fixtures', 'queries']) {
      expect(existsSync(`${folder}/${part}`), part).toBe(true)
    }
    expect(folder.endsWith(`/${type.name}`)).toBe(true)
    expect(type.doc).toMatch(SENTENCE)
  })

  test('has columns with plain names and a sentence each', () => {
    const names = tableOf(type).columns.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
    for (const { doc } of type.columns) expect(doc).toMatch(SENTENCE)
    for (const { name } of type.columns) expect(name).not.toMatch(/^lake_|^unmapped$/)
    expect(names).toContain(type.id)
    expect(names).toContain(type.time)
  })

  test("has AWS's own names: a column is called like its path", () => {
    for (const { name, path } of type.columns) {
      if (path !== undefined) expect(name).toBe(path.toLowerCase().replaceAll('.', '_'))
    }
  })

  test('has a shape that its columns span', () => {
    const kinds = Object.fromEntries(leaves(type.shape).map(([path, kind]) => [path, kind]))
    expect(Object.keys(kinds)).toEqual(leaves(shapeOf(type.columns)).map(([path]) => path))
    expect(kinds[type.timeField]).toBe('time')
    for (const field of type.required) expect(Object.keys(type.shape)).toContain(field)
  })

  test('has a flatten.sql that gives the columns in their order and type', async () => {
    const described = await askRecords(engine, type, [], (rows) => `describe ${rows}`)
    const { columns } = tableOf(type)
    expect(described.map(({ column_name }) => column_name).sort()).toEqual(
      columns.map(({ name }) => name).sort(),
    )
    const own = described.slice(0, type.columns.length + 1)
    expect(own.map(({ column_name }) => column_name)).toEqual([
      ...type.columns.map(({ name }) => name),
      'unmapped',
    ])
    for (const [index, { column_type }] of own.entries()) {
      const wanted = columns[index]
      expect(SAME_TYPE[String(column_type)] ?? String(column_type).toLowerCase(), wanted?.name).toBe(
        wanted && SQL_TYPE[wanted.type],
      )
    }
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
    const fixtures = fixturesOf(type)
    let stored: StoredObjects
    let found: Map<string, Stored>

    beforeAll(async () => {
      const written = writeFixtures(fixtures)
      stored = await storeFiles(type, [written.folder])
      rmSync(written.folder, { recursive: true, force: true })
      found = new Map([...stored.objects].map(([uri, object]) => [caseOf(uri), object]))
    })
    afterAll(() => stored.close())

    test('have names of their own', () => {
      expect(new Set(fixtures.map((fixture) => fixture.case)).size).toBe(fixtures.length)
      const orphans = readdirSync(fixtureFolder(type)).filter((file) => !found.has(caseOf(file)))
      expect(orphans.filter((file) => file !== 'outcomes.json')).toEqual([])
    })

    test('have the outcomes that are written down', async () => {
      const outcomes: Record<string, object> = {}
      for (const { case: name, bytes } of fixtures) {
        const { opened } = await openHere(engine, type, bytes, false)
        const { outcome, logtype, ...ledger } = ledgerOf(name)
        expect(ledger.read).toBe(ledger.stored + ledger.repeated + ledger.rejected)
        const path = opened.places ? 'each record' : 'as a whole'
        outcomes[name] = { outcome, ...ledger, ...(ledger.stored > 0 ? { looked: path } : {}) }
      }
      expect(outcomes).toEqual(expectation(`${fixtureFolder(type)}/outcomes.json`, outcomes))
    })

    test.each(fixtures.map((fixture) => [fixture.case, fixture] as const))('%s', async (name, { bytes }) => {
      const { rows, rejects, ledger } = objectOf(name)
      const file = `${fixtureFolder(type)}/${name}`
      const writtenDown = writtenRows(rows, type)
      expect(writtenDown).toEqual(expectation(`${file}.rows.json`, writtenDown))
      const refused = writtenRejects(rejects)
      expect(refused).toEqual(expectation(`${file}.rejects.json`, refused))
      expect(rows.length).toBe(ledger.stored)
      expect(rejects.length).toBe(ledger.rejected)

      expectDelivered(rejects, bytes)
      await sameBothWays(name, bytes)
      expectNothingLost(type, deliveredRecords(bytes), objectOf(name))
    })

    /** What was rejected is kept as it was delivered, with its place. */
    function expectDelivered(rejects: readonly Reject[], bytes: Buffer): void {
      const expanded = expand(bytes, { maxBytes: 1 << 28 })
      const opened = expanded.ok ? unwrap(expanded.bytes) : undefined
      const array = opened?.kind === 'records' ? opened.records : bytes
      for (const { position, offset, bytes: kept } of rejects) {
        const place = Buffer.from(array.subarray(offset, offset + kept.length))
        const whole = bytes.subarray(0, kept.length)
        expect(place.equals(kept) || (rejects.length === 1 && whole.equals(kept)), `reject ${position}`).toBe(
          true,
        )
      }
    }

    /** The way for objects that fit as a whole and the way record by record give the same. */
    async function sameBothWays(name: string, bytes: Buffer): Promise<void> {
      const quick = await openHere(engine, type, bytes, false)
      if (quick.opened.places !== undefined || quick.rows === undefined) return
      const slow = await openHere(engine, type, bytes, true)
      expect(slow.opened.rejected, name).toEqual(quick.opened.rejected)
      expect(slow.opened.read).toBe(quick.opened.read)
      expect(writtenRows(slow.rows ?? [], type)).toEqual(writtenRows(quick.rows, type))
    }

    function objectOf(name: string): Stored {
      const object = found.get(name)
      if (!object) throw new Error(`the ledger has no row for ${name}`)
      return object
    }

    function ledgerOf(name: string) {
      return objectOf(name).ledger
    }

    const queries = readdirSync(type.queries).filter((file) => file.endsWith('.sql'))
    test('are what the queries are tried on', () => expect(queries.length).toBeGreaterThan(0))

    test.each(queries)('answer %s', async (file) => {
      expect(file).toMatch(/^[a-z][a-z0-9-]*\.sql$/)
      const text = readFileSync(new URL(file, type.queries), 'utf8')
      expect(text).toMatch(/^-- [A-Z].*[^.]\n-- [A-Z].*\.\n(--.*\n)*[^-]/)
      const rows = await stored.engine.objects(text)
      expect(rows.length, 'the fixtures hold something that it finds').toBeGreaterThan(0)
    })
  })
})

const SENTENCE = /^[A-Z`'"].{8,}\.$/s

const SAME_TYPE: Record<string, string> = {
  JSON: 'varchar',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
}

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

function leaves(shape: LogType['shape'], above = ''): [path: string, kind: string][] {
  return Object.entries(shape).flatMap(([field, kind]) =>
    typeof kind === 'string'
      ? [[`${above}${field}`, kind] as [string, string]]
      : leaves(kind, `${above}${field}.`),
  )
}
