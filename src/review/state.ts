import { createHash } from 'node:crypto'

/** A step as a row of the table `review`; times as ISO 8601. */
export interface Step {
  review_id: string
  seq: number
  kind: StepKind
  at: string
  subject: string
  subject_kind: 'session' | 'run' | 'ask' | 'delegation'
  person: string | null
  started: string | null
  due: string | null
  reviewer: string | null
  by_subject: string
  by_name: string
  by_role: string
  by_signed_in: string
  on_behalf_of: string | null
  decision: 'confirm' | 'deny' | null
  reason: string | null
  ticket: string | null
  lake_version: number
  evidence_digest: string | null
  evidence_rows: number | null
  people_file_sha256: string | null
  detail: string | null
  previous_sha256: string | null
}

export type StepKind =
  | 'assigned'
  | 'reassigned'
  | 'escalated'
  | 'opened'
  | 'seen'
  | 'asked'
  | 'answered'
  | 'decided'
  | 'upheld'
  | 'overturned'
  | 'changed_since'
  | 'withdrawn'
  /** Not of a review: a delegation from `started` until `due`. */
  | 'delegated'

export type StateName =
  | 'assigned'
  | 'opened'
  | 'asked'
  | 'answered'
  | 'second look'
  | 'closed'
  | 'changed since'
  | 'withdrawn'

/** The state of a review. */
export interface State {
  name: StateName
  seq: number
  reviewer: string | null
  /** The reviewer's manager, who may also decide once it is overdue. */
  escalatedTo: string | null
  due: string
  decision: 'confirm' | 'deny' | null
  /** The first decider: a second look is another person's. */
  decidedBy: string | null
  /** The lake version and the digest of the rows that the decision is about. */
  pinned: { version: number; digest: string } | null
  question: string | null
}

/** The initial state of a review, before its first step: the rules of the population assign it. */
export interface Begun {
  reviewer: string | null
  due: string
}

/** The steps allowed in each state; `rights.ts` decides who may take them. */
const FOLLOWS: Readonly<Record<StateName, readonly StepKind[]>> = {
  assigned: ['assigned', 'opened', 'reassigned', 'escalated', 'asked', 'decided', 'withdrawn'],
  opened: ['opened', 'seen', 'asked', 'decided', 'reassigned', 'escalated', 'withdrawn'],
  asked: ['opened', 'seen', 'answered', 'asked', 'decided', 'reassigned', 'escalated', 'withdrawn'],
  answered: ['opened', 'seen', 'asked', 'decided', 'reassigned', 'escalated', 'withdrawn'],
  'second look': ['opened', 'seen', 'upheld', 'overturned', 'changed_since', 'reassigned', 'withdrawn'],
  closed: ['changed_since', 'withdrawn'],
  'changed since': ['opened', 'seen', 'asked', 'decided', 'reassigned', 'escalated', 'withdrawn'],
  withdrawn: [],
}

export function mayFollow(state: State, kind: StepKind): boolean {
  return FOLLOWS[state.name].includes(kind)
}

/** Computes a review's state from its steps, in order. */
export function stateOf(steps: readonly Step[], begun: Begun): State {
  let state: State = {
    name: 'assigned',
    seq: 0,
    reviewer: begun.reviewer,
    escalatedTo: null,
    due: begun.due,
    decision: null,
    decidedBy: null,
    pinned: null,
    question: null,
  }
  for (const step of steps) state = after(state, step)
  return state
}

function after(state: State, step: Step): State {
  const next = { ...state, seq: step.seq }
  switch (step.kind) {
    case 'assigned':
      return { ...next, reviewer: step.reviewer, due: step.due ?? state.due }
    case 'reassigned':
      return { ...next, reviewer: step.reviewer, escalatedTo: null }
    case 'escalated':
      return { ...next, escalatedTo: step.reviewer }
    case 'opened':
      return state.name === 'assigned' || state.name === 'changed since' ? { ...next, name: 'opened' } : next
    case 'seen':
    case 'delegated':
      return next
    case 'asked':
      return { ...next, name: 'asked', question: step.reason }
    case 'answered':
      return { ...next, name: 'answered' }
    case 'decided':
      return {
        ...next,
        name: wantsSecondLook(step) ? 'second look' : 'closed',
        decision: step.decision,
        decidedBy: step.by_name,
        pinned: { version: step.lake_version, digest: step.evidence_digest ?? '' },
        reviewer: wantsSecondLook(step) ? step.reviewer : state.reviewer,
      }
    case 'upheld':
      return { ...next, name: 'closed' }
    case 'overturned':
      return { ...next, name: 'closed', decision: state.decision === 'deny' ? 'confirm' : 'deny' }
    case 'changed_since':
      return { ...next, name: 'changed since', decision: null, pinned: null, due: step.due ?? state.due }
    case 'withdrawn':
      return { ...next, name: 'withdrawn' }
  }
}

/**
 * The decision's own row records whether the policy required a second look, so that a later policy does not
 * change earlier reviews.
 */
function wantsSecondLook({ detail }: Step): boolean {
  return (JSON.parse(detail ?? '{}') as { second_look?: boolean }).second_look === true
}

export function isOpen({ name }: State): boolean {
  return name !== 'closed' && name !== 'withdrawn'
}

/**
 * SHA-256 over a step with its members sorted by name (RFC 8785 for texts, whole numbers and null), in hex.
 */
export function stepHash(step: Step): string {
  const sorted = Object.entries(step).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(sorted)))
    .digest('hex')
}

/** The number of the first step whose hash does not match the step before it. */
export function brokenAt(steps: readonly Step[]): number | undefined {
  for (const [at, step] of steps.entries()) {
    const before = steps[at - 1]
    if (step.seq !== at + 1) return at + 1
    if (step.previous_sha256 !== (before ? stepHash(before) : null)) return step.seq
  }
  return undefined
}
