import { digestOf, type EvidenceRow, evidenceRows } from '../../review/digest.ts'
import { managerAt } from '../../review/people.ts'
import type { Subject } from '../../review/population.ts'
import { noticesAt } from '../../review/reminders/round.ts'
import { type Rights, rightsOf } from '../../review/rights.ts'
import { isOpen, type State, type StepKind } from '../../review/state.ts'
import { addStep, type NewStep, Overtaken } from '../../review/step.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { Problem } from '../problem.ts'
import { checklistOf } from './checklist.ts'
import { askedAbout } from './questions.ts'
import { type Found, reviewFor } from './review-of.ts'
import { subjectNamed } from './subject-of.ts'

/** @throws Problem when there is no such session, or it is excluded from reviews */
export async function reviewNamed(context: Context, name: string): Promise<Found> {
  return await reviewOfSubjectIn(context, await subjectNamed(context, name))
}

async function reviewOfSubjectIn(context: Context, subject: Subject): Promise<Found> {
  const found = await reviewFor(context, subject)
  if (found.kind === 'left out')
    throw new Problem(409, 'Not reviewed', `This session is left out of reviews: ${found.reason}.`)
  return found
}

function rightsIn(context: Context, found: Found, sharers: readonly string[] = []): Rights {
  return rightsOf(context.reader, found.state, {
    person: found.subject.who,
    book: found.book,
    now: context.now().toISOString(),
    sharers,
  })
}

/** The state, as answers have it. */
function shown(context: Context, found: Found, state: State = found.state) {
  const rights = rightsIn(context, { ...found, state })
  return {
    id: found.id,
    subject: found.subject.id,
    kind: found.subject.kind,
    person: found.subject.who,
    state: state.name,
    reviewer: state.reviewer,
    mine: rights.mine,
    due: state.due,
    overdue: isOpen(state) && state.due < context.now().toISOString(),
    decision: state.decision,
    seq: state.seq,
  }
}

export async function reviewOf({ id }: { id: string }, context: Context): Promise<Answer> {
  const found = await reviewNamed(context, id)
  const rows = await evidenceRows(context.version, context.readAll, found.subject)
  const rights = rightsIn(context, found, sharersOf(rows, found.subject.id))
  return {
    kind: 'json',
    seen: { rows: 1, about: found.id },
    value: {
      version: context.version.number,
      review: shown(context, found),
      steps: found.steps.map((step) => ({
        seq: step.seq,
        kind: step.kind,
        at: step.at,
        by: {
          subject: step.by_subject,
          name: step.by_name,
          role: step.by_role,
          signed_in: step.by_signed_in,
        },
        on_behalf_of: step.on_behalf_of,
        reviewer: step.reviewer,
        decision: step.decision,
        reason: step.reason,
        ticket: step.ticket,
        lake_version: step.lake_version,
        evidence_digest: step.evidence_digest,
      })),
      may: rights.may,
      why_not: rights.whyNot,
      question: found.state.name === 'asked' ? found.state.question : null,
      checklist: await checklistOf(context, found.id, found.subject.id, rows),
      told: (await noticesAt(context.version, context.readAll, found.id)).map(
        ({ at, recipient, on_behalf_of, stage, destination, outcome, answer }) => ({
          ...{ at, recipient, on_behalf_of, stage, destination, outcome, answer },
        }),
      ),
      complete: completeness(found.subject, rows),
    },
  }
}

export function completeness({ kind, ended }: Subject, rows: readonly EvidenceRow[]) {
  const uploaded = rows.some(
    ({ table, json }) => table === 'session_log' && !json.includes('"delivery":"streamed"'),
  )
  const note =
    kind === 'session' && ended === null
      ? 'No log tells of the end: more rows may come, and would reopen a decision.'
      : null
  return { ended: ended !== null, output_comes_at_end: uploaded, note }
}

/** Other people who used the session's credentials, by name. */
function sharersOf(rows: readonly EvidenceRow[], subject: string): string[] {
  const calls = rows
    .filter(({ table }) => table === 'cloudtrail')
    .map(({ json }) => JSON.parse(json) as Record<string, string | null>)
  const key = calls.find(({ eventid }) => eventid === subject)?.useridentity_accesskeyid
  const names = new Set<string>()
  for (const row of calls) {
    if (!key || row.useridentity_accesskeyid !== key) continue
    const name =
      row.useridentity_sessioncontext_sourceidentity ??
      row.useridentity_username ??
      row.useridentity_arn?.split('/').at(-1)
    if (name) names.add(name)
  }
  return [...names]
}

/** A step of this reader, on top of the state that they saw. */
async function take(
  context: Context,
  found: Found,
  seq: number,
  step: Pick<NewStep, 'kind'> & Partial<NewStep>,
  rights: Rights,
): Promise<Answer> {
  const { reader } = context
  try {
    const { state } = await addStep(
      context.lake,
      context.readAll,
      {
        review: {
          id: found.id,
          subject: found.subject.id,
          kind: found.subject.kind,
          person: found.subject.who,
          started: found.subject.started,
        },
        begun: found.begun,
        by: { subject: reader.subject, name: reader.name, role: reader.role, signedIn: reader.signedIn },
        onBehalfOf: rights.onBehalfOf,
        peopleSha256: context.reviews.people().sha256,
        ...step,
      },
      seq,
      context.now(),
    )
    return { kind: 'json', value: shown(context, found, state), seen: { rows: 1, about: found.id } }
  } catch (thrown) {
    if (!(thrown instanceof Overtaken)) throw thrown
    throw new Problem(409, 'Overtaken', thrown.message, {
      cause: thrown,
      review: shown(context, found, thrown.state),
    })
  }
}

