import { describe, expect, it } from 'vitest'
import type { Book } from './book.ts'
import { linesOf, managerAt, peopleOf } from './people.ts'
import { chosenOf, DEFAULT_RULES, type Subject } from './population.ts'
import { rightsOf } from './rights.ts'
import { brokenAt, mayFollow, type Step, type StepKind, stateOf, stepHash } from './state.ts'

const BEGUN = { reviewer: 'dalia', due: '2026-01-15T00:00:00.000Z' }

function steps(...kinds: (StepKind | Partial<Step>)[]): Step[] {
  const made: Step[] = []
  for (const given of kinds) {
    const more = typeof given === 'string' ? { kind: given } : given
    const before = made.at(-1)
    made.push({
      review_id: 'session:x',
      seq: made.length + 1,
      kind: 'opened',
      at: '2026-01-09T00:00:00.000Z',
      subject: 'x',
      subject_kind: 'session',
      person: 'goran',
      started: null,
      due: null,
      reviewer: null,
      by_subject: 's',
      by_name: 'dalia',
      by_role: 'manager',
      by_signed_in: 'oidc',
      on_behalf_of: null,
      decision: null,
      reason: null,
      ticket: null,
      lake_version: 7,
      evidence_digest: 'd',
      evidence_rows: 1,
      people_file_sha256: null,
      detail: null,
      ...more,
      previous_sha256: before ? stepHash(before) : null,
    })
  }
  return made
}

const decided: Partial<Step> = { kind: 'decided', decision: 'deny' }

describe('a review', () => {
  it('is assigned until it is opened, asked about, decided; new rows reopen it', () => {
    const name = (...kinds: (StepKind | Partial<Step>)[]) => stateOf(steps(...kinds), BEGUN).name
    expect(name()).toBe('assigned')
    expect(name('opened')).toBe('opened')
    expect(name('opened', 'asked')).toBe('asked')
    expect(name('opened', 'asked', 'answered')).toBe('answered')
    expect(name(decided)).toBe('closed')
    expect(name(decided, 'changed_since')).toBe('changed since')
    expect(name({ ...decided, detail: '{"second_look":true}' })).toBe('second look')
    expect(name({ ...decided, detail: '{"second_look":true}' }, 'upheld')).toBe('closed')
    expect(name('withdrawn')).toBe('withdrawn')
  })

  it('a second look that overturns makes the decision the other one', () => {
    const all = steps({ ...decided, detail: '{"second_look":true}' }, 'overturned')
    expect(stateOf(all, BEGUN)).toMatchObject({ name: 'closed', decision: 'confirm', decidedBy: 'dalia' })
  })

  it('is not decided twice, and not after it was withdrawn', () => {
    expect(mayFollow(stateOf(steps(decided), BEGUN), 'decided')).toBe(false)
    expect(mayFollow(stateOf(steps('withdrawn'), BEGUN), 'decided')).toBe(false)
    expect(mayFollow(stateOf(steps(decided, 'changed_since'), BEGUN), 'decided')).toBe(true)
  })

  it('shows a step that was changed, or is missing', () => {
    const all = steps('opened', 'asked', 'answered', decided)
    expect(brokenAt(all)).toBeUndefined()
    expect(brokenAt(all.map((step) => (step.seq === 2 ? { ...step, reason: 'other' } : step)))).toBe(3)
    expect(brokenAt(all.filter(({ seq }) => seq !== 2))).toBe(2)
  })
})

