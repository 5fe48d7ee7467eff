import { rmSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { full } from './form.ts'
import { judge } from './judge.ts'
import { makeObjects } from './objects.ts'
import { freshFolder, ownRoot, runWriter } from './processes.ts'
import { Tally } from './tally.ts'

const tally = new Tally()

afterAll(() => {
  tally.print()
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

it.each(['list', 'acknowledge'] as const)(
  'a source that fails to %s: the run ends with its error',
  async (fail) => {
    const folder = freshFolder('objects')
    const truth = makeObjects(folder, { objects: 12, seed: 100 })
    for (const batchObjects of full ? [1, 2, 5, 100] : [2]) {
      const lake = freshFolder('lake')
      const ended = await runWriter({ lake, paths: [folder], fail, batchObjects })
      expect(ended.code, ended.output).toBe(1)
      expect(ended.error?.message).toBe('made to fail')
      const { totals, output } = await runWriter({ lake, paths: [folder] })
      expect(totals, output).toBeDefined()
      expect(tally.add(`source fails to ${fail}`, await judge(lake, truth))).toEqual([])
    }
  },
)

it('an object that cannot be read: the others are stored, it is counted, and the next run stores it', async () => {
  const folder = freshFolder('objects')
  const truth = makeObjects(folder, { objects: 12, seed: 100 })
  for (const batchObjects of full ? [1, 2, 5, 100] : [2]) {
    const lake = freshFolder('lake')
    const ended = await runWriter({ lake, paths: [folder], fail: 'read', batchObjects })
    expect(ended.code, ended.output).toBe(0)
    expect(ended.totals?.objects.failed).toBe(1)
    expect(ended.totals?.failures.first).toHaveLength(1)
    const { totals, output } = await runWriter({ lake, paths: [folder] })
    expect(totals?.objects.failed, output).toBe(0)
    expect(tally.add('an object cannot be read', await judge(lake, truth))).toEqual([])
  }
})
