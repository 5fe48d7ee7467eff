import { cpSync, rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/analyze/report/contract.ts'
import { htmlOf, markdownOf } from '../../src/analyze/report/page.ts'
import { reportPage } from '../../src/analyze/report/report-page.ts'
import { freshPlace } from '../lakes.ts'
import { analysed, pretend } from './analysed.ts'
import { carefulReader, isReduce } from './careful.ts'
import { fill, HOSTILE, INCIDENTS, lakeAt, makeCorpus, type Planted } from './corpus.ts'
import { type Script, type StandIn, type State, startStandIn } from './stand-in.ts'

const PLANTED = new RegExp(`\\b(?:${INCIDENTS.map(([, call]) => call).join('|')})\\b`)
const careful = carefulReader(PLANTED)

const UNSEEN = ['\u001b', '\u0007', '\u202e', '\u2066', '\u200b', '\u{e0041}']

let filled: string
let planted: Planted
let standIn: StandIn
const places: string[] = []
beforeAll(async () => {
  pretend()
  planted = makeCorpus()
  filled = freshPlace()
  await fill(filled, planted)
  places.push(filled, planted.folder)
})
afterEach(() => standIn?.stop())
afterAll(() => {
  for (const place of places) rmSync(place, { recursive: true, force: true })
})

function freshLake() {
  const place = freshPlace()
  cpSync(filled, place, { recursive: true })
  places.push(place)
  return lakeAt(place)
}

async function stand(script: Partial<Script> = {}): Promise<StandIn> {
  standIn = await startStandIn({ answer: careful, least: 10, ...script })
  return standIn
}

/** Every planted incident is in the report, with its event, and nothing of our own is. */
function expectAll(report: Report | undefined): void {
  const evidence = new Set(report?.findings.flatMap((one) => one.evidence.map(({ id }) => id)))
  for (const [call, id] of planted.incidents) expect(evidence, call).toContain(id)
  expect(planted.own.filter((id) => evidence.has(id))).toEqual([])
}

describe('an analysis in a batch', () => {
  it.each(['Converse', 'InvokeModel'] as const)(
    'by %s: every incident survives, with its event',
    async (body) => {
      await stand()
      const { outcome, report } = await analysed(freshLake(), standIn, { body })
      expect(outcome).toBe('finished')
      expect(standIn.jobs.map(({ body: asked }) => asked)).toEqual([body])
      expectAll(report)
      expect(report?.findings.length).toBeLessThan(INCIDENTS.length)
      expect(report?.not_analysed).toEqual([])
      expect(report?.own).toEqual({ role: 20, agent: 20, job: 0, place: 0 })
      const asked = JSON.stringify([...standIn.asked, ...standIn.onDemand])
      expect(asked).not.toMatch(/loglake-worker|LookupEvents/)
    },
  )

  const good: readonly State[] = ['Submitted', 'Validating', 'Scheduled', 'InProgress']
  it.each<[string, readonly State[], readonly string[]]>([
    ['Completed', [...good, 'Completed'], []],
    ['PartiallyCompleted', [...good, 'PartiallyCompleted'], ['PartiallyCompleted']],
    ['Stopped', [...good, 'Stopping', 'Stopped'], ['Stopped']],
    ['Expired', [...good, 'Expired'], ['Expired']],
    ['out of order', ['InProgress', 'Submitted', 'Scheduled', 'Validating', 'Completed'], []],
  ])('that is %s: what it answered is used, what is missing is asked again', async (name, states, notes) => {
    const half = name !== 'Completed' && name !== 'out of order'
    let at = 0
    await stand({
      states: (job) => (job === 1 ? states : [...good, 'Completed']),
      answer: (asked, job) => (half && job === 1 && at++ % 2 === 0 ? undefined : careful(asked)),
    })
    const { report } = await analysed(freshLake(), standIn)
    expectAll(report)
    expect(report?.not_analysed).toEqual([])
    for (const note of notes) expect(report?.notes.join(' ')).toContain(note)
    const counts = new Map<string, number>()
    for (const { recordId } of standIn.asked) counts.set(recordId, (counts.get(recordId) ?? 0) + 1)
    if (!half) expect([...counts.values()].every((count) => count === 1)).toBe(true)
  })

  it('that failed is made again under another name, three times, and then stands as not analysed', async () => {
    await stand({ states: () => ['Validating', 'Failed'] })
    const { report } = await analysed(freshLake(), standIn, { model: false })
    expect(new Set(standIn.jobs.map(({ name }) => name)).size).toBe(3)
    expect(report?.findings).toEqual([])
    expect(report?.calls.done).toBe(0)
    expect(report?.not_analysed.length).toBe(report?.calls.items)
  })

  it('that Bedrock refuses for too few records goes on demand', async () => {
    await stand({ least: 10_000, quotas: [] })
    const { report, said } = await analysed(freshLake(), standIn, {
      settings: {
        batch: {
          role: 'arn:aws:iam::123456789012:role/loglake-batch',
          place: 's3://logs/loglake-analysis',
          least_records: 1,
        },
      },
    })
    expect(standIn.jobs.length, said.join('\n')).toBeLessThan(2)
    expectAll(report)
  })

  it('with fewer calls than a job needs asks on demand, and says why', async () => {
    await stand({ least: 1000 })
    const { report } = await analysed(freshLake(), standIn)
    expect(standIn.jobs).toEqual([])
    expectAll(report)
  })

  it('takes records shuffled, twice, with errors, cut off, and a manifest that disagrees', async () => {
    await stand({
      answer: (asked, job) =>
        job === 1 && asked.text.includes('person-3')
          ? { error: { errorCode: 400, errorMessage: 'bad request' } }
          : careful(asked),
      output(lines, job) {
        if (job > 1) return lines
        const shuffled = [...lines.slice(5), ...lines.slice(0, 5)]
        const [first = ''] = shuffled
        return [first, ...shuffled, '{"modelOutput":{}}', 'no json', '', first.slice(0, 40)]
      },
      manifest: (manifest) => ({ ...manifest, successRecordCount: 99_999 }),
    })
    const { report } = await analysed(freshLake(), standIn)
    expectAll(report)
    expect(report?.not_analysed).toEqual([])
    const notes = report?.notes.join('\n')
    expect(notes).toMatch(/1 records came more than once/)
    expect(notes).toMatch(/1 records without an id/)
    expect(notes).toMatch(/2 lines of the output could not be read/)
    expect(notes).toMatch(/the manifest counts 99999 answers/)
  })

  it('waits out throttling, and a 500 after Bedrock had accepted the job makes no second one', async () => {
    await stand({
      refuse(what, count) {
        if (what === 'CreateModelInvocationJob' && count <= 2)
          return { status: 500, type: 'InternalServerException', message: 'again', accepted: true }
        if (what === 'GetModelInvocationJob' && count <= 2)
          return { status: 429, type: 'ThrottlingException', message: 'slow down' }
        return undefined
      },
    })
    const { report } = await analysed(freshLake(), standIn)
    expect(standIn.jobs.length).toBe(1)
    expectAll(report)
  })
})

describe('what is hostile', () => {
  it('is fenced where it goes in, and inert where it comes out', async () => {
    const seen = carefulReader(/PutObject/)
    await stand({
      answer: (asked) => {
        const answer = seen(asked)
        if (!('text' in answer) || asked.system.startsWith('You put')) return answer
        const { findings } = JSON.parse(answer.text)
        return {
          text: JSON.stringify({
            findings: findings.map((one: object) => ({
              ...one,
              what: `They wrote PutObject: ${HOSTILE.join(' ')}`,
            })),
            nothing_notable: false,
          }),
        }
      },
    })
    const { report } = await analysed(freshLake(), standIn)
    for (const { text, system } of standIn.asked) {
      // What outsiders wrote is in one fence, a JSON text a line.
      const [, mark] = /<data-([0-9a-f]{18})>/.exec(text) ?? []
      const [before = '', data = '', after = 'missing'] = text.split(new RegExp(`</?data-${mark}>\\n?`))
      expect(after.trim()).toBe('')
      for (const one of HOSTILE) expect(before + system).not.toContain(one.slice(0, 20))
      for (const line of data.trim().split('\n'))
        expect(() => JSON.parse(line.replace(/^\d+: /, ''))).not.toThrow()
    }
    const page = reportPage(report as Report)
    const markdown = markdownOf(page)
    expect(markdown).not.toMatch(/!\[|\]\(http|<img/)
    for (const unseen of UNSEEN) expect(markdown).not.toContain(unseen)
    const html = htmlOf(page)
    expect(html).not.toMatch(/<img|<script|<a /)
    for (const unseen of UNSEEN) expect(html).not.toContain(unseen)
  })
})

describe('an answer that is not so', () => {
  const answer = (text: object) => () => ({ text: JSON.stringify(text) })

  it('names events that there are not: refused, and counted', async () => {
    await stand({
      answer: answer({
        findings: [
          { severity: 'high', what: 'forged', ids: ['e9999', 'x'] },
          { severity: 'high', what: 'No ids at all.', ids: [] },
        ],
        nothing_notable: false,
      }),
    })
    const { report } = await analysed(freshLake(), standIn)
    expect(report?.findings).toEqual([])
    expect(report?.taken_out.unknown_handles).toBe(2 * (report?.calls.items ?? 0))
    expect(report?.taken_out.without_rows).toBe(2 * (report?.calls.items ?? 0))
  })

  it('says what its events do not: struck out, the events stay', async () => {
    await stand({
      answer: answer({
        findings: [
          { severity: 'low', what: 'DeleteTrail was called 4711 times from 198.51.100.9.', ids: ['e1'] },
        ],
        nothing_notable: false,
      }),
    })
    const { report } = await analysed(freshLake(), standIn)
    expect(report?.taken_out.sentences_struck).toBe(report?.calls.items)
    expect(JSON.stringify(report?.findings.map(({ text }) => text))).not.toMatch(/4711|198\.51/)
    expect(report?.findings.every(({ struck, evidence }) => struck && evidence.length > 0)).toBe(true)
  })

  it('of no form is asked for again, then not analysed', async () => {
    await stand({ answer: () => ({ text: 'Sure! Here is what I found: nothing.' }) })
    const { report } = await analysed(freshLake(), standIn, { model: false })
    expect(standIn.jobs.length).toBe(3)
    expect(report?.not_analysed[0]?.why).toMatch(/not of the form/)
    const page = markdownOf(reportPage(report as Report))
    expect(page).toMatch(/Nothing was analysed/)
    expect(page).toMatch(/0 events of \d+ were read/)
    expect(page).not.toMatch(/Nothing was found/)
  })

  it('a model that puts nothing together loses nothing', async () => {
    await stand({
      answer: (asked) =>
        asked.system.startsWith('You put')
          ? { text: '{"sentences":[{"severity":"low","text":"All is well.","cites":["f77"]}]}' }
          : careful(asked),
    })
    const { report } = await analysed(freshLake(), standIn)
    expectAll(report)
    expect(report?.findings.length).toBeGreaterThan(10)
  })
})

describe('calls that put findings together', () => {
  it('that all fail lose nothing, and the report says so', async () => {
    const down = { status: 500, type: 'InternalServerException', message: 'not now' }
    await stand({ refuse: (what) => (what === 'Converse' ? down : undefined) })
    const { outcome, report } = await analysed(freshLake(), standIn)
    expect(outcome).toBe('finished')
    expectAll(report)
    expect(report?.merging?.calls).toBeGreaterThan(0)
    expect(report?.merging?.unanswered).toBe(report?.merging?.calls)
    expect(markdownOf(reportPage(report as Report))).toMatch(
      /Of \d+ calls? that were to put findings together, \d+ have no usable answer/,
    )
  })

  it('that have answers are not spoken of', async () => {
    await stand()
    const { report } = await analysed(freshLake(), standIn)
    expect(report?.merging).toMatchObject({ unanswered: 0 })
    expect(markdownOf(reportPage(report as Report))).not.toContain('no usable answer')
  })
})

describe('costs', () => {
  it('of a call that a batch answered in vain, and then a call on demand, are each told as what they were', async () => {
    const cut = 3
    let at = 0
    await stand({
      answer(asked, job) {
        if (job === 0 || isReduce(asked) || at++ >= cut) return careful(asked)
        return { text: '{"findings":[', stop: 'max_tokens' }
      },
    })
    const { report } = await analysed(freshLake(), standIn)
    const tokens = (text: string) => Math.ceil(text.length / 4)
    const inBatch = standIn.asked.reduce((sum, { system, text }) => sum + tokens(system + text), 0)
    const onDemand = standIn.onDemand.reduce((sum, { system, text }) => sum + tokens(system + text), 0)
    expect(standIn.onDemand.filter((asked) => !isReduce(asked))).toHaveLength(cut)
    expect(report?.cost.batch_input_tokens).toBe(inBatch)
    expect(report?.cost.input_tokens).toBe(inBatch + onDemand)
  })

  it('stop an analysis before it goes beyond the limit; with more it goes on', async () => {
    await stand()
    const { outcome, why } = await analysed(freshLake(), standIn, { maxUsd: 0.000_01 })
    expect(outcome).toBe('stopped')
    expect(why).toMatch(/is the most/)
    expect(standIn.jobs).toEqual([])
    expect(standIn.onDemand).toEqual([])
  })
})
