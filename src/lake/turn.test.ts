import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addFile, freshPlace, lakeAt, madeFile, rowsIn } from '../../test/lakes.ts'
import type { Storage } from './storage/contract.ts'
import { localStorage } from './storage/local.ts'
import { TURN, turnsOf } from './turn.ts'

let folder: string

beforeEach(() => {
  folder = freshPlace()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const turnPath = () => join(folder, TURN)
const holder = () => readFileSync(turnPath(), 'utf8')

/** One writer's turns, in a storage that may be changed. */
function turns(bounds = { turnMs: 60_000, waitMs: 60_000 }, change: Partial<Storage> = {}) {
  return turnsOf({ ...localStorage(folder), ...change }, bounds)
}

/** What a writer left that was killed. */
async function leaveBehind(id = 'of the dead'): Promise<void> {
  const dead = turns()()
  await dead.take()
  writeFileSync(turnPath(), id)
}

describe('a turn', () => {
  it('is had by one, and then by the next', async () => {
    const order: string[] = []
    const [first, second] = [turns()(), turns()()]
    await first.take()
    const waiting = second.take().then(() => order.push('the second has it'))
    await new Promise((done) => setTimeout(done, 50))
    order.push('the first gives it up')
    await first.giveUp()
    await waiting
    expect(order).toEqual(['the first gives it up', 'the second has it'])
    await second.giveUp()
    expect(existsSync(turnPath())).toBe(false)
  })

  it('is had by one of many at a time', async () => {
    let having = 0
    const most: number[] = []
    const commit = async () => {
      const turn = turns()()
      await turn.take()
      most.push(++having)
      await new Promise((done) => setTimeout(done, 5))
      having--
      await turn.giveUp()
    }
    await Promise.all(Array.from({ length: 6 }, commit))
    expect(most).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('is taken once, and given up once', async () => {
    const turn = turns()()
    await turn.take()
    const id = holder()
    await turn.take()
    expect(holder()).toBe(id)
    await turn.giveUp()
    writeFileSync(turnPath(), 'of another')
    await turn.giveUp()
    expect(holder()).toBe('of another')
  })

  it('of a writer that was killed is passed over', async () => {
    await leaveBehind()
    const turn = turns({ turnMs: 50, waitMs: 60_000 })()
    expect(await turn.isOthers()).toBe(true)
    await turn.take()
    expect(holder()).not.toBe('of the dead')
    expect(turn.waitedMs).toBeGreaterThan(0)
    await turn.giveUp()
    expect(existsSync(turnPath())).toBe(false)
  })

  it('that was passed over is not taken from the next', async () => {
    const slow = turns({ turnMs: 50, waitMs: 60_000 })()
    await slow.take()
    const next = turns({ turnMs: 50, waitMs: 60_000 })()
    await next.take()
    const id = holder()
    await slow.giveUp()
    expect(holder()).toBe(id)
  })

  it('is waited for no longer than so, however many come first', async () => {
    await leaveBehind()
    let looks = 0
    const turn = turns(
      { turnMs: 60_000, waitMs: 100 },
      { find: async () => Buffer.from(`another one, ${looks++}`) },
    )()
    await turn.take()
    expect(looks).toBeGreaterThan(1)
    await turn.giveUp()
    expect(holder()).toBe('of the dead')
  })
})

describe('where a turn cannot be', () => {
  const denied = async () => {
    throw new Error('denied')
  }

  it('removed, it is waited for once', async () => {
    await leaveBehind()
    let looks = 0
    const { find } = localStorage(folder)
    const newTurn = turns(
      { turnMs: 50, waitMs: 60_000 },
      {
        remove: denied,
        async find(key) {
          looks++
          return await find(key)
        },
      },
    )
    await newTurn().take()
    expect(looks).toBeGreaterThan(1)
    looks = 0
    const second = newTurn()
    await second.take()
    await second.giveUp()
    expect(looks).toBe(1)
  })

  it('created, all goes on without', async () => {
    const turn = turns(undefined, { create: denied })()
    await turn.take()
    await turn.giveUp()
    expect(existsSync(turnPath())).toBe(false)
  })
})

/** A lake whose turns are noted. */
function noting(notes: string[], change: (storage: Storage) => Partial<Storage> = () => ({})) {
  return lakeAt(folder, (storage) => ({
    ...storage,
    async create(key, bytes) {
      if (key === TURN) notes.push('taken')
      return await storage.create(key, bytes)
    },
    async remove(key) {
      if (key === TURN) notes.push('given up')
      await storage.remove(key)
    },
    ...change(storage),
  }))
}

describe('a commit', () => {
  it('of a writer that is alone takes no turn', async () => {
    const notes: string[] = []
    const lake = noting(notes)
    for (let n = 0; n < 3; n++) await addFile(lake)
    expect(notes).toEqual([])
  })

  it('of a writer that has met another takes its turn, and prepares in it', async () => {
    const notes: string[] = []
    const lake = noting(notes)
    await addFile(lake)
    await addFile(lakeAt(folder))
    const file = await madeFile(lake)
    const bases: number[] = []
    const { lost } = await lake.commit('test', async (base) => {
      bases.push(base.number)
      notes.push(existsSync(turnPath()) ? 'prepared in turn' : 'prepared')
      return { tables: { thing: { add: [file] } } }
    })
    expect({ lost, bases }).toEqual({ lost: 0, bases: [2] })
    expect(notes).toEqual(['taken', 'prepared in turn', 'given up'])
  })

  it('of a writer that comes where another has just committed takes its turn', async () => {
    const notes: string[] = []
    await addFile(lakeAt(folder))
    await addFile(noting(notes))
    expect(notes).toEqual(['taken', 'given up'])
  })

  it('of a writer that was passed over in its sleep goes on from what the others made', async () => {
    await addFile(lakeAt(folder))
    const sleeper = lakeAt(folder)
    const file = await madeFile(sleeper, 100)
    const bases: number[] = []
    const { lost } = await sleeper.commit('test', async (base) => {
      bases.push(base.number)
      if (bases.length === 1) {
        expect(existsSync(turnPath())).toBe(true)
        // Others take it for dead.
        rmSync(turnPath())
        await addFile(lakeAt(folder), 10)
      }
      return { tables: { thing: { add: [file] } } }
    })
    expect({ lost, bases }).toEqual({ lost: 1, bases: [1, 2] })
    expect(await rowsIn(folder)).toBe(111)
    expect(existsSync(turnPath())).toBe(false)
  })

  it('that fails gives up its turn', async () => {
    await addFile(lakeAt(folder))
    const commit = lakeAt(folder).commit('test', async () => {
      throw new Error('made to fail')
    })
    await expect(commit).rejects.toThrow('made to fail')
    expect(existsSync(turnPath())).toBe(false)
  })

  it('is made where nothing may be removed', async () => {
    await addFile(lakeAt(folder))
    const lake = lakeAt(folder, (storage) => ({
      async remove(key) {
        if (key === TURN) throw new Error('denied')
        await storage.remove(key)
      },
    }))
    for (let n = 0; n < 3; n++) await addFile(lake)
    expect(await rowsIn(folder)).toBe(4)
  })
})
