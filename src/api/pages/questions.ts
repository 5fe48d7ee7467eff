import { sql } from '../../lib/sql.ts'
import { bookAt } from '../../review/book.ts'
import type { Subject } from '../../review/population.ts'
import { type Step, stateOf } from '../../review/state.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { subjectRead } from './subject-of.ts'

/**
 * What reviewers asked this reader about sessions of their own, the newest question first. Rows of the log
 * are outside the limits of a person asked: of each session, this is all they see.
 */
export async function questionsOf(_: object, context: Context): Promise<Answer> {
  const asked = await askedSteps(context)
  const rows = []
  for (const [id, steps] of asked) {
    const subject = await subjectRead(context, id)
    const last = steps.findLast(({ kind }) => kind === 'asked') as Step
    const answer = steps.findLast(({ kind, seq }) => kind === 'answered' && seq > last.seq)
    const state = stateOf(steps, { reviewer: null, due: '' })
    rows.push({
      id,
      kind: id.startsWith('run:') ? 'run' : id.startsWith('ask:') ? 'ask' : 'session',
      started: subject?.started ?? null,
      ended: subject?.ended ?? null,
      acting_as: subject?.acting_as ?? null,
      outcome: subject?.outcome ?? null,
      where: subject === undefined ? null : await whereOf(context, subject),
      question: last.reason ?? '',
      asked_by: last.by_name,
      asked_at: last.at,
      answer: answer?.reason ?? null,
      answered_at: answer?.at ?? null,
      open: state.name === 'asked',
      seq: state.seq,
    })
  }
  rows.sort((one, other) => (one.asked_at < other.asked_at ? 1 : -1))
  return {
    kind: 'json',
    seen: { rows: rows.length },
    value: { version: context.version.number, rows },
  }
}

/** How many questions wait for this reader's answer. */
export async function questionsWaiting(context: Context): Promise<number> {
  const asked = await askedSteps(context)
  return asked.filter(([, steps]) => stateOf(steps, { reviewer: null, due: '' }).name === 'asked').length
}

/** The reviews of this reader's own sessions in which they were asked something. */
async function askedSteps({ lake, version, readAll, reader }: Context): Promise<[string, readonly Step[]][]> {
  const { steps } = await bookAt(lake, version, readAll)
  return [...steps].filter(
    ([, own]) => own.some(({ kind }) => kind === 'asked') && own[0]?.person === reader.name,
  )
}

/** Where a session was: its instance. Runs of agents are nowhere. */
async function whereOf({ version, readAll }: Context, { id, kind }: Subject): Promise<string | null> {
  if (kind !== 'session') return null
  const [row] = await readAll<{ instance: string | null }>(
    version,
    sql(new URL('../sql/session.sql', import.meta.url)),
    { id },
  )
  return row?.instance ?? null
}

/**
 * The subject of a review in which this reader was asked something; undefined for any other one.
 */
export async function askedAbout(context: Context, id: string): Promise<Subject | undefined> {
  const asked = await askedSteps(context)
  return asked.some(([one]) => one === id) ? await subjectRead(context, id) : undefined
}
