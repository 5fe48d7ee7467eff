import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { fileOf, freshPlace, lakeAt } from '../../test/lakes.ts'
import type { DataFile } from './iceberg/index.ts'

it('cuts large manifests by day, and leaves them as they are when more files come', async () => {
  const folder = freshPlace()
  const lake = lakeAt(folder)
  const file = (at: number, day: number) => fileOf(lake, String(at), day)
  const commit = (add: DataFile[]) => lake.commit('test', async () => ({ tables: { thing: { add } } }))
  // Each day's files come at several times.
  await commit(Array.from({ length: 20_000 }, (_, at) => file(at, 20_000 + (at % 1000))))
  const manifests = async () => (await (await lake.newest()).table('thing'))?.manifests() ?? []
  const full = await manifests()
  expect(full.map(({ addedFiles }) => addedFiles)).toEqual([5000, 5000, 5000, 5000])
  for (let at = 0; at < 20; at++) await commit([file(20_000 + at, 20_500)])
  const after = await manifests()
  expect(after.slice(0, 4).map(({ path }) => path)).toEqual(full.map(({ path }) => path))
  expect(after.length).toBeLessThan(4 + 16)
  const table = await (await lake.newest()).table('thing')
  expect(await table?.files()).toHaveLength(20_020)
  expect(await table?.files([{ column: 'lake_day', op: '=', value: '2024-10-04' }])).toHaveLength(20)
  rmSync(folder, { recursive: true, force: true })
})
