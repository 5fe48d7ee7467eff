import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Candidate } from '../../src/detect/contract.ts'
import { sigmaDetector } from '../../src/detect/sigma/detector.ts'
import { loadRuleFiles, packageRules, readRuleFiles } from '../../src/detect/sigma/files.ts'
import { loadRules } from '../../src/detect/sigma/load.ts'
import { sigmaTables } from '../../src/detect/sigma/tables.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { cloudtrail } from '../../src/logtypes/cloudtrail/index.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { cases, eventsOf, ruleOf } from '../detect/cases.ts'
import { correlationCases, correlationText, eventsIn, secondsOf } from '../detect/correlations.ts'
import { findIn, makeRows } from '../detect/rows.ts'
import { askPySigma, askRsigma, findRsigma, recordsIn, type Verdict } from './judges.ts'

/** Real logs and rules, which are not part of the project. */
const DATA = resolve('../shared/data')
const isThere = existsSync(DATA)
if (!isThere) console.warn(`rules are not judged on real logs: there is no ${DATA}`)
const rsigma = findRsigma()
if (!rsigma) console.warn('rules are not judged by rsigma: it is not installed')

const tables = sigmaTables(logTypes)
let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())

describe('cases of our own', () => {
  const questions = cases.map((one, at) => ({ rules: [ruleOf(one, at)], events: eventsOf(one) }))
  const wanted = ({ yes }: (typeof cases)[number]) => yes.map((_, at) => at)

  test('pySigma with SQLite says the same, but where a case says why not', async () => {
    const verdicts = await askPySigma(questions)
    const others = cases.flatMap((one, at) => {
      const verdict = verdicts[at] as Verdict
      const said = 'error' in verdict ? verdict.error : verdict.matches[`case ${at}`]
      const same = JSON.stringify(said) === JSON.stringify(wanted(one))
      return same === (one.differs?.pysigma === undefined)
        ? []
        : [{ name: one.name, said, wanted: wanted(one) }]
    })
    expect(others).toEqual([])
    expect(cases.filter(({ differs }) => !differs?.pysigma).length).toBeGreaterThanOrEqual(150)
  })

  test.skipIf(!rsigma)('rsigma says the same, but where a case says why not', async () => {
    const others: object[] = []
    for (const [at, one] of cases.entries()) {
      const question = questions[at] as (typeof questions)[number]
      const verdict = await askRsigma(rsigma as string, question)
      const said = 'error' in verdict ? verdict.error : (verdict.matches.get(`case ${at}`) ?? []).sort()
      const same =
        JSON.stringify(said) ===
        JSON.stringify(
          wanted(one)
            .map((place) => `event-${place}`)
            .sort(),
        )
      if (same !== (one.differs?.rsigma === undefined))
        others.push({ name: one.name, said, wanted: wanted(one) })
    }
    expect(others).toEqual([])
  })
})

test('correlations of our own: pySigma sees the same groups fire at the same time first', async () => {
  const judged = correlationCases.filter(({ differs }) => !differs)
  const verdicts = await askPySigma(
    judged.map((one) => ({ rules: [correlationText(one)], events: eventsIn(one) })),
  )
  for (const [at, { name, bursts }] of judged.entries()) {
    const verdict = verdicts[at] as Verdict
    if ('error' in verdict) throw new Error(`${name}: ${verdict.error}`)
    const first: Record<string, number> = {}
    for (const [, groups, end] of verdict.matches.Correlation as [string, string, number][]) {
      const group = Object.values(JSON.parse(groups) as object).join(' ')
      first[group] = Math.min(
        first[group] ?? Number.POSITIVE_INFINITY,
        secondsOf(new Date(end * 1000).toISOString()),
      )
    }
    const ours = Object.fromEntries(
      Object.entries(bursts).map(([group, times]) => [group, Math.min(...times)]),
    )
    expect({ name, first }).toEqual({ name, first: ours })
  }
})

