import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkLog, fileSigner, lakeTables, localStorage, openLake } from 'loglake'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INGEST_STEPS } from '../../src/ingest/steps.ts'
import { COMMIT_STEPS } from '../../src/lake/steps.ts'
import { LOG_STEPS } from '../../src/witness/steps.ts'
import { full } from './form.ts'
import { judge } from './judge.ts'
import { makeObjects, type Truth } from './objects.ts'
import { freshFolder, ownRoot } from './processes.ts'

/** A lake with a log is killed at every step of a commit and of the log: both are whole when another has finished. */

const PROGRAM = new URL('./log-writer.js', import.meta.url).pathname
let objects: string
let truth: Truth

beforeAll(() => {
  objects = freshFolder('objects')
  truth = makeObjects(objects, { objects: 14, seed: 5 })
})
afterAll(() => {
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

async function run(lake: string, key: string, killAt = ''): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify({ lake, paths: [objects], key })], {
    env: { ...process.env, LOGLAKE_KILL_AT: killAt },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  if (signal === null) expect(code).toBe(0)
  return signal
}

const steps = [...INGEST_STEPS, ...COMMIT_STEPS.filter((step) => step !== 'catalog-lost'), ...LOG_STEPS]

describe('killed with the log on', () => {
  it.each(steps)('at %s', async (step) => {
    for (const nth of full ? [1, 2, 3] : [2]) {
      const lake = freshFolder('lake')
      const key = join(freshFolder('key'), 'log.pem')
      expect(await run(lake, key, `${step}:${step === 'listed' ? 1 : nth}`)).toBe('SIGKILL')
      expect(await run(lake, key)).toBe(null)
      expect(await judge(lake, truth)).toMatchObject({ lost: 0, doubled: 0, wrong: [] })
      const opened = openLake(localStorage(lake), lakeTables)
      const { findings, size } = await checkLog(opened, fileSigner(key).publicKey)
      expect(findings).toEqual([])
      expect(size).toBe((await opened.newest()).number + 1)
      rmSync(lake, { recursive: true })
    }
  })
})
