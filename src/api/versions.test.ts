import { expect, it, vi } from 'vitest'
import type { LakeVersion } from '../lake/version.ts'
import { watchVersions } from './versions.ts'

const LIMITS = { everyMs: 1, perPerson: 2, inAll: 3 }

/** A version in which the table `finding` had so many commits, and the access log so many. */
function version(number: number, finding: number, accessLog = 0): LakeVersion {
  const tables = { finding: { number: finding }, access_log: { number: accessLog } }
  return { number, catalog: { tables } } as unknown as LakeVersion
}

function catalogs(first: LakeVersion) {
  const lake = { now: first, looks: 0, fails: false }
  const newest = async () => {
    lake.looks++
    if (lake.fails) throw new Error('the bucket does not answer')
    return lake.now
  }
  return { lake, versions: watchVersions({ newest }, LIMITS) }
}

const looked = async (lake: { looks: number }, more: number) => {
  const before = lake.looks
  await vi.waitFor(() => expect(lake.looks).toBeGreaterThanOrEqual(before + more))
}

it('looks once for all who listen, and not while nobody does', async () => {
  const { lake, versions } = catalogs(version(1, 1))
  expect(lake.looks).toBe(0)
  const all = ['ana', 'ben', 'ana'].map((person) => {
    const signal = new AbortController().signal
    return versions.listen(person, lake.now, false, signal)
  })
  const told: number[] = []
  const reading = all.map(async (one) => {
    for await (const { number } of one.versions) told.push(number)
  })
  await looked(lake, 3)
  lake.now = version(2, 1, 7)
  await looked(lake, 2)
  expect(told).toEqual([])
  lake.fails = true
  await looked(lake, 2)
  lake.fails = false
  lake.now = version(3, 2, 7)
  await looked(lake, 3)
  expect(told).toEqual([3, 3, 3])
  for (const { leave } of all) leave()
  await Promise.all(reading)
  const { looks } = lake
  await new Promise((later) => setTimeout(later, 20))
  // One may have been under way.
  expect(lake.looks - looks).toBeLessThanOrEqual(1)
  expect(versions.listening()).toBe(0)
})

it('lets in so many of one person, and so many in all, and again whom a place became free for', () => {
  const { lake, versions } = catalogs(version(1, 1))
  const listen = (person: string, signal = new AbortController().signal) =>
    versions.listen(person, lake.now, false, signal)
  const gone = new AbortController()
  listen('ana', gone.signal)
  listen('ana')
  expect(() => listen('ana')).toThrow('Too many pages')
  listen('ben')
  expect(() => listen('chen')).toThrow('Too many pages')
  gone.abort()
  const last = listen('chen')
  last.leave()
  last.leave()
  expect(versions.listening()).toBe(2)
  listen('chen', AbortSignal.abort())
  expect(versions.listening()).toBe(2)
  versions.close()
  expect(() => listen('ana')).toThrow('Too many pages')
})

it('gives whoever is slow the newest version', async () => {
  const { lake, versions } = catalogs(version(1, 1))
  const { versions: slow } = versions.listen('ana', lake.now, true, new AbortController().signal)
  const iterator = slow[Symbol.asyncIterator]()
  expect((await iterator.next()).value.number).toBe(1)
  for (const number of [2, 3, 4]) {
    lake.now = version(number, number)
    await looked(lake, 2)
  }
  expect((await iterator.next()).value.number).toBe(4)
  versions.close()
  expect((await iterator.next()).done).toBe(true)
})
