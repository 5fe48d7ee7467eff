import { describe, expect, test } from 'vitest'
import { followerTables, followerViews } from '../../src/followers/index.ts'
import { ownTables } from '../../src/ledger/tables.ts'
import { columnsOf } from '../../src/query/described.ts'
import { ownViews } from '../../src/query/own-views.ts'
import { viewName } from '../../src/query/view.ts'
import { logTables } from '../../src/tables/index.ts'

/** Every view of ours says what it is, and what each of its columns holds. */

const tables = [...logTables, ...ownTables, ...followerTables]
const views = [...ownViews(), ...followerViews()]

describe.each(views.map((view) => [viewName(view), view] as const))('%s', (_, view) => {
  test('has a title and sentences', () => {
    expect(view.title).toMatch(/^[A-Z].*[^.]$/)
    expect(view.doc).toMatch(/^[A-Z].*\.$/)
  })

  test('has a sentence for every column, and none for others', async () => {
    const columns = await columnsOf(view, tables, views)
    expect(columns.filter(({ doc }) => !/^.+\.$/.test(doc)).map(({ name }) => name)).toEqual([])
    const names = columns.map(({ name }) => name.toLowerCase())
    expect([...view.names.keys()].filter((name) => !names.includes(name))).toEqual([])
  })
})
