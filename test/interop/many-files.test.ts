import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { blocksOf } from '../../src/lake/iceberg/index.ts'
import { fileOf, freshPlace, lakeAt } from '../lakes.ts'

it('pyiceberg finds the files of a day in a manifest that has a block for each day', async () => {
  const folder = freshPlace()
  const lake = lakeAt(folder)
  const files = [300, 400, 500, 2].flatMap((count, day) =>
    Array.from({ length: count }, (_, at) => fileOf(lake, `${day}-${at}`, 20_000 + day)),
  )
  await lake.commit('test', async () => ({ tables: { thing: { add: files } } }))
  const table = await (await lake.newest()).table('thing')
  const [manifest] = (await table?.manifests()) ?? []
  if (!table || !manifest) throw new Error('the table has no manifest')
  const bytes = await lake.storage.read(table.keyOf(manifest.path))
  expect(blocksOf(bytes, manifest)).toHaveLength(4)
  const days = ['2024-10-04', '2024-10-05', '2024-10-06', '2024-10-07', '2024-10-08']
  const script = fileURLToPath(new URL('plan_days.py', import.meta.url))
  const metadata = join(folder, 'tables/thing', table.entry.metadata)
  const planned = execFileSync(resolve('.venv/bin/python'), ['-B', script, metadata, ...days])
  expect(planned.toString().trim().split('\n').map(Number)).toEqual([300, 400, 500, 2, 0])
  rmSync(folder, { recursive: true, force: true })
})
