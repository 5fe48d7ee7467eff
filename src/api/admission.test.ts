import { expect, it, vi } from 'vitest'
import { admission } from './admission.ts'
import { Problem } from './problem.ts'

const limits = { places: 3, questions: 1, perPerson: 2, waiting: 7 }
const open = () => new AbortController().signal
const settled = () => new Promise((done) => setTimeout(done, 0))

/** Asks, and notes the order in which it is let in. */
function asker(givenUp = () => 0) {
  const door = admission({ ...limits, givenUp })
  const inside: string[] = []
  const leave = new Map<string, () => void>()
  const refused = new Map<string, unknown>()
  const ask = (name: string, person: string, queue: 'page' | 'question' = 'page', signal = open()) => {
    door.enter(queue, person, signal).then(
      (done) => {
        inside.push(name)
        leave.set(name, done)
      },
      (why) => refused.set(name, why),
    )
  }
  return { door, inside, leave, refused, ask }
}

it('lets in as many as there are places, and each person in turn', async () => {
  const { door, inside, leave, ask } = asker()
  for (const name of ['a1', 'a2', 'a3', 'a4']) ask(name, 'ana')
  ask('b1', 'bob')
  await settled()
  expect(inside).toEqual(['a1', 'a2', 'a3'])
  expect(door.standing()).toEqual({ inside: 3, waiting: 2 })
  leave.get('a1')?.()
  leave.get('a2')?.()
  await settled()
  expect(inside.slice(3).sort()).toEqual(['a4', 'b1'])
})

it('questions take their share of the places, and pages come through', async () => {
  const { inside, leave, ask } = asker()
  for (const name of ['q1', 'q2']) ask(name, name, 'question')
  ask('p1', 'ana')
  ask('p2', 'ana')
  await settled()
  expect(inside).toEqual(['q1', 'p1', 'p2'])
  leave.get('q1')?.()
  await settled()
  expect(inside).toEqual(['q1', 'p1', 'p2', 'q2'])
})

it('who asks is told where DuckDB holds every place for a question, and nobody waits for it', async () => {
  let held = 0
  const { inside, leave, refused, ask } = asker(() => held)
  for (const name of ['q1', 'q2', 'q3']) ask(name, name, 'question')
  ask('p1', 'ana')
  await settled()
  expect(inside).toEqual(['q1', 'p1'])
  held = 1
  leave.get('q1')?.()
  ask('q4', 'q4', 'question')
  ask('p2', 'bob')
  await settled()
  expect(inside).toEqual(['q1', 'p1', 'p2'])
  expect([...refused.keys()]).toEqual(['q2', 'q3', 'q4'])
  for (const why of refused.values()) expect(why).toMatchObject({ status: 503 })
  held = 0
  ask('q5', 'q5', 'question')
  leave.get('p1')?.()
  await settled()
  expect(inside).toContain('q5')
})

it('a question that was given up keeps its place until its thread is free', async () => {
  let held = 1
  const { inside, ask } = asker(() => held)
  ask('q1', 'ana', 'question')
  for (const name of ['p1', 'p2', 'p3']) ask(name, name)
  await settled()
  expect(inside).toEqual(['p1', 'p2'])
  held = 0
  await vi.waitFor(() => expect(inside).toEqual(['p1', 'p2', 'p3']), { timeout: 10_000 })
})

it('one more of a person ends the oldest that waits', async () => {
  const { refused, ask } = asker()
  for (const name of ['x', 'y', 'z']) ask(name, name)
  for (const name of ['a1', 'a2', 'a3']) ask(name, 'ana')
  await settled()
  expect([...refused.keys()]).toEqual(['a1'])
  expect(refused.get('a1')).toMatchObject({ status: 503, retryAfter: 2 })
})

it('statements of one request count once, and are ended together', async () => {
  const { inside, refused, ask } = asker()
  const [first, second, third] = [open(), open(), open()]
  for (const name of ['x', 'y', 'z']) ask(name, name)
  for (const name of ['a1', 'a2', 'a3']) ask(name, 'ana', 'page', first)
  ask('b1', 'ana', 'page', second)
  await settled()
  expect([...refused.keys()]).toEqual([])
  ask('c1', 'ana', 'page', third)
  await settled()
  expect([...refused.keys()]).toEqual(['a1', 'a2', 'a3'])
  expect(inside).toEqual(['x', 'y', 'z'])
})

it('refuses when too many wait', async () => {
  const { refused, ask } = asker()
  for (let n = 0; n < 11; n++) ask(`n${n}`, `person ${n}`)
  await settled()
  expect([...refused.keys()]).toEqual(['n10'])
  expect(refused.get('n10')).toBeInstanceOf(Problem)
})

it('who goes away gives up their turn, and a place is given back once', async () => {
  const { door, inside, leave, refused, ask } = asker()
  const gone = new AbortController()
  for (const name of ['x', 'y', 'z']) ask(name, name)
  ask('late', 'ana', 'page', gone.signal)
  ask('next', 'bob')
  await settled()
  gone.abort(new Error('gone'))
  leave.get('x')?.()
  leave.get('x')?.()
  await settled()
  expect(refused.get('late')).toMatchObject({ message: 'gone' })
  expect(inside).toEqual(['x', 'y', 'z', 'next'])
  expect(door.standing()).toEqual({ inside: 3, waiting: 0 })
})
