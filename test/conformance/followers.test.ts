import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Follower, folder, ingest, lakeTables, localStorage, logTables, openLake } from 'loglake'
import { afterAll, describe, expect, it } from 'vitest'
import { replay } from '../../src/follow/replay.ts'
import { followersOf } from '../../src/follow/standing.ts'
import { followers, followerTables } from '../../src/followers/index.ts'
import { compact } from '../../src/lake/compact.ts'
import { OWN_COLUMNS, type TableDefinition } from '../../src/lake/table.ts'
import { ownTables } from '../../src/ledger/tables.ts'
import { verify } from '../../src/ledger/verify.ts'
import { ask } from '../../src/query/question.ts'
import { silent } from '../../src/run/journal.ts'
import { metricsText } from '../../src/run/metrics.ts'
import { run } from '../../src/run/run.ts'

const docs = readFileSync(new URL('../../docs/followers.md', import.meta.url), 'utf8')

describe.each(followers.map((follower) => [follower.name, follower] as const))(
  'the follower %s',
  (name, follower) => {
    it('has a name for cursors, says what it does, and is in the documentation with its tables', () => {
      expect(name).toMatch(/^[a-z][a-z0-9_-]*$/)
      expect(follower.doc).toMatch(/^[A-Z].*\.$/)
      expect(docs).toContain(`\`${name}\``)
      for (const table of follower.writes) expect(docs, table.name).toContain(`\`${table.name}\``)
    })

    it('reads tables that are there, and writes tables that the ledger does not account for', () => {
      const known = new Set([...logTables, ...followerTables].map((table) => table.name))
      for (const table of follower.tables) expect(known).toContain(table.name)
      for (const table of follower.writes) {
        expect(table.derived, table.name).toBe(true)
        for (const column of table.columns)
          expect(column.doc, `${table.name}.${column.name}`).toMatch(/^[A-Z`].*\.$/)
        // Rows of a table that a rebuild empties would come to its followers again.
        if (follower.again === 'rebuild') expect(table.overwritten, table.name).toBe(true)
      }
    })
  },
)

it('no table is written by a follower and by somebody else', () => {
  const others = new Set([...logTables, ...ownTables].map(({ name }) => name))
  expect(followerTables.filter(({ name }) => others.has(name))).toEqual([])
  const rebuilt = followers.filter(({ again }) => again === 'rebuild').flatMap(({ writes }) => writes)
  expect(new Set(rebuilt).size).toBe(rebuilt.length)
})

/** A made-up sibling: nothing but this object, and its place in a list, makes it a follower. */
describe('a follower that was made up for this test', () => {
  const root = mkdtempSync(join(tmpdir(), 'loglake-followers-'))
  afterAll(() => rmSync(root, { recursive: true }))
  const [cloudtrail] = logTables.filter(({ name }) => name === 'cloudtrail')
  const refusal: TableDefinition = {
    name: 'refusal',
    doc: 'One row per call that was refused.',
    derived: true,
    columns: [
      { name: 'eventid', type: 'string', doc: 'The event.' },
      { name: 'errorcode', type: 'string', doc: 'Why it was refused.' },
      ...OWN_COLUMNS,
    ],
  }
  const refusals: Follower = {
    name: 'refusals',
    doc: 'Notes what was refused.',
    tables: cloudtrail ? [cloudtrail] : [],
    writes: [refusal],
    again: 'replay',
    async work({ added, end }) {
      const rows = `select eventid, errorcode, lake_day, lake_object, lake_ingested_at
        from ${added.get('cloudtrail')?.rows} where errorcode is not null`
      return { rows: { refusal: rows }, cursor: end }
    },
  }
  const lake = openLake(localStorage(join(root, 'lake')), [...lakeTables, refusal])
  const limits = { threads: 1, memory: '256MiB' }
  const samples = fileURLToPath(new URL('../../samples/logs', import.meta.url))

  async function one(question: string): Promise<number[]> {
    const answer = await ask(lake, question, { views: [], limits })
    try {
      for await (const row of answer.rows()) return row.map(Number)
      return []
    } finally {
      answer.close()
    }
  }

  it('works in a run, is measured, and its lake adds up', { timeout: 300_000 }, async () => {
    await ingest(lake, folder([samples]), { threads: 1, batchObjects: 60 })
    const followed = [{ follower: refusals, options: { limits }, pauseMs: 10 }]
    // It ends when the source has ended, and it has read what there is.
    const ending = {
      name: 'it',
      type: 'folder',
      open: () => ({ name: 'it', async *objects() {} }),
      options: { threads: 1, memory: '256MiB' },
    }
    const whole = run(lake, [ending], silent, new AbortController().signal, { followed })
    await whole.done
    const [stored, raw] = [
      await one('select count(*), count(distinct eventid) from refusal'),
      await one('select count(*), count(distinct eventid) from cloudtrail where errorcode is not null'),
    ]
    expect(stored).toEqual(raw)
    expect(stored[0]).toBeGreaterThan(10)
    expect(metricsText([], whole.followers)).toContain('loglake_follower_behind_rows{follower="refusals"} 0')
    expect(await followersOf(await lake.newest())).toMatchObject([{ name: 'refusals', behind: { rows: 0 } }])
    await compact(lake, { limits })
    await replay(lake, refusals, { limits, as: 'refusals-again' })
    expect(await one('select count(*), count(distinct eventid) from refusal')).toEqual([
      (raw[0] as number) * 2,
      raw[1],
    ])
    expect((await verify(lake, { limits })).findings).toEqual([])
  })
})
