import { expect, it } from 'vitest'
import type { DataFile } from './iceberg/index.ts'
import { withLocalFiles } from './local-files.ts'
import type { Storage } from './storage/contract.ts'
import type { TableVersion } from './version.ts'

const files = ['a', 'lost', 'b'].map((path) => ({ path, bytes: 1 }) as DataFile)
const table = { keyOf: (path: string) => path } as TableVersion

function storageWith(held: Set<string>): Storage {
  return {
    async local(key) {
      if (key === 'lost') throw new Error('it is gone')
      // The last is still on its way when another one has failed.
      await new Promise((done) => setTimeout(done, key === 'b' ? 20 : 0))
      held.add(`/copies/${key}`)
      return `/copies/${key}`
    },
    release(paths) {
      for (const path of paths) held.delete(path)
    },
  } as Storage
}

it('gives local paths in the order of the files, and releases them', async () => {
  const held = new Set<string>()
  const paths = await withLocalFiles(storageWith(held), table, files.toSpliced(1, 1), async (found) => {
    expect([...held]).toEqual(found)
    return found
  })
  expect(paths).toEqual(['/copies/a', '/copies/b'])
  expect([...held]).toEqual([])
})

it.each([
  ['one cannot be fetched', files],
  ['their use fails', files.toSpliced(1, 1)],
])('releases all of them when %s', async (_, some) => {
  const held = new Set<string>()
  const using = withLocalFiles(storageWith(held), table, some, async () => {
    throw new Error('it failed')
  })
  await expect(using).rejects.toThrow()
  await new Promise((done) => setTimeout(done, 40))
  expect([...held]).toEqual([])
})
