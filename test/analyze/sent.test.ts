import { cpSync, rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { readOf } from '../../src/analyze/read.ts'
import { begin, prepare } from '../../src/analyze/run/begin.ts'
import { allSteps } from '../../src/analyze/run/book.ts'
import { goOn } from '../../src/analyze/run/go-on.ts'
import { standings, standsAt } from '../../src/analyze/run/standings.ts'
import { freshPlace } from '../lakes.ts'
import { depsFor, pretend } from './analysed.ts'
import { carefulReader } from './careful.ts'
import { fill, INCIDENTS, lakeAt, makeCorpus, type Planted, SINCE, UNTIL } from './corpus.ts'
import { type StandIn, startStandIn } from './stand-in.ts'

// Who gets the report of an analysis, where a destination refuses it.

const careful = carefulReader(new RegExp(`\\b(?:${INCIDENTS.map(([, call]) => call).join('|')})\\b`))

let planted: Planted
let filled: string
let standIn: StandIn
const places: string[] = []
beforeAll(async () => {
  pretend()
  planted = makeCorpus()
  filled = freshPlace()
  await fill(filled, planted)
  places.push(filled, planted.folder)
})
afterEach(() => standIn.stop())
afterAll(() => {
  for (const place of places) rmSync(place, { recursive: true, force: true })
})

it.each([['first'], ['middle'], ['last']])(
  'the others get it once, whichever refuses it: the %s',
  async (which) => {
    const place = freshPlace()
    cpSync(filled, place, { recursive: true })
    places.push(place)
    const lake = lakeAt(place)
    standIn = await startStandIn({ answer: careful, least: 10 })
    const names = ['first', 'middle', 'last']
    const got: string[] = []
    let isMended = false
    async function attempt(run?: string) {
      const send = async (name: string) => {
        if (name === which && !isMended) throw new Error(`${name} refused it`)
        got.push(name)
      }
      const opened = await depsFor(lake, standIn)
      const deps = { ...opened, send: new Map(names.map((name) => [name, () => send(name)])) }
      try {
        const prepared = run === undefined ? await prepare(deps, { since: SINCE, until: UNTIL }) : undefined
        if (prepared) await begin(deps, prepared, names)
        const name = run ?? prepared?.run ?? ''
        const ended = await goOn(deps, name).catch((thrown: Error) => thrown.message)
        const [standing] = standings(await allSteps(readOf(deps.queryEngine, await lake.newest())))
        return { run: name, ended, stands: standing && standsAt(standing) }
      } finally {
        opened.close()
      }
    }
    const others = names.filter((name) => name !== which)
    const first = await attempt()
    expect(first).toMatchObject({
      ended: `${which} refused it`,
      stands: 'report is sent to 2 of 3 destinations',
    })
    expect(got).toEqual(others)
    const jobs = standIn.jobs.length
    expect((await attempt(first.run)).ended).toBe(`${which} refused it`)
    expect(got).toEqual(others)
    isMended = true
    const last = await attempt(first.run)
    expect(last).toMatchObject({ ended: { outcome: 'finished' }, stands: 'finished' })
    expect(got).toEqual([...others, which])
    // The report is the one that was made: no model is asked again.
    expect(standIn.jobs).toHaveLength(jobs)
  },
)
