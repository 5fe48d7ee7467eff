import { existsSync, readdirSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SQL_TYPE } from '../../src/lake/table.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { HOLDS, kindsOf, TEXT_ROLES } from '../../src/logtypes/contract.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { ROLES, type TextRole } from '../../src/scan/contract.ts'
import { tableOf } from '../../src/tables/index.ts'
import { expectation, writtenRejects, writtenRows } from './expected.ts'
import { caseOf, fixtureFolder, fixturesOf, folderOf } from './fixtures.ts'
import { askRecords } from './rows.ts'
import { type Stored, type StoredObjects, storeFiles, writeFixtures } from './stored.ts'

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
    const code = type.kind === 'prepared' ? 'prepare.ts' : 'flatten.sql'
    for (const part of ['index.ts', 'columns.ts', code, 'README.md', 'fixtures', 'queries']) {
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

  test('says of every column with text what it holds', () => {
    const texts = type.columns.filter(({ type: kind }) => ['string', 'json', 'binary'].includes(kind))
    expect(texts.filter(({ holds }) => holds === undefined).map(({ name }) => name)).toEqual([])
    for (const column of type.columns) {
      const kinds = kindsOf(column)
      for (const kind of kinds) expect(HOLDS, column.name).toContain(kind)
      if (kinds.includes('plain')) expect(kinds, column.name).toEqual(['plain'])
      if (!texts.includes(column)) expect(kinds, column.name).toEqual([])
    }
    for (const kind of ['account', 'region'] as const)
      expect(type.columns.filter((column) => kindsOf(column).includes(kind)).length).toBeLessThan(2)
  })

  test('says which columns have text that outsiders write', () => {
    for (const column of type.columns) {
      const kinds = kindsOf(column)
      if (column.text !== undefined && column.text !== 'system')
        expect(kinds, column.name).toContain('outside')
      if (WRITTEN_OUTSIDE.test(column.name)) expect(kinds, column.name).toContain('outside')
    }
  })

  test('names the role of a text of columns with text only, one that scan/ knows', () => {
    for (const { name, type: kind, text } of type.columns) {
      if (text === undefined) continue
      expect(['string', 'json'], name).toContain(kind)
      expect(TEXT_ROLES, name).toContain(text)
      expect(ROLES, name).toContain(text satisfies TextRole)
    }
  })

  test("has AWS's own names: a column is called like its path", () => {
    for (const { name, path } of type.columns) {
      if (path !== undefined) expect(name).toBe(path.toLowerCase().replaceAll('.', '_'))
    }
  })

  test('gives its columns in their order and type', async () => {
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

  describe('fixtures', () => {
    const fixtures = fixturesOf(type)
    let stored: StoredObjects
    let found: Map<string, Stored[]>

    beforeAll(async () => {
      const folder = writeFixtures(fixtures)
      stored = await storeFiles(type, [folder])
      rmSync(folder, { recursive: true, force: true })
      found = new Map()
      for (const [uri, object] of [...stored.objects].sort(([one], [other]) => (one < other ? -1 : 1))) {
        const name = caseOf(relative(folder, uri))
        found.set(name, [...(found.get(name) ?? []), object])
      }
    })
    afterAll(() => stored.close())

    test('have names of their own', () => {
      expect(new Set(fixtures.map((fixture) => fixture.case)).size).toBe(fixtures.length)
      const expectations = readdirSync(fixtureFolder(type)).filter((file) =>
        /\.(rows|rejects)\.json$/.test(file),
      )
      expect(expectations.filter((file) => !found.has(file.slice(0, file.indexOf('.'))))).toEqual([])
    })

    test('have the outcomes that are written down', () => {
      const outcomes: Record<string, object> = {}
      for (const { case: name } of fixtures) {
        const ledgers = objectsOf(name).map(({ ledger }) => {
          expect(ledger.read).toBe(ledger.stored + ledger.repeated + ledger.skipped + ledger.rejected)
          const { logtype, skipped, ...shown } = ledger
          return {
            ...shown,
            ...(skipped > 0 ? { skipped } : {}),
            ...(logtype && logtype !== type.name ? { logtype } : {}),
          }
        })
        outcomes[name] = ledgers.length === 1 ? (ledgers[0] as object) : ledgers
      }
      expect(outcomes).toEqual(expectation(`${fixtureFolder(type)}/outcomes.json`, outcomes))
    })

    test.each(fixtures.map((fixture) => fixture.case))('%s', (name) => {
      const objects = objectsOf(name)
      const file = `${fixtureFolder(type)}/${name}`
      const rows = writtenRows(
        objects.flatMap((object) => object.rows),
        type,
      )
      expect(rows).toEqual(expectation(`${file}.rows.json`, rows))
      const rejects = writtenRejects(objects.flatMap((object) => object.rejects))
      expect(rejects).toEqual(expectation(`${file}.rejects.json`, rejects))
      for (const { rows: own, rejects: refused, ledger } of objects) {
        if (ledger.logtype === type.name) expect(own.length).toBe(ledger.stored)
        expect(refused.length).toBe(ledger.rejected)
      }
    })

    function objectsOf(name: string): Stored[] {
      const objects = found.get(name)
      if (!objects) throw new Error(`the ledger has no row for ${name}`)
      return objects
    }
  })
})

/** What callers, users and programs fill in, whichever log it is. */
const WRITTEN_OUTSIDE =
  /useragent|errormessage|failurereason|requestparameters|bodyjson|^(prompt|completion|message|detail)$|_data$|customattributes/

const SENTENCE = /^[A-Z`'"].{8,}\.$/s

const SAME_TYPE: Record<string, string> = {
  JSON: 'varchar',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
}