describe.skipIf(!isThere)("SigmaHQ's rules on real logs", () => {
  const { texts } = readRuleFiles(packageRules())
  const { rules: read, faults } = loadRuleFiles(packageRules(), { tables })
  const rules = read.map(({ off: _, ...rule }) => rule)

  test('all 57 are read without a fault, and one is off', () => {
    expect(faults).toEqual([])
    expect(rules.length).toBe(57)
    expect(read.filter(({ off }) => off).map(({ title }) => title)).toEqual(['AWS STS AssumeRole Misuse'])
  })

  // The last set holds 381 descriptions of API calls that look like events: with what an event must have they are judged, too.
  test.each([
    { set: 'invictus', matches: 109 },
    { set: 'stratus', matches: 80 },
    { set: 'traildiscover', matches: 179 },
  ])('$set: $matches matches, rule by rule as the judges say', async ({ set, matches }) => {
    const events = recordsIn(join(DATA, 'cloudtrail', set)).map((record, at) => ({
      eventVersion: '1.08',
      eventTime: '2026-01-07T22:16:43Z',
      ...record,
      eventID: `event-${at}`,
    }))
    await makeRows(engine, cloudtrail, events, 'trail')
    const found = await findIn(engine, sigmaDetector(rules, { tables }), new Map([['cloudtrail', 'trail']]))
    const ours = idsByTitle(found)
    expect(found.length).toBe(matches)
    const [verdict] = await askPySigma([{ rules: texts.map(({ text }) => text), events }])
    if (!verdict || 'error' in verdict) throw new Error(verdict?.error)
    for (const { title } of rules) {
      const said = (verdict.matches[title] as number[]).map((at) => `event-${at}`).sort()
      expect({ title, ids: ours.get(title) ?? [] }).toEqual({ title, ids: said })
    }
    if (!rsigma) return
    const other = await askRsigma(rsigma, { rules: texts.map(({ text }) => text), events })
    if ('error' in other) throw new Error(other.error)
    for (const { title } of rules)
      expect({ title, ids: ours.get(title) ?? [] }).toEqual({
        title,
        ids: (other.matches.get(title) ?? []).sort(),
      })
  })
})

describe.skipIf(!isThere)('correlations on real logs', () => {
  const folder = join(DATA, 'sigma/suzaku-correlation')
  test.each(['invictus', 'stratus'])('%s: the groups that fire are those of pySigma', async (set) => {
    const events = recordsIn(join(DATA, 'cloudtrail', set))
    await makeRows(engine, cloudtrail, events, 'trail')
    const files = readdirSync(folder).sort()
    const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'))
    const questions = texts.map((text) => ({ rules: [withIds(text)], events }))
    const verdicts = await askPySigma(questions)
    for (const [at, text] of texts.entries()) {
      const { rules, faults } = loadRules([{ file: files[at] as string, text }], { tables })
      expect(faults.filter(({ kind }) => kind === 'refused')).toEqual([])
      const found = await findIn(engine, sigmaDetector(rules, { tables }), new Map([['cloudtrail', 'trail']]))
      const verdict = verdicts[at] as Verdict
      if ('error' in verdict) throw new Error(verdict.error)
      const rule = rules.find(({ kind }) => kind === 'correlation')
      const alerts = verdict.matches[rule?.title ?? ''] as [string, string, number][]
      const said = alerts.map(([, groups]) =>
        Object.values(JSON.parse(groups) as object)
          .map(String)
          .join(' '),
      )
      const ours = found.map(({ matched }) =>
        matched
          .slice(0, -1)
          .map(({ value }) => value?.toLowerCase())
          .join(' '),
      )
      expect(new Set(ours)).toEqual(new Set(said))
      // The first alert of a group is the beginning of its first burst.
      for (const group of new Set(said)) {
        const first = Math.min(...alerts.filter((_, one) => said[one] === group).map(([, , end]) => end))
        const begun = Math.min(
          ...found.filter((_, one) => ours[one] === group).map(({ time }) => Date.parse(time)),
        )
        expect(begun / 1000).toBe(first)
      }
    }
  })
})

function idsByTitle(found: readonly Candidate[]): Map<string, string[]> {
  const ids = new Map<string, string[]>()
  for (const { rule, rows } of found)
    ids.set(rule.title, [...(ids.get(rule.title) ?? []), ...rows.map(({ id }) => id)].sort())
  return ids
}

/** Titles in `rules` made ids: pySigma knows no other references. */
function withIds(text: string): string {
  const documents = text.split(/^---\s*$/m)
  const field = (document: string, key: string) =>
    new RegExp(`^${key}: (.*)$`, 'm').exec(document)?.[1]?.trim()
  return documents.reduce((all, document) => {
    const title = field(document, 'title') ?? ''
    const id = field(document, 'id') ?? ''
    return all.replaceAll(new RegExp(`^(\\s+- )${title}\\s*$`, 'gm'), `$1${id}\n`)
  }, text)
}
