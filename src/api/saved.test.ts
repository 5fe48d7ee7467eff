import { expect, it } from 'vitest'
import type { Storage } from '../lake/storage/contract.ts'
import { openSaved } from './saved.ts'

/** Keys and bytes in memory, as far as saved questions use a storage. */
function memory(): Storage & { keys: Map<string, Uint8Array> } {
  const keys = new Map<string, Uint8Array>()
  const storage = {
    keys,
    find: async (key: string) => keys.get(key),
    async create(key: string, bytes: Uint8Array) {
      if (keys.has(key)) return false
      keys.set(key, bytes)
      return true
    },
    remove: async (key: string) => void keys.delete(key),
    async *list(prefix: string) {
      for (const [key, { length }] of keys)
        if (key.startsWith(`${prefix}/`)) yield { key, bytes: length, writtenMs: 0 }
    },
  }
  return storage as unknown as Storage & { keys: Map<string, Uint8Array> }
}

const question = (name: string, subject = 'kim') => ({
  name,
  sql: 'select 1',
  parameters: {},
  shared: false,
  owner: { subject, name: subject },
  saved: '2026-01-08T00:00:00.000Z',
})

it('keeps two hundred of a person, and replaces one of a name when there are so many', async () => {
  const storage = memory()
  const saved = openSaved({ storage }, () => new Date(0))
  for (let n = 0; n < 200; n++) expect(await saved.save(question(`${n}`))).toBeDefined()
  expect(await saved.save(question('one more'))).toBeUndefined()
  expect(await saved.save(question('7'))).toBeDefined()
  expect(await saved.save(question('one more', 'max'))).toBeDefined()
  expect(await saved.of('kim')).toHaveLength(200)
  expect(storage.keys.size).toBe(201)
})

it('leaves out a file that is no question, and sees after a while what another server saved', async () => {
  const storage = memory()
  let now = 0
  const [here, there] = [0, 1].map(() => openSaved({ storage }, () => new Date(now)))
  storage.keys.set('control/saved/x.json', Buffer.from('{"name":'))
  expect(await here?.of('kim')).toEqual([])
  await there?.save(question('a'))
  expect(await here?.of('kim')).toEqual([])
  now += 6_000
  expect((await here?.of('kim'))?.map(({ name }) => name)).toEqual(['a'])
})
