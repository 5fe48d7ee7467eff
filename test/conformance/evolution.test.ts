import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folder, ingest, lakeTables, localStorage, logTables, openLake, openQueryEngine } from 'loglake'
import { expect, test } from 'vitest'
import { ownTables } from '../../src/ledger/tables.ts'
import { verify } from '../../src/ledger/verify.ts'

/** A log type gets new columns: a lake that is there already takes them, and what it holds stays readable. */
test('a lake from before a column has it from then on', async () => {
  const root = mkdtempSync(join(tmpdir(), 'evolution-'))
  try {
    const added = ['actor_kind', 'actor']
    const before = logTables.map((table) => ({
      ...table,
      columns: table.columns.filter(({ name }) => table.name !== 'cloudtrail' || !added.includes(name)),
    }))
    const fixtures = 'src/logtypes/cloudtrail/fixtures'
    const storage = localStorage(join(root, 'lake'))
    await ingest(openLake(storage, [...before, ...ownTables]), folder([`${fixtures}/people.json`]), {
      threads: 1,
    })
    const lake = openLake(storage, lakeTables)
    await ingest(lake, folder([`${fixtures}/actors.json`]), { threads: 1 })

    const queryEngine = await openQueryEngine(lake)
    try {
      const ask = async (question: string) => {
        const answer = await queryEngine.ask(question)
        const rows: unknown[] = []
        for await (const row of answer.rows()) rows.push(row)
        answer.close()
        return rows
      }
      const [old, all] = await Promise.all([
        ask('select eventid from cloudtrail where actor_kind is null and useridentity_type is not null'),
        ask('select eventid from cloudtrail'),
      ])
      expect(old.length).toBeGreaterThan(0)
      expect(all.length).toBeGreaterThan(old.length)
      expect(await ask("select eventid from cloudtrail where actor = 'carol'")).toHaveLength(1)
      expect(await ask('select eventid from cloudtrail where lake_day is null')).toEqual([])
    } finally {
      queryEngine.close()
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

/** A column of a user's log type changes its type under a lake that is there: its files are sound all the same. */
test('a lake whose column has another type than its definition is told as such', async () => {
  const root = mkdtempSync(join(tmpdir(), 'evolution-'))
  try {
    const storage = localStorage(join(root, 'lake'))
    await ingest(openLake(storage, lakeTables), folder(['src/logtypes/cloudtrail/fixtures/people.json']), {
      threads: 1,
    })
    const changed = lakeTables.map((table) => ({
      ...table,
      columns: table.columns.map((column) =>
        table.name === 'cloudtrail' && column.name === 'eventname'
          ? { ...column, type: 'long' as const }
          : column,
      ),
    }))
    const lake = openLake(storage, changed)
    const { findings } = await verify(lake)
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ['other-type', 'column eventname is string in the lake and long in its definition'],
    ])
    const queryEngine = await openQueryEngine(lake)
    try {
      await expect(queryEngine.ask('select eventname from cloudtrail where eventname > 5')).rejects.toThrow(
        /the lake's table cloudtrail is another one: column eventname is string in the lake and long/,
      )
    } finally {
      queryEngine.close()
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})
