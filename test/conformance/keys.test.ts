import { describe, expect, it } from 'vitest'
import { followerTables } from '../../src/followers/index.ts'
import { keyName } from '../../src/lake/table.ts'
import { KEY_KINDS } from '../../src/logtypes/contract.ts'
import { lakeTables, logTables } from '../../src/tables/index.ts'

describe.each([...lakeTables, ...followerTables].filter(({ keys }) => keys))('the keys of $name', (table) => {
  it('are columns of text, and of JSON with a path', () => {
    for (const { column, path } of table.keys ?? []) {
      const type = table.columns.find(({ name }) => name === column)?.type
      expect(type, column).toBe(path === undefined ? 'string' : 'json')
    }
  })

  it('each have a name of their own, and a kind that `find` knows', () => {
    const names = (table.keys ?? []).map(keyName)
    expect(new Set(names).size).toBe(names.length)
    for (const { is } of table.keys ?? [])
      for (const kind of [is].flat()) expect([...KEY_KINDS, 'object']).toContain(kind)
  })
})

it('are declared by every log type, its id among them', () => {
  for (const { name, keys = [], key = [] } of logTables)
    expect(
      keys.map(({ column }) => column),
      name,
    ).toContain(key[0])
})
