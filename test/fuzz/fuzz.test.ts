import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  allLogTypes,
  folder,
  ingest,
  type Lake,
  lakeTables,
  localStorage,
  openLake,
  type Totals,
  tableOf,
} from 'loglake'
import { expect, test } from 'vitest'
import { readParquet } from '../../src/lake/parquet.ts'
import { openEngine } from '../../src/lib/duckdb.ts'
import { identifier } from '../../src/lib/sql.ts'
import { full } from '../faults/form.ts'
import { printTable } from '../faults/tally.ts'
import { MUTATIONS } from './mutations.ts'
import { NEIGHBOURS } from './neighbours.ts'
import { damagedObject, type FuzzObject, fixtureObjects, objectOf, randomOf, targetsOf } from './objects.ts'
import { definitionFixture } from './own.ts'

/**
 * Every value of every fixture is changed in every way of `mutations.ts`, or in as many of them as there is time for, and
 * the records come alone, and mixed with good ones of all log types. Whatever they are: no run ends, no object is lost, no good
 * record is lost, and the numbers add up.
 */

const SEED = Number(process.env.LOGLAKE_SEED ?? 20261129)
/** Changed records, and objects whose bytes were changed. */
const RECORDS = full ? 110_000 : 2_500
const DAMAGED = full ? 6_000 : 150
/** Objects of one run. */
const RUN = 1_000

const onboarded = { definitions: [definitionFixture.definition], hashKey: 'a secret of hashes' }
const types = allLogTypes(onboarded)

