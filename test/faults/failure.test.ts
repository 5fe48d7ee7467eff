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

it.each(['list', 'read', 'acknowledge'] as const)(
  'a source that fails to %s: the run ends with its error',
  async (fail) => {
    const folder = freshFolder('objects')
    const truth = makeObjects(folder, { objects: 12, seed: 100 })
    for (const batchObjects of full ? [1, 2, 5, 100] : [2]) {
      const lake = freshFolder('lake')
      const ended = await runWriter({ lake, paths: [folder], fail, batchObjects })
      expect(ended.code, ended.output).toBe(1)
      expect(ended.error?.message).toBe('made to fail')
      const { account, output } = await runWriter({ lake, paths: [folder] })
      expect(account, output).toBeDefined()
      expect(tally.add(`source fails to ${fail}`, await judge(lake, truth))).toEqual([])
    }
  },
)
