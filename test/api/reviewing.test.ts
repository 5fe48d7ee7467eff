import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { subjectsIn, sweepOnce } from '../../src/api/sweeping.ts'
import { sql } from '../../src/lib/sql.ts'
import type { ReminderMessage } from '../../src/review/reminders/message.ts'
import { type Round, remind } from '../../src/review/reminders/round.ts'
import { brokenAt, type Step } from '../../src/review/state.ts'
import { failures, type Served, SPAN, served } from './served.ts'

// Stand-ins and reminders, over the sample lake.

const DALIA = 'manager:dalia@example.com'
const FARAH = 'manager:farah@example.com'
const BRUNO = 'manager:bruno@example.com'
const OPERATOR = 'operator:ana@example.com'

let lake: Served
beforeAll(async () => {
  lake = await served()
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

interface Session {
  id: string
  who: string | null
  review: { id: string; state: string; mine: boolean; reviewer: string | null; due: string } | null
}

interface Delegated {
  id: string
  from: string
  state: string
}

async function sessions(as: string, state: string): Promise<Session[]> {
  const answer = await lake.get(as, 'sessions', { ...SPAN, state, limit: '1000' })
  return ((await answer.json()) as { rows: Session[] }).rows
}

const json = async (response: Promise<Response>) => (await (await response).json()) as Record<string, unknown>
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

describe('a stand-in', () => {
  const give = (more = {}) => ({
    to: 'bruno@example.com',
    until: inDays(7),
    reason: 'On leave.',
    ...more,
  })
  const period = async () => {
    const { version: _, complete_to: __, ...report } = await json(lake.get(OPERATOR, 'period-report', SPAN))
    return report
  }

  it.each([
    ['themselves', { to: 'dalia@example.com' }, 422, /stands in for themselves/],
    ['nobody that is known', { to: 'brno@example.com' }, 422, /the people file has nobody/],
    ['without a reason', { reason: ' ' }, 422, /reason/],
    ['for no time', { until: inDays(-1) }, 422, /end after it begins/],
    ['in the past', { from: inDays(-2) }, 422, /begin in the past/],
    ['for ever', { until: inDays(800) }, 422, /a year/],
  ])('cannot be %s', async (_, more, status, why) => {
    const answer = await lake.post(DALIA, 'delegate', give(more))
    const { detail } = (await answer.json()) as { detail: string }
    expect([answer.status, detail]).toEqual([status, expect.stringMatching(why)])
  })

  it.each(['operator', 'analyst', 'auditor', 'asked'])('is named by no %s', async (role) => {
    expect((await lake.post(`${role}:dalia@example.com`, 'delegate', give())).status).toBe(403)
  })

  it('reviews for a time, never themselves, under both names; all sessions still add up', async () => {
    const before = await period()
    const own = (await sessions(BRUNO, 'mine')).map(({ id }) => id)
    const theirs = await sessions(DALIA, 'mine')
    const brunos = theirs.filter(({ who }) => who === 'bruno@example.com')
    expect(theirs.length).toBeGreaterThan(brunos.length)
    expect(brunos.length).toBeGreaterThan(0)

    const made = await json(lake.post(DALIA, 'delegate', give()))
    expect(made).toMatchObject({ to: 'bruno@example.com', id: expect.stringMatching(/^delegation:/) })
    const mine = (await sessions(BRUNO, 'mine')).map(({ id }) => id)
    const wanted = theirs.filter(({ who }) => who !== 'bruno@example.com').map(({ id }) => id)
    expect(new Set(mine)).toEqual(new Set([...own, ...wanted]))
    expect(await period()).toEqual(before)

    const decide = async (id: string) => {
      const { review } = (await json(lake.get(BRUNO, 'review', { id }))) as { review?: { seq: number } }
      return await lake.post(BRUNO, 'review-decide', {
        id,
        seq: review?.seq ?? 0,
        decision: 'confirm',
        reason: 'Planned work.',
      })
    }
    // Their own session is not among the rows that they see as a reviewer.
    const self = await decide((brunos[0] as Session).id)
    expect([403, 404]).toContain(self.status)
    const [other] = wanted as [string]
    expect((await decide(other)).status).toBe(200)
    const { steps } = (await json(lake.get(DALIA, 'review', { id: other }))) as {
      steps: { kind: string; by: { name: string }; on_behalf_of: string | null }[]
    }
    expect(steps.at(-1)).toMatchObject({
      kind: 'decided',
      by: { name: 'bruno@example.com' },
      on_behalf_of: 'dalia@example.com',
    })
    const after = (await period()) as Record<string, number>
    expect(after).toMatchObject({ found: before.found, adds_up: true })
    expect((after.confirmed as number) - (before.confirmed as number)).toBe(1)
  })

  it('does not hand on what they stand in for', async () => {
    const ids = async () => (await sessions(FARAH, 'mine')).map(({ id }) => id)
    const before = await ids()
    expect((await lake.post(BRUNO, 'delegate', give({ to: 'farah@example.com' }))).status).toBe(200)
    expect(await ids()).toEqual(before)
  })

  it('is seen by both and by who runs or audits it, and ended by who named them', async () => {
    const rows = async (as: string) =>
      ((await json(lake.get(as, 'delegations'))) as { rows: [Delegated, ...Delegated[]] }).rows
    const [one] = (await rows(DALIA)) as [Delegated]
    expect(one.state).toBe('now')
    expect((await rows('auditor:eve@example.com')).length).toBe(2)
    expect((await rows(FARAH)).map(({ from }) => from)).toEqual(['bruno@example.com'])
    const end = (as: string) => lake.post(as, 'delegation-end', { id: one.id, reason: 'Back again.' })
    expect((await end(FARAH)).status).toBe(404)
    expect((await end(BRUNO)).status).toBe(403)
    expect((await end('auditor:eve@example.com')).status).toBe(403)
    expect(await (await end(DALIA)).json()).toEqual({ id: one.id, ended: true })
    expect((await end(DALIA)).status).toBe(409)
    const mine = await sessions(BRUNO, 'mine')
    expect(mine.some(({ review }) => review?.reviewer === 'dalia@example.com')).toBe(false)
    const { services } = lake.asking
    const steps = await services.readAll<Step>(
      await services.lake.newest(),
      sql(new URL('../../src/review/sql/steps.sql', import.meta.url)),
      { id: one.id },
    )
    expect(steps.map(({ reason }) => reason)).toEqual(['On leave.', 'Back again.'])
    expect(brokenAt(steps)).toBeUndefined()
  })
})

describe('reminders', () => {
  const DAY_MS = 86_400_000
  /** When the first and the last review of the lake are due. */
  let [first, last] = [0, 0]
  let sent: ReminderMessage[] = []
  let down: string | undefined
  let refusing: string | undefined
  /** Where a process is killed: what throws here leaves all that comes after it undone. */
  let dies: 'never' | 'before' | 'after' = 'never'

  beforeAll(async () => {
    const due = (await sessions(OPERATOR, 'open')).map(({ review }) => Date.parse(review?.due ?? ''))
    first = Math.min(...due)
    last = Math.max(...due)
  })

  /** A round of a process, with the sweeps that come before it. */
  async function round(atMs: number, run = 'one'): Promise<Awaited<ReturnType<typeof remind>>> {
    const { services } = lake.asking
    const now = new Date(atMs)
    const sweeping = { ...services, now: () => now }
    for (let swept = true; swept; ) {
      const { assigned, escalated } = await sweepOnce(sweeping)
      swept = assigned + escalated > 0
    }
    sent = []
    return await remind({
      ...{ lake: services.lake, read: services.readAll, rules: services.reviews.rules, now, run },
      people: services.reviews.people(),
      subjects: (version) => subjectsIn(sweeping, version),
      reminders: {
        to: ['slack', 'mail'],
        assigned: false,
        beforeDays: [3],
        afterDays: [0, 5, 10, 15, 20],
        unassignedTo: 'ops@example.com',
      },
      page: 'https://loglake.example.com/reviews',
      async send(message) {
        if (dies === 'before') throw new Error('killed')
        if (message.destination === down) throw new Error('the channel is down')
        if (message.destination === refusing) return '400 no such channel'
        sent.push(message)
        if (dies === 'after') throw new Error('killed')
        return undefined
      },
    } satisfies Round)
  }

  const toldOf = (messages: readonly ReminderMessage[]) =>
    messages
      .flatMap(({ recipient, destination, fields }) =>
        (fields.reviews as string[]).map((id) => `${id} ${recipient} ${destination}`),
      )
      .sort()

  it('come before the due date and after it, to everybody once, and never of their own session', async () => {
    await round(first - 4 * DAY_MS)
    expect(sent).toEqual([])
    await round(first - 2 * DAY_MS)
    const before = sent
    expect(before.length).toBeGreaterThan(1)
    expect(before.every(({ fields }) => fields.severity === 'info')).toBe(true)
    await round(first - 2 * DAY_MS + 60_000, 'another process')
    expect(sent).toEqual([])
    await round(last + 1)
    const after = toldOf(sent)
    expect(after.filter((one) => toldOf(before).includes(one)).length).toBeGreaterThan(0)
    const open = await sessions(OPERATOR, 'open')
    // Whom it is overdue for, and the next person: of each review those two, by both destinations.
    const all = new Map(open.map(({ review, who }) => [review?.id ?? '', who]))
    expect(new Set(after.map((one) => one.split(' ')[0]))).toEqual(new Set(all.keys()))
    expect(new Set(after).size).toBe(after.length)
    for (const one of after) {
      const [id = '', recipient] = one.split(' ')
      expect(all.get(id)).not.toBe(recipient)
    }
    const dalias = open.filter(
      ({ review, who }) => review?.reviewer === 'dalia@example.com' && who !== 'bruno@example.com',
    )
    for (const { review } of dalias)
      for (const name of ['dalia@example.com', 'bruno@example.com'])
        expect(after).toContain(`${review?.id} ${name} slack`)
    expect(after.some((one) => one.includes('ops@example.com'))).toBe(
      open.some(({ review }) => review?.reviewer === null),
    )
  })

  it.each([
    ['before it was sent', 'before', 5],
    ['after it was sent', 'after', 10],
  ] as const)(
    'a process that is killed %s is made up for: the same message, and none twice',
    async (_, when, days) => {
      const at = last + days * DAY_MS + 1
      dies = when
      const { waiting } = await round(at, `killed ${when}`)
      dies = 'never'
      const lost = sent
      expect(waiting).toBeGreaterThan(2)
      expect(lost.length).toBe(when === 'after' ? waiting : 0)
      // It may only be slow: another leaves it alone at first.
      await round(at + 60_000, 'next')
      expect(sent).toEqual([])
      await round(at + 601_000, 'next')
      expect(sent.length).toBe(waiting)
      // Under the same id and in the same words, by which receivers know it again.
      for (const message of lost) expect(sent).toContainEqual(message)
      expect(new Set(toldOf(sent)).size).toBe(toldOf(sent).length)
      for (const run of ['next', 'a third']) {
        await round(at + 1_300_000, run)
        expect(sent).toEqual([])
      }
    },
  )

  it('wait for a destination that is down, are given up where one refuses, and the review says so', async () => {
    const at = last + 15 * DAY_MS + 1
    down = 'mail'
    refusing = 'slack'
    const told = await round(at)
    expect(told).toMatchObject({ messages: 0, failure: 'the channel is down' })
    expect([told.refused, told.waiting]).toEqual([told.waiting, told.refused])
    down = undefined
    refusing = undefined
    await round(at + 60_000)
    expect(new Set(sent.map(({ destination }) => destination))).toEqual(new Set(['mail']))
    expect(sent.length).toBe(told.waiting)
    const [id] = (sent[0] as ReminderMessage).fields.reviews as string[]
    const { told: shown } = (await json(lake.get(OPERATOR, 'review', { id: id ?? '' }))) as {
      told: { stage: string; destination: string; outcome: string; answer: string | null }[]
    }
    const last15 = shown.filter(({ stage }) => stage === 'after 15')
    expect(last15).toContainEqual(
      expect.objectContaining({ destination: 'slack', outcome: 'refused', answer: '400 no such channel' }),
    )
    expect(last15).toContainEqual(expect.objectContaining({ destination: 'mail', outcome: 'sent' }))
  })

  it('are not sent of what was decided while they waited', async () => {
    down = 'mail'
    const at = last + 20 * DAY_MS + 1
    await round(at)
    const { services } = lake.asking
    const outcomes = async () => {
      const rows = await services.readAll<{ message: string; reviews: string[]; outcome: string }>(
        await services.lake.newest(),
        `select message, list(distinct review_id) as reviews, min_by(outcome, outcome = 'planned') as outcome from review_notice
         where stage = 'after 20' and destination = 'mail' group by message order by len(reviews), message`,
      )
      return rows
    }
    const [few] = await outcomes()
    expect(few?.outcome).toBe('planned')
    for (const id of few?.reviews ?? []) {
      const { review } = (await json(lake.get(OPERATOR, 'review', { id }))) as { review: { seq: number } }
      const withdrawn = { id, seq: review.seq, step: 'withdrawn', reason: 'Not in scope.' }
      expect((await lake.post(OPERATOR, 'review-step', withdrawn)).status).toBe(200)
    }
    down = undefined
    await round(at + 60_000)
    expect(sent.length).toBeGreaterThan(0)
    const listed = sent.flatMap(({ fields }) => fields.reviews as string[])
    expect(sent.some(({ id }) => id === few?.message)).toBe(false)
    expect(listed.length).toBeGreaterThan(0)
    expect((await outcomes()).find(({ message }) => message === few?.message)?.outcome).toBe('not needed')
  })
})
