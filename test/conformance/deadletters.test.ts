import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, ingest, type Lake, lakeTables, localStorage, openLake } from 'loglake'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeadLetterFacts, Source } from '../../src/sources/contract.ts'

/** A message that is received again, since it could not be deleted or is left to its queue, is one dead letter. */

let root: string
let lake: Lake
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'letters-'))
  lake = openLake(localStorage(join(root, 'lake')), lakeTables)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const DEAD_LETTER: DeadLetterFacts = {
  ...{ id: 'a', code: 'unknown-notice', reason: 'no notice', message: 'hello', messageId: 'm' },
  ...{ queue: 'https://queue.example', sentMs: Date.parse('2026-01-07T10:00:00Z'), receiveCount: 1 },
}

/** When each was acknowledged: at which version of the lake. */
async function receive(...found: DeadLetterFacts[]): Promise<{ kept: number; acknowledgedAt: number[] }> {
  const acknowledgedAt: number[] = []
  const source: Source = {
    name: 's',
    async *objects() {
      for (const deadLetter of found)
        yield {
          kind: 'dead-letter' as const,
          deadLetter,
          acknowledge: async () => void acknowledgedAt.push((await lake.newest()).number),
        }
    },
  }
  const { deadLetters } = await ingest(lake, source, { threads: 1 })
  return { kept: deadLetters, acknowledgedAt }
}

test('is kept once, and acknowledged each time, after the commit', async () => {
  expect(await receive(DEAD_LETTER, DEAD_LETTER)).toEqual({ kept: 1, acknowledgedAt: [1, 1] })
  expect(await receive({ ...DEAD_LETTER, receiveCount: 2 })).toEqual({ kept: 0, acknowledgedAt: [1] })
  expect(await receive({ ...DEAD_LETTER, receiveCount: 3 }, { ...DEAD_LETTER, id: 'b' })).toMatchObject({
    kept: 1,
  })
  const answer = await ask(lake, 'select id, receives::integer from deadletter order by id')
  const rows: unknown[] = []
  for await (const row of answer.rows()) rows.push(row)
  answer.close()
  expect(rows).toEqual([
    ['a', 1],
    ['b', 1],
  ])
})
