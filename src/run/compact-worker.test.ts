import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freshPlace, lakeAt } from '../../test/lakes.ts'
import { keepCompact } from './compact-worker.ts'
import { silent } from './journal.ts'

let folder: string
beforeEach(() => {
  folder = freshPlace()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('tells what it fails of, goes on, and ends with the run', async () => {
  const stop = new AbortController()
  const told: string[] = []
  const lake = lakeAt(folder)
  let failures = 0
  const failing = {
    ...lake,
    exists: async () => true,
    newest() {
      if (++failures === 3) stop.abort()
      return Promise.reject(new Error('the disk is gone'))
    },
  }
  const compaction = { pauseMs: 1, files: 2, ageMs: 0, options: {} }
  await keepCompact(failing, compaction, { ...silent, note: (what) => told.push(what) }, stop.signal)
  expect(failures).toBe(3)
  expect(told).toEqual(Array.from({ length: 3 }, () => 'compaction failed, and is tried again'))
})
