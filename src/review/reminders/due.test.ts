import { describe, expect, it } from 'vitest'
import type { State } from '../state.ts'
import { noticesDue, type ReminderRules, recipientsOf, stageOf, type Waiting } from './due.ts'
import { messageFor } from './message.ts'

const RULES: ReminderRules = {
  to: ['slack'],
  assigned: false,
  beforeDays: [3, 1],
  afterDays: [0, 1, 7],
  unassignedTo: null,
}
const DUE = '2026-01-15T12:00:00.000Z'
const NOW = '2026-01-14T00:00:00.000Z'

function waiting(more: Partial<State> = {}, person: string | null = 'goran'): Waiting {
  return {
    id: 'session:1',
    person,
    started: '2026-01-08T12:00:00.000Z',
    state: {
      name: 'assigned',
      seq: 1,
      reviewer: 'dalia',
      escalatedTo: null,
      due: DUE,
      decision: null,
      decidedBy: null,
      pinned: null,
      question: null,
      ...more,
    },
  }
}

describe('when somebody is told', () => {
  it.each([
    ['2026-01-10T00:00:00.000Z', null],
    ['2026-01-12T12:00:00.000Z', 'before 3'],
    ['2026-01-14T11:59:59.000Z', 'before 3'],
    ['2026-01-14T12:00:00.000Z', 'before 1'],
    ['2026-01-15T12:00:00.000Z', 'after 0'],
    ['2026-01-17T00:00:00.000Z', 'after 1'],
    ['2026-03-01T00:00:00.000Z', 'after 7'],
  ])('at %s it is %s', (now, stage) => {
    expect(stageOf(DUE, now, RULES)).toBe(stage)
  })

  it('is told at once where that is wanted, and of nothing where no day is', () => {
    expect(stageOf(DUE, '2026-01-08T00:00:00.000Z', { ...RULES, assigned: true })).toBe('assigned')
    expect(stageOf(DUE, NOW, { ...RULES, beforeDays: [], afterDays: [] })).toBeNull()
  })
})

describe('who is told', () => {
  const standIn = (from: string, to: string, begins = '2026-01-01', ends = '2026-02-01') => ({
    ...{ from, to },
    begins: `${begins}T00:00:00.000Z`,
    ends: `${ends}T00:00:00.000Z`,
  })
  const told = (one: Waiting, delegations: ReturnType<typeof standIn>[] = [], rules = RULES) =>
    recipientsOf(one, { delegations }, NOW, rules).map(({ name, onBehalfOf }) =>
      onBehalfOf === null ? name : `${name} for ${onBehalfOf}`,
    )

  it('the reviewer, and once it went up the next person as well', () => {
    expect(told(waiting())).toEqual(['dalia'])
    expect(told(waiting({ escalatedTo: 'bruno' }))).toEqual(['dalia', 'bruno'])
  })

  it('the stand-in, while they stand in', () => {
    expect(told(waiting(), [standIn('dalia', 'farah')])).toEqual(['farah for dalia'])
    expect(told(waiting(), [standIn('dalia', 'farah', '2026-01-15')])).toEqual(['dalia'])
    expect(told(waiting(), [standIn('dalia', 'farah', '2026-01-01', '2026-01-14')])).toEqual(['dalia'])
  })

  it('never the person whose session it is, nor who decided before a second look', () => {
    expect(told(waiting(), [standIn('dalia', 'goran')])).toEqual(['dalia'])
    expect(told(waiting({ reviewer: 'goran' }))).toEqual([])
    expect(told(waiting({ name: 'second look', decidedBy: 'dalia' }))).toEqual([])
  })

  it('of a review without a reviewer, whoever the configuration names', () => {
    expect(told(waiting({ reviewer: null }))).toEqual([])
    expect(told(waiting({ reviewer: null }), [], { ...RULES, unassignedTo: 'ops' })).toEqual(['ops'])
  })

  it('nobody of what is decided; another due date, person or destination is another notice', () => {
    const ids = (one: Waiting, rules = RULES) =>
      noticesDue([one], { delegations: [] }, NOW, rules).map(({ id }) => id)
    expect(ids(waiting({ name: 'closed' }))).toEqual([])
    const [first] = ids(waiting())
    expect(ids(waiting({ seq: 9, name: 'opened' }))).toEqual([first])
    expect(ids(waiting({ reviewer: 'farah' }))).not.toContain(first)
    expect(ids(waiting({ due: '2026-01-15T13:00:00.000Z' }))).not.toContain(first)
    expect(ids(waiting(), { ...RULES, to: ['slack', 'mail'] })).toHaveLength(2)
  })
})

it('a message tells of six reviews and how many more, the same whenever it is made', () => {
  const notices = Array.from({ length: 8 }, (_, n) => ({
    ...(noticesDue([waiting()], { delegations: [] }, NOW, RULES)[0] as ReturnType<typeof noticesDue>[number]),
    review_id: `session:${n}`,
    due: `2026-01-${10 + n}T00:00:00.000Z`,
  }))
  const { fields } = messageFor('m', notices, NOW, 'https://l.example.com/reviews')
  expect(messageFor('m', notices.toReversed(), NOW, 'https://l.example.com/reviews').fields).toEqual(fields)
  expect(fields).toMatchObject({
    title: '8 reviews wait for dalia, 4 of them overdue',
    severity: 'warning',
    'review 1': 'goran, from 2026-01-08 12:00 UTC, was due on 2026-01-10',
    more: '2 more',
  })
  expect(fields).not.toHaveProperty('review 7')
})
