import { append, type NewRow } from '../lake/append.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { type ReadAll, readBook } from './book.ts'
import { type Begun, mayFollow, type State, type Step, type StepKind, stateOf, stepHash } from './state.ts'
import { reviewTable } from './tables.ts'

/** The author of a step. */
export interface By {
  subject: string
  name: string
  role: string
  signedIn: string
}

/** The content of a step, without its number and hashes. */
export interface NewStep {
  review: {
    id: string
    subject: string
    kind: 'session' | 'run' | 'ask'
    person: string | null
    started: string | null
  }
  begun: Begun
  kind: StepKind
  by: By
  onBehalfOf?: string | null
  reviewer?: string | null
  due?: string | null
  decision?: 'confirm' | 'deny' | null
  reason?: string | null
  ticket?: string | null
  detail?: Record<string, unknown> | null
  peopleSha256: string | null
  evidence?: { version: number; digest: string; rows: number } | null
}

/** Another step came first, or the review's state does not allow this one. */
export class Overtaken extends Error {
  override name = 'Overtaken'
  readonly state: State
  constructor(state: State, message: string) {
    super(message)
    this.state = state
  }
}

/**
 * Adds a step, in a commit that no other step of this review can precede: the number of the step that the
 * person saw is compared with the lake's inside the commit.
 *
 * @param seen the number of the last step that the person saw; undefined for loglake's own steps
 * @throws Overtaken when there is a newer step, or the state does not allow this one
 */
export async function addStep(
  lake: Lake,
  read: ReadAll,
  one: NewStep,
  seen: number | undefined,
  now: Date,
): Promise<{ step: Step; state: State }> {
  let made: { step: Step; state: State } | undefined
  await append(lake, 'review', async (base) => {
    const steps = await stepsAt(base, read, one.review.id)
    const state = stateOf(steps, one.begun)
    if (seen !== undefined && seen !== state.seq)
      throw new Overtaken(state, 'Another person has taken a step in this review since you opened it.')
    if (!mayFollow(state, one.kind))
      throw new Overtaken(state, `A review that is ${state.name} cannot be ${WORD[one.kind]}.`)
    const step = stepOf(one, state, steps.at(-1), base, now)
    made = { step, state: stateOf([...steps, step], one.begun) }
    return { rows: [{ table: reviewTable, rows: [rowOf(step)] }] }
  })
  if (!made) throw new Error('a step was neither added nor refused')
  return made
}

const WORD: Readonly<Record<StepKind, string>> = {
  assigned: 'assigned',
  reassigned: 'handed on',
  escalated: 'escalated',
  opened: 'opened',
  seen: 'looked at',
  asked: 'asked about',
  answered: 'answered',
  decided: 'decided',
  upheld: 'upheld',
  overturned: 'overturned',
  changed_since: 'reopened',
  withdrawn: 'withdrawn',
  delegated: 'delegated',
}

async function stepsAt(base: LakeVersion, read: ReadAll, id: string): Promise<readonly Step[]> {
  return (await readBook(base, read, id)).steps.get(id) ?? []
}

/** A step as a row. */
export function rowOf({ at, ...step }: Step): NewRow {
  return { ...step, time: at }
}

export function stepOf(
  one: NewStep,
  state: State,
  before: Step | undefined,
  { number }: Pick<LakeVersion, 'number'>,
  now: Date,
): Step {
  return {
    review_id: one.review.id,
    seq: state.seq + 1,
    kind: one.kind,
    at: now.toISOString(),
    subject: one.review.subject,
    subject_kind: one.review.kind,
    person: one.review.person,
    started: one.review.started,
    due: one.due ?? state.due,
    reviewer: one.reviewer === undefined ? state.reviewer : one.reviewer,
    by_subject: one.by.subject,
    by_name: one.by.name,
    by_role: one.by.role,
    by_signed_in: one.by.signedIn,
    on_behalf_of: one.onBehalfOf ?? null,
    decision: one.decision ?? null,
    reason: one.reason ?? null,
    ticket: one.ticket ?? null,
    lake_version: one.evidence?.version ?? number,
    evidence_digest: one.evidence?.digest ?? null,
    evidence_rows: one.evidence?.rows ?? null,
    people_file_sha256: one.peopleSha256,
    detail: one.detail ? JSON.stringify(one.detail) : null,
    previous_sha256: before ? stepHash(before) : null,
  }
}