describe('who may decide', () => {
  const now = '2026-01-09T00:00:00.000Z'
  const book: Book = {
    steps: new Map(),
    delegations: [
      { from: 'dalia', to: 'chen', begins: '2026-01-08T00:00:00Z', ends: '2026-01-10T00:00:00Z' },
    ],
  }
  const rights = (name: string, role = 'manager', more = {}) =>
    rightsOf(
      { name, role, signedIn: 'oidc' },
      stateOf(steps(...((more as { steps?: StepKind[] }).steps ?? [])), BEGUN),
      {
        person: 'goran',
        book,
        now,
        ...more,
      },
    )

  it('the manager may, and who stands in for them, with both names', () => {
    expect(rights('dalia')).toMatchObject({ mine: true, onBehalfOf: null, whyNot: null })
    expect(rights('chen')).toMatchObject({ mine: true, onBehalfOf: 'dalia', whyNot: null })
    expect(rights('chen', 'manager', { now: '2026-01-11T00:00:00Z' }).may).not.toContain('decide')
  })

  it.each([
    ['the person themself', 'goran', 'manager', {}, /your own/],
    ['another manager', 'farah', 'manager', {}, /dalia reviews/],
    ['an operator', 'dalia', 'operator', {}, /role operator/],
    ['an auditor', 'dalia', 'auditor', {}, /role auditor/],
    ['who used the same credentials', 'dalia', 'manager', { sharers: ['dalia'] }, /same credentials/],
  ])('%s may not', (_, name, role, more, why) => {
    const found = rights(name, role, more)
    expect(found.may).not.toContain('decide')
    expect(found.whyNot).toMatch(why)
  })

  it('a token never does', () => {
    const found = rightsOf({ name: 'dalia', role: 'manager', signedIn: 'token' }, stateOf([], BEGUN), {
      person: 'goran',
      book,
      now,
    })
    expect(found.may).toEqual([])
  })
})

describe('people', () => {
  const people = {
    sha256: '',
    changed: '',
    lines: linesOf(
      'person,manager,from,until\ngoran,dalia,,2026-01-08\ngoran,farah,2026-01-08,\nAgentRole,dalia,,\n',
      'p.csv',
    ),
  }

  it('has the manager of the time at which a session began', () => {
    expect(managerAt(people, ['goran'], '2026-01-07T23:59:59Z')).toBe('dalia')
    expect(managerAt(people, ['goran'], '2026-01-08T00:00:00Z')).toBe('farah')
    expect(managerAt(people, ['ticket-1', 'AgentRole'], '2026-01-08T00:00:00Z')).toBe('dalia')
    expect(managerAt(people, ['nobody', null], '2026-01-08T00:00:00Z')).toBeNull()
    expect(peopleOf(people, 'farah')).toEqual([{ person: 'goran', from: '2026-01-08T00:00:00Z' }])
  })

  it.each([
    ['person,boss\n', /p\.csv:1: there is no column "boss"/],
    ['person\n', /p\.csv:1: the column "manager" is missing/],
    ['person,manager,from\na,b,1.1.26\n', /p\.csv:2: from: a day is wanted/],
    ['person,manager\na,a\n', /p\.csv:2: nobody is their own manager/],
  ])('says what is wrong in %j', (text, message) => {
    expect(() => linesOf(text, 'p.csv')).toThrow(message)
  })

  it('every session is reviewed, or left out for a reason', () => {
    const subject: Subject = {
      id: 'x',
      kind: 'session',
      who: 'goran',
      acting_as: 'Operator',
      outcome: 'opened',
      started: '2026-01-08T02:00:00.000Z',
      ended: null,
    }
    expect(chosenOf(subject, DEFAULT_RULES, people)).toEqual({
      kind: 'review',
      id: 'session:x',
      begun: { reviewer: 'farah', due: '2026-01-15T02:00:00.000Z' },
    })
    expect(chosenOf({ ...subject, who: 'nobody', acting_as: null }, DEFAULT_RULES, people)).toMatchObject({
      kind: 'review',
      begun: { reviewer: null },
    })
    const rules = { ...DEFAULT_RULES, leaveOut: [{ who: 'ci-*', why: 'a robot' }] }
    expect(chosenOf({ ...subject, who: 'ci-1' }, rules, people)).toEqual({
      kind: 'left out',
      reason: 'a robot',
    })
  })
})
