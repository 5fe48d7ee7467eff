import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Desk, folder, ingest, localStorage, logTables, openDesk, openLake } from 'loglake'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logTypes } from '../../src/logtypes/index.ts'
import { fixturesOf } from './fixtures.ts'
import { writeFixtures } from './stored.ts'

/** Every named query, asked of one lake that holds the fixtures of all log types. */

const root = mkdtempSync(join(tmpdir(), 'queries-'))
let desk: Desk
beforeAll(async () => {
  const lake = openLake(localStorage(join(root, 'lake')), logTables)
  for (const type of logTypes) {
    const fixtures = writeFixtures(fixturesOf(type))
    await ingest(lake, folder([fixtures]), { threads: 1 })
    rmSync(fixtures, { recursive: true, force: true })
  }
  desk = await openDesk(lake)
})
afterAll(() => {
  desk.close()
  rmSync(root, { recursive: true, force: true })
})

describe.each(logTypes.map((type) => [type.name, type] as const))('%s', (_, type) => {
  const queries = readdirSync(type.queries).filter((file) => file.endsWith('.sql'))
  test('has some', () => expect(queries.length).toBeGreaterThan(0))

  test.each(queries)('%s', async (file) => {
    expect(file).toMatch(/^[a-z][a-z0-9-]*\.sql$/)
    const text = readFileSync(new URL(file, type.queries), 'utf8')
    expect(text).toMatch(/^-- [A-Z].*[^.]\n-- [A-Z].*\.\n(--.*\n)*[^-]/)
    const answer = await desk.ask(text)
    const first = await answer.rows().next()
    answer.close()
    expect(first.done, 'the fixtures hold something that it finds').toBe(false)
  })
})
