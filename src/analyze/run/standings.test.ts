import { describe, expect, it } from 'vitest'
import type { Step, StepKind } from './book.ts'
import { standings, standsAt } from './standings.ts'

const BEGUN = { selection: { since: '2026-01-08T00:00:00Z', until: '2026-01-09T00:00:00Z' }, to: ['a', 'b'] }

/** The steps of one analysis, an hour from each to the next. */
function steps(run: string, ...kinds: (readonly [kind: StepKind, detail?: object | undefined])[]): Step[] {
  return kinds.map(([kind, detail], at) => ({
    ...{ run, kind, seq: at + 1, lake_version: null, job: null },
    time: `2026-01-09T${String(at).padStart(2, '0')}:00:00Z`,
    detail: detail ? JSON.stringify(detail) : null,
  }))
}

describe('an analysis stands at', () => {
  it.each<[string, StepKind, object?]>([
    ['begun', 'begun', BEGUN],
    ['a batch job is wanted', 'job_wanted'],
    ['a batch job was started', 'job_started'],
    ['a batch job was read', 'job_read'],
    ['calls are made', 'asked'],
    ['findings are put together', 'reduced'],
    ['report is made', 'reported'],
    ['report is sent to 1 of 2 destinations', 'sent', { to: 'b' }],
    ['stopped', 'stopped', { why: 'the limit is reached' }],
    ['finished', 'finished'],
  ])('%s, after the step %s', (words, kind, detail) => {
    const all = steps('r', ['begun', BEGUN], ...(kind === 'begun' ? [] : [[kind, detail] as const]))
    const [one] = standings(all)
    expect(one && standsAt(one)).toBe(words)
    expect(one).toMatchObject({
      begun: '2026-01-09T00:00:00Z',
      selection: '2026-01-08T00:00:00Z to 2026-01-09T00:00:00Z',
      why: kind === 'stopped' ? 'the limit is reached' : '',
    })
  })

  it('report is sent, when all destinations have it, one of them twice', () => {
    const sent = ['a', 'a', 'b'].map((to) => ['sent', { to }] as const)
    const [one] = standings(steps('r', ['begun', BEGUN], ['reported'], ...sent))
    expect(one && standsAt(one)).toBe('report is sent')
  })

  it('what it stands at now: why it was stopped before is told no more', () => {
    const [one] = standings(steps('r', ['begun', BEGUN], ['stopped', { why: 'no money' }], ['asked']))
    expect(one).toMatchObject({ state: 'asked', why: '' })
  })
})

it('analyses come in the order of their beginnings', () => {
  const [late] = steps('late', ['begun', BEGUN])
  const [early] = steps('early', ['begun', BEGUN])
  const all = [{ ...(late as Step), time: '2026-01-10T00:00:00Z' }, early as Step]
  expect(standings(all).map(({ run }) => run)).toEqual(['early', 'late'])
})
