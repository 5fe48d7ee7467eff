import { rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { full } from './form.ts'
import { judge, watch } from './judge.ts'
import { makeObjects, type Truth, together } from './objects.ts'
import { type Ended, freshFolder, ownRoot, startWriter, type WriterOptions } from './processes.ts'
import { printTable, Tally } from './tally.ts'

const WRITERS = 8
const tally = new Tally()
const waits: string[][] = [['writers', 'commits', 'commits lost, by writer', 'longest wait']]

afterAll(() => {
  tally.print()
  printTable(waits)
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

/** Runs writers on one lake, all at once, while a reader looks on. */
async function runTogether(
  name: string,
  lake: string,
  works: Omit<WriterOptions, 'lake'>[],
  truth: Truth,
): Promise<Ended[]> {
  const running = works.map((work) => startWriter({ lake, ...work }))
  const all = Promise.all(running.map(({ ended }) => ended))
  const watched = watch(lake, all)
  const ended = await all
  for (const { totals, output } of ended) expect(totals, output).toBeDefined()
  expect((await watched).wrong).toEqual([])
  expect(tally.add(name, await judge(lake, truth))).toEqual([])
  const accounts = ended.map(({ totals }) => totals)
  // Together the writers stored each object and each record once.
  const sum = (pick: (totals: NonNullable<Ended['totals']>) => number) =>
    accounts.reduce((total, totals) => total + (totals ? pick(totals) : 0), 0)
  expect(sum(({ records }) => records.stored)).toBe(truth.ids.size + truth.nameless)
  expect(sum(({ objects }) => objects.stored + objects.skipped + objects.rejected)).toBe(truth.files.length)
  for (const totals of accounts) {
    const { listed, already, stored, skipped, rejected } = totals?.objects ?? {}
    expect((already ?? 0) + (stored ?? 0) + (skipped ?? 0) + (rejected ?? 0)).toBe(listed)
  }
  waits.push([
    name,
    String(sum(({ commits }) => commits)),
    accounts.map((totals) => totals?.commitsLost ?? 0).join(' '),
    `${Math.round(Math.max(...ended.map(({ longest }) => longest ?? 0)))} ms`,
  ])
  return ended
}

describe(`${WRITERS} writers on one lake`, () => {
  it('with different objects: all finish, nothing is lost, nothing is doubled', async () => {
    const folders = Array.from({ length: WRITERS }, () => freshFolder('objects'))
    const truths = folders.map((folder, index) =>
      makeObjects(folder, { objects: 9, seed: 20 + index, prefix: `w${index}`, sound: index > 0 }),
    )
    await runTogether(
      'eight writers, different objects',
      freshFolder('lake'),
      folders.map((folder) => ({ paths: [folder], batchObjects: 2 })),
      together(truths),
    )
  })

  it('with the same objects: each object is stored by one of them', async () => {
    const folder = freshFolder('objects')
    const truth = makeObjects(folder, { objects: 24, seed: 40 })
    const works = Array.from({ length: WRITERS }, (_, index) => ({
      paths: [folder],
      batchObjects: 2 + (index % 4),
      reverse: index % 2 === 1,
    }))
    await runTogether('eight writers, same objects', freshFolder('lake'), works, truth)
  })
})

describe('two writers', () => {
  it('have the same folder, in different order', async () => {
    for (let seed = 50; seed < (full ? 60 : 52); seed++) {
      const folder = freshFolder('objects')
      const truth = makeObjects(folder, { objects: 12, seed })
      const works = [
        { paths: [folder], batchObjects: 3 },
        { paths: [folder], batchObjects: 5, reverse: true },
      ]
      await runTogether('two writers, different order', freshFolder('lake'), works, truth)
    }
  })

  it('have the same events in different objects', async () => {
    for (let seed = 60; seed < (full ? 70 : 62); seed++) {
      const [left, right] = [freshFolder('left'), freshFolder('right')]
      const truth = makeObjects(left, { objects: 8, seed, sound: true })
      const other = makeObjects(right, { objects: 8, seed, sound: true })
      const both = together([truth, other])
      const works = [
        { paths: [left], batchObjects: 2 },
        { paths: [right], batchObjects: 3, reverse: true },
      ]
      await runTogether('two writers, same events', freshFolder('lake'), works, both)
    }
  })

  it('have objects that are listed twice', async () => {
    const folder = freshFolder('objects')
    const truth = makeObjects(folder, { objects: 10, seed: 70 })
    const works = [
      { paths: [folder], batchObjects: 4, twice: true },
      { paths: [folder], batchObjects: 5, twice: true },
    ]
    await runTogether('two writers, listed twice', freshFolder('lake'), works, truth)
  })
})
