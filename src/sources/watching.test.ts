import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import type { LogObject } from './contract.ts'
import { folder } from './folder.ts'
import { watching } from './watching.ts'

const root = mkdtempSync(join(tmpdir(), 'loglake-watching-'))
afterAll(() => rmSync(root, { recursive: true }))

function watch(settleMs: number, stopped?: () => Promise<boolean>) {
  const stop = new AbortController()
  const place = mkdtempSync(join(root, 'in-'))
  const found = watching(() => folder([place]).objects(), { pollMs: 20, settleMs, stopped }, stop.signal)
  const next = async () => (await found.next()).value as LogObject
  const file = (name: string, text: string) => writeFileSync(join(place, name), text)
  return { place, stop, found, next, file }
}

it('files are named as they come, and again when they change', async () => {
  const { next, file, stop, found } = watch(0)
  file('a', '1')
  expect((await next()).uri).toMatch(/\/a$/)
  const later = next()
  file('b', '1')
  expect((await later).uri).toMatch(/\/b$/)
  const changed = next()
  file('a', '22')
  expect((await changed).bytes).toBe(2)
  stop.abort()
  expect((await found.next()).done).toBe(true)
})

it('a file that still grows is not named before it has settled', async () => {
  const { next, place, file } = watch(1500)
  file('growing', 'x')
  const named = next()
  let grown = 1
  for (; grown < 6; grown++) {
    appendFileSync(join(place, 'growing'), 'x')
    await wait(30)
  }
  expect((await named).bytes).toBe(grown)
})

it('a file that nobody has written to for an hour is whole', async () => {
  const { next, place, file } = watch(3_600_000)
  file('new', 'x')
  file('old', 'x')
  const old = new Date(Date.now() - 7_200_000)
  utimesSync(join(place, 'old'), old, old)
  expect((await next()).uri).toMatch(/\/old$/)
})

it('a file that could not be read is named again', async () => {
  const { next, file } = watch(0)
  file('a', '1')
  const first = await next()
  await first.release?.({ outcome: 'denied', reason: 'not now' })
  expect((await next()).uri).toBe(first.uri)
})

it('nothing is named while the source is stopped', async () => {
  let asked = 0
  const { next, file } = watch(0, async () => ++asked < 3)
  file('a', '1')
  await next()
  expect(asked).toBe(3)
})
