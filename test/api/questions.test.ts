import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failures, type Served, SPAN, served } from './served.ts'

// A question of a reviewer: who is asked sees it with the session's facts, answers, and sees no other row.

const DALIA = 'manager:dalia@example.com'
const ASKED = 'asked:goran@example.com'

let lake: Served
beforeAll(async () => {
  lake = await served()
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

interface Question {
  id: string
  open: boolean
  seq: number
}
const json = async (response: Promise<Response>) => (await (await response).json()) as Record<string, unknown>
const questions = async (as: string) => (await json(lake.get(as, 'questions', {}))).rows as Question[]

describe('a question', () => {
  it('reaches the person with the facts of the session, and is answered by them alone', async () => {
    expect(await questions(ASKED)).toEqual([])
    const { rows } = (await json(lake.get(DALIA, 'sessions', { ...SPAN, state: 'mine', limit: '1000' }))) as {
      rows: { id: string; who: string; kind: string; review: { id: string } }[]
    }
    const [one, other] = rows.filter(({ who, kind }) => who === 'goran@example.com' && kind === 'session')
    if (!one || !other) throw new Error('the samples have sessions of goran')
    const { review } = (await json(lake.get(DALIA, 'review', { id: one.id }))) as { review: { seq: number } }
    const ask = { id: one.review.id, seq: review.seq, step: 'asked', reason: 'Which incident was this?' }
    expect((await lake.post(DALIA, 'review-step', ask)).status).toBe(200)

    const [question] = await questions(ASKED)
    expect(question).toMatchObject({
      id: one.review.id,
      kind: 'session',
      question: 'Which incident was this?',
      asked_by: 'dalia@example.com',
      where: expect.stringMatching(/^i-/),
      answer: null,
      open: true,
    })
    expect(await json(lake.get(ASKED, 'reviews-waiting', {}))).toMatchObject({ questions: 1, mine: 0 })
    for (const as of ['asked:alice@example.com', DALIA, 'operator:ana@example.com'])
      expect([as, await questions(as)]).toEqual([as, []])

    // Neither the record of the review, nor another session of their own.
    expect((await lake.get(ASKED, 'review', { id: one.id })).status).toBe(404)
    const answer = { seq: question?.seq ?? 0, step: 'answered', reason: 'INC-4471.' }
    for (const [as, id] of [
      ['asked:alice@example.com', one.review.id],
      [ASKED, other.review.id],
    ] as const)
      expect((await lake.post(as, 'review-step', { ...answer, id })).status).toBe(404)

    expect((await lake.post(ASKED, 'review-step', { ...answer, id: one.review.id })).status).toBe(200)
    expect(await questions(ASKED)).toMatchObject([{ open: false, answer: 'INC-4471.' }])
    expect(await json(lake.get(ASKED, 'reviews-waiting', {}))).toMatchObject({ questions: 0 })
    const { steps } = (await json(lake.get(DALIA, 'review', { id: one.id }))) as { steps: { kind: string }[] }
    expect(steps.at(-1)?.kind).toBe('answered')
  })
})
