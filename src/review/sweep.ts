import { append } from '../lake/append.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { DAY_MS } from '../lib/day.ts'
import { bookAt, type ReadAll } from './book.ts'
import { digestOf, evidenceRows } from './digest.ts'
import { managerAt, type People } from './people.ts'
import { chosenOf, type ReviewRules, type Subject } from './population.ts'
import { isOpen, type State, type Step, stateOf } from './state.ts'
import { type By, type NewStep, rowOf, stepOf } from './step.ts'
import { reviewTable } from './tables.ts'

/** A session or run, with the lake version of its summary. */
export interface SweptSubject extends Subject {
  made_at: number
}

const LOGLAKE: By = { subject: 'loglake', name: 'loglake', role: 'system', signedIn: 'none' }

/** Maximum number of steps in one commit: the next sweep adds the rest. */
const MAX = 5000

export interface Swept {
  assigned: number
  escalated: number
  reopened: number
}

/**
 * Does what time and new rows make due: assigns reviewers to new reviews, escalates overdue ones, and reopens
 * decisions whose rows have changed since. In one commit, and in none when there is nothing to do.
 *
 * @param subjects all sessions and runs of a version that may need it
 */
export async function sweep(
  lake: Lake,
  read: ReadAll,
  subjects: (version: LakeVersion) => Promise<SweptSubject[]>,
  { rules, people, now }: { rules: ReviewRules; people: People; now: Date },
): Promise<Swept> {
  let swept: Swept = { assigned: 0, escalated: 0, reopened: 0 }
  await append(lake, 'review sweep', async (base) => {
    swept = { assigned: 0, escalated: 0, reopened: 0 }
    const book = await bookAt(lake, base, read)
    const rows: Step[] = []
    for (const subject of await subjects(base)) {
      if (rows.length >= MAX) break
      const chosen = chosenOf(subject, rules, people)
      if (chosen.kind === 'left out') continue
      const steps = book.steps.get(chosen.id) ?? []
      const state = stateOf(steps, chosen.begun)
      const due = await dueStep(base, subject, steps, state, people)
      if (!due) continue
      const { counts, ...step } = due
      swept[counts]++
      const whole: NewStep = {
        review: {
          id: chosen.id,
          subject: subject.id,
          kind: subject.kind,
          person: subject.who,
          started: subject.started,
        },
        begun: chosen.begun,
        by: LOGLAKE,
        peopleSha256: people.sha256,
        ...step,
      }
      rows.push(stepOf(whole, state, steps.at(-1), base, now))
    }
    return rows.length === 0 ? undefined : { rows: [{ table: reviewTable, rows: rows.map(rowOf) }] }
  })
  return swept

  type Due = Pick<NewStep, 'kind'> & Partial<NewStep> & { counts: keyof Swept }

  async function dueStep(
    base: LakeVersion,
    subject: SweptSubject,
    steps: readonly Step[],
    state: State,
    known: People,
  ): Promise<Due | undefined> {
    if (steps.length === 0)
      return { kind: 'assigned', counts: 'assigned', reviewer: state.reviewer, due: state.due }
    if (isOpen(state) && state.due < now.toISOString() && !steps.some(({ kind }) => kind === 'escalated')) {
      const above = state.reviewer === null ? null : managerAt(known, [state.reviewer], now.toISOString())
      if (above !== null && above !== subject.who)
        return {
          kind: 'escalated',
          counts: 'escalated',
          reviewer: above,
          reason: `It was due on ${state.due.slice(0, 10)}, and ${state.reviewer} has not decided.`,
        }
    }
    if (state.pinned && subject.made_at > state.pinned.version) {
      const found = await evidenceRows(base, read, subject)
      const digest = digestOf(found)
      // Unchanged: the next sweep compares it again, because the result is not stored.
      if (digest !== state.pinned.digest)
        return {
          kind: 'changed_since',
          counts: 'reopened',
          reason: 'The session has other rows than those that the decision was made on.',
          due: new Date(now.getTime() + rules.days * DAY_MS).toISOString(),
          evidence: { version: base.number, digest, rows: found.length },
        }
    }
    return undefined
  }
}