export async function openOf({ id, seq }: { id: string; seq: number }, context: Context): Promise<Answer> {
  const found = await reviewNamed(context, id)
  const rights = rightsIn(context, found)
  // For anyone but its reviewer, opening a review only leaves a line in the access log.
  if (!rights.mine || (found.state.name !== 'assigned' && found.state.name !== 'changed since'))
    return { kind: 'json', value: shown(context, found), seen: { rows: 1, about: found.id } }
  return await take(context, found, seq, { kind: 'opened' }, rights)
}

/** What was looked at is a line in the access log, where a decision finds it: see `checklist.ts`. */
export async function seenOf({ id }: { id: string }, context: Context): Promise<Answer> {
  const found = await reviewNamed(context, id)
  return { kind: 'json', value: { recorded: true }, seen: { rows: 0, about: found.id } }
}

function refused({ whyNot }: Rights, what: string): Problem {
  return new Problem(403, 'Not allowed', whyNot ?? `You may not ${what} here as it stands.`)
}

interface Decision {
  id: string
  seq: number
  decision: 'confirm' | 'deny'
  reason: string
  ticket?: string | undefined
}

export async function decideOf(input: Decision, context: Context): Promise<Answer> {
  const found = await reviewNamed(context, input.id)
  const rows = await evidenceRows(context.version, context.readAll, found.subject)
  const rights = rightsIn(context, found, sharersOf(rows, found.subject.id))
  if (!rights.may.includes('decide')) {
    if (rights.mine && !isOpen(found.state))
      throw new Problem(409, 'Overtaken', rights.whyNot ?? 'It is decided.', {
        review: shown(context, found),
      })
    throw refused(rights, 'decide')
  }
  const checklist = await checklistOf(context, found.id, found.subject.id, rows)
  const secondLook = wantsSecondLook(context, found, input.decision)
  return await take(
    context,
    found,
    input.seq,
    {
      kind: 'decided',
      decision: input.decision,
      reason: input.reason,
      ticket: input.ticket ?? null,
      ...(secondLook ? { reviewer: above(context, found) } : {}),
      evidence: { version: context.version.number, digest: digestOf(rows), rows: rows.length },
      detail: { second_look: secondLook, checklist, complete: completeness(found.subject, rows) },
    },
    rights,
  )
}

const BREAK_GLASS = /break.?glass|emergency|firefight/i

function wantsSecondLook(context: Context, { subject, id }: Found, decision: string): boolean {
  const { denied, breakGlass, percent } = context.reviews.rules.secondLook
  if (denied && decision === 'deny') return true
  if (breakGlass && BREAK_GLASS.test(subject.acting_as ?? '')) return true
  return percent > 0 && sampleOf(id) < percent
}

/** A number from 0 to 99 derived from a review's id, so that nobody chooses which ones get a second look. */
function sampleOf(id: string): number {
  let hash = 2_166_136_261
  for (const character of id) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619) >>> 0
  return hash % 100
}

/** The reviewer's manager. */
function above(context: Context, { state }: Found): string | null {
  return managerAt(context.reviews.people(), [state.reviewer], context.now().toISOString())
}

interface OtherStep {
  id: string
  seq: number
  step: 'asked' | 'answered' | 'reassigned' | 'upheld' | 'overturned' | 'withdrawn'
  reason: string
  to?: string | undefined
}

const NEEDS: Readonly<Record<OtherStep['step'], Rights['may'][number]>> = {
  asked: 'ask',
  answered: 'answer',
  reassigned: 'reassign',
  upheld: 'look again',
  overturned: 'look again',
  withdrawn: 'withdraw',
}

export async function stepOf(input: OtherStep, context: Context): Promise<Answer> {
  // Who was asked answers about a session that is outside their limits.
  const own = input.step === 'answered' ? await askedAbout(context, input.id) : undefined
  const found = own ? await reviewOfSubjectIn(context, own) : await reviewNamed(context, input.id)
  const rights = rightsIn(context, found)
  if (!rights.may.includes(NEEDS[input.step])) throw refused(rights, NEEDS[input.step])
  if (input.step === 'reassigned') {
    if (input.to === undefined) throw new Problem(422, 'Wrong input', 'to: the new reviewer is missing')
    if (input.to === found.subject.who)
      throw new Problem(422, 'Wrong input', 'to: nobody reviews their own session')
  }
  const kind: StepKind = input.step
  return await take(
    context,
    found,
    input.seq,
    { kind, reason: input.reason, ...(input.to === undefined ? {} : { reviewer: input.to }) },
    rights,
  )
}
