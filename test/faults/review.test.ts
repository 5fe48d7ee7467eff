import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLake } from '../../src/lake/lake.ts'
import { COMMIT_STEPS } from '../../src/lake/steps.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { verify } from '../../src/ledger/verify.ts'
import { ask } from '../../src/query/question.ts'
import { tablesWith } from '../../src/workspace/logtypes.ts'
import { ALL_SAMPLES, freshFolder, loglake } from '../e2e/program.ts'
import { full } from './form.ts'

const limits = { threads: 1, memory: '256MiB' }
const PEOPLE = fileURLToPath(new URL('../../samples/people.csv', import.meta.url))
const SESSION = '96c80b95-c253-4899-b020-12ac90637c79'
const REASON = 'planned work, CHG-1042'
/** A decision may take more than one commit: the access log has its own. */
const COMMITS = full ? [1, 2, 3] : [1, 2]
const STEPS = full ? COMMIT_STEPS : (['data-adopted', 'catalog-written'] as const)

const root = freshFolder()
let filled: string
beforeAll(async () => {
  filled = join(root, 'lake')
  await loglake(['ingest', ALL_SAMPLES, '--lake', filled])
  await loglake(['follow', 'summaries', '--once', '--lake', filled])
}, 240_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const decide = (lake: string, killAt?: string) =>
  loglake(
    ['review', 'confirm', SESSION, '--reason', REASON, '--lake', lake].concat(
      ['--people', PEOPLE],
      ['--as', 'manager:dalia@example.com'],
    ),
    killAt === undefined ? {} : { env: { LOGLAKE_KILL_AT: killAt } },
  )

/** The numbers, kinds and reasons of the review's steps, as the lake has them. */
async function stepsIn(place: string): Promise<unknown[]> {
  const lake = openLake(localStorage(place), tablesWith([]))
  const { findings } = await verify(lake, { limits })
  expect(findings.filter(({ severity }) => severity === 'wrong')).toEqual([])
  const question = `select seq::int, kind, reason from review where subject = '${SESSION}' order by seq`
  const answer = await ask(lake, question, { views: [], limits })
  const found: unknown[] = []
  for await (const row of answer.rows()) found.push(row)
  answer.close()
  return found
}

describe.each(STEPS)('killed at %s', (step) => {
  it.each(COMMITS)('of commit %i, a decision is made once', { timeout: 120_000 }, async (commit) => {
    const lake = join(root, `${step}-${commit}`)
    cpSync(filled, lake, { recursive: true })
    await decide(lake, `${step}:${commit}`)
    // Who was killed does not know whether it was made, and decides again: refused where it was.
    await decide(lake)
    expect(await stepsIn(lake)).toEqual([[1, 'decided', REASON]])
  })
})
