import { append } from '../lake/append.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { DAY_MS } from '../lib/day.ts'
import { type Book, type ReadAll, readBook } from './book.ts'
import { digestOf, evidenceRows } from './digest.ts'
import { managerAt, type People } from './people.ts'
import { chosenOf, type ReviewRules, type Subject } from './population.ts'
import { isOpen, type State, type Step, stateOf } from './state.ts'
import { type By, type NewStep, rowOf, stepOf } from './step.ts'
import { reviewTable } from './tables.ts'

/** A session or run with the version of the lake that its summary was made at. */
export interface SweptSubject extends Subject {
  made_at: number
}

const LOGLAKE: By = { subject: 'loglake', name: 'loglake', role: 'system', signedIn: 'none' }

/** Steps that one commit adds at most: what is left comes with the next sweep. */
const MOST = 5000

export interface Swept {
  assigned: number
  escalated: number
  reopened: number
}

/**
 * Does what time and new rows make due: writes down who reviews what is new, hands what is overdue to the manager's manager, and
 * reopens decisions whose rows are not those that were shown any more. In one commit, and none when there is nothing to do.
 *
 * @param subjects of a version, all sessions and runs that may need it
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
    const book: Book =
      base.catalog.tables.review === undefined
        ? { steps: new Map(), delegations: [] }
        : await readBook(base, read)
    const rows: Step[] = []
    for (const subject of await subjects(base)) {
      if (rows.length >= MOST) break
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
      // Looked at already, and the same: the next sweep looks again, since nothing else remembers it.
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