test(`whatever a record holds, no other is lost (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
  const random = randomOf(SEED)
  const fixtures = fixtureObjects()
  const targets = targetsOf(fixtures)
  const cases = targets.length * MUTATIONS.length
  const totals = { objects: 0, changed: 0, good: 0, bytes: 0 }
  const records = { read: 0, stored: 0, repeated: 0, skipped: 0, rejected: 0 }
  const outcomes = new Map<string, number>()
  const codes = new Map<string, number>()
  const wrong: string[] = []

  for (let changed = 0, damaged = 0; changed < RECORDS || damaged < DAMAGED; ) {
    const objects: FuzzObject[] = []
    while (objects.length < RUN && (changed < RECORDS || damaged < DAMAGED)) {
      const number = totals.objects + objects.length
      if (damaged / DAMAGED < changed / RECORDS && damaged < DAMAGED) {
        objects.push(damagedObject(random, number, fixtures))
        damaged++
        continue
      }
      // A step that has no divisor in common with their number goes through all of them before one comes again.
      const some = Array.from({ length: random() < 0.5 ? 1 : 2 + Math.floor(random() * 12) }, () =>
        Number((BigInt(changed++) * 2_654_435_761n + BigInt(SEED)) % BigInt(cases)),
      )
      objects.push(objectOf(random, number, some, targets))
      totals.changed += some.length
    }
    const found = await bringIn(objects)
    totals.objects += objects.length
    totals.good += objects.reduce((sum, { good }) => sum + good.length, 0)
    totals.bytes += objects.reduce((sum, { bytes }) => sum + bytes.length, 0)
    for (const name of Object.keys(records) as (keyof typeof records)[])
      records[name] += found.totals.records[name]
    for (const [name, count] of found.outcomes) outcomes.set(name, (outcomes.get(name) ?? 0) + count)
    for (const [name, count] of found.codes) codes.set(name, (codes.get(name) ?? 0) + count)
    wrong.push(...found.wrong)
    if (wrong.length > 50) break
  }

  printTable([
    ['fuzz', `seed ${SEED}`],
    ...Object.entries({
      'values of fixtures': targets.length,
      'ways to change one': MUTATIONS.length,
      'changed records': totals.changed,
      'good records': totals.good,
      'objects of damaged bytes': DAMAGED,
      objects: totals.objects,
      bytes: totals.bytes,
    }).map(([name, count]) => [name, String(count)]),
    ...[...outcomes].map(([name, count]) => [`objects ${name}`, String(count)]),
    ...Object.entries(records).map(([name, count]) => [`records ${name}`, String(count)]),
    ...[...codes].map(([name, count]) => [`rejects ${name}`, String(count)]),
    ['wrong', String(wrong.length)],
  ])
  expect(wrong.slice(0, 20)).toEqual([])
  expect(totals.changed).toBeGreaterThanOrEqual(RECORDS)
})

interface Found {
  totals: Totals
  outcomes: Map<string, number>
  codes: Map<string, number>
  wrong: string[]
}

/** Brings objects into a lake of their own, and says what is wrong with what it then holds. */
async function bringIn(objects: readonly FuzzObject[]): Promise<Found> {
  const root = mkdtempSync(join(tmpdir(), 'fuzz-'))
  try {
    for (const { file, bytes } of objects) {
      const path = join(root, 'logs', file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
      // Delivered long ago: what is missing beside it is not waited for.
      utimesSync(path, new Date('2026-01-08'), new Date('2026-01-08'))
    }
    const own = types.find(({ name }) => name === definitionFixture.name)
    const tables = [...lakeTables, ...(own ? [tableOf(own)] : [])]
    const lake = openLake(localStorage(join(root, 'lake')), tables)
    const totals = await ingest(lake, folder([join(root, 'logs')]), { onboarded })
    return await judged(lake, totals, objects, join(root, 'logs'))
  } catch (thrown) {
    const changes = objects.map(({ file, changes }) => `${file} ${changes.join('; ')}`)
    throw new Error(`a run ended: ${(thrown as Error).stack}\nit was of\n${changes.join('\n')}`)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function judged(
  lake: Lake,
  totals: Totals,
  objects: readonly FuzzObject[],
  logs: string,
): Promise<Found> {
  const wrong: string[] = []
  const outcomes = new Map<string, number>()
  const codes = new Map<string, number>()
  const version = await lake.newest()
  const engine = await openEngine({ threads: 2 })
  const add = (to: Map<string, number>, name: string, count = 1) => to.set(name, (to.get(name) ?? 0) + count)
  try {
    for (const definition of lake.tables.values()) {
      const found = await version.table(definition.name)
      const files = (await found?.files()) ?? []
      const local = await Promise.all(files.map(({ path }) => lake.storage.local(found?.keyOf(path) ?? '')))
      if (!found || local.length === 0) continue
      await engine.run(
        `create table ${identifier(definition.name)} as from ${readParquet(local, found.schema, definition)}`,
      )
    }
    const has = new Set((await engine.rows('select table_name from duckdb_tables()')).map(([name]) => name))
    const ledger = await engine.objects('from ledger')
    const rows = new Map<unknown, Record<string, unknown>>(ledger.map((row) => [row.lake_object, row]))
    const stored = new Map<string, number>()
    const names = new Map<string, Set<string>>()
    for (const { name, columns } of types) {
      if (!has.has(name)) continue
      for (const [uri, count] of await engine.rows(
        `select lake_object, count(*)::double from ${identifier(name)} group by all`,
      ))
        add(stored, String(uri), Number(count))
      for (const column of [...columns.filter(({ type }) => type === 'json'), { name: 'unmapped' }]) {
        const [bad] = await engine.rows(
          `select count(*)::double, min(lake_object), min(left(${identifier(column.name)}, 300)) from ${identifier(name)} where not json_valid(${identifier(column.name)})`,
        )
        if (Number(bad?.[0]) > 0) wrong.push(`${name}.${column.name} holds no JSON: ${bad?.[1]} ${bad?.[2]}`)
      }
      const neighbour = NEIGHBOURS.find(({ table }) => table === name)
      if (!neighbour) continue
      const found = await engine.rows(
        `select lake_object || ' ' || ${identifier(neighbour.column)} from ${identifier(name)}`,
      )
      names.set(name, new Set(found.map(([one]) => String(one))))
    }
    const rejects = new Map<string, number>()
    if (has.has('reject')) {
      for (const [uri, code, count] of await engine.rows(
        'select lake_object, code, count(*)::double from reject group by all',
      )) {
        add(rejects, String(uri), Number(count))
        add(codes, String(code), Number(count))
      }
      for (const [uri, reason] of await engine.rows(
        "select lake_object, reason from reject where code = 'unexpected'",
      ))
        wrong.push(`${uri}: ${reason}`)
    }

    const sum = { read: 0, stored: 0, repeated: 0, skipped: 0, rejected: 0 }
    for (const { file, changes, records, good } of objects) {
      const uri = join(logs, file)
      const complain = (what: string) => wrong.push(`${file}: ${what} (${changes.join('; ')})`)
      const row = rows.get(uri)
      if (!row) {
        complain('it is not in the ledger')
        continue
      }
      add(outcomes, String(row.outcome))
      const count = (name: keyof typeof sum) => {
        sum[name] += Number(row[`records_${name}`])
        return Number(row[`records_${name}`])
      }
      const read = count('read')
      const parts = count('stored') + count('repeated') + count('skipped') + count('rejected')
      if (read !== parts) complain(`${read} records were read, ${parts} are accounted for`)
      if (Number(row.records_stored) !== (stored.get(uri) ?? 0))
        complain(`${row.records_stored} rows are in the ledger, ${stored.get(uri) ?? 0} in the tables`)
      if (Number(row.records_rejected) !== (rejects.get(uri) ?? 0))
        complain(`${row.records_rejected} rejects are in the ledger, ${rejects.get(uri) ?? 0} in their table`)
      if (good.length > 0 && read < records) complain(`${read} records were read of ${records}`)
      for (const { neighbour, name } of good)
        if (!names.get(neighbour.table)?.has(`${uri} ${name}`))
          complain(`a good record of ${neighbour.table} is not stored, ${row.reason}`)
    }
    for (const name of Object.keys(sum) as (keyof typeof sum)[])
      if (sum[name] !== totals.records[name])
        wrong.push(`${name}: ${sum[name]} in the ledger, ${totals.records[name]} in the account`)
    const { listed, already, failed, released } = totals.objects
    if (listed !== objects.length || already + failed + released > 0)
      wrong.push(`of ${objects.length} objects, ${listed} were listed, ${failed} failed`)
  } finally {
    engine.close()
  }
  return { totals, outcomes, codes, wrong }
}
