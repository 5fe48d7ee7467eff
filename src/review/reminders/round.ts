import { append } from '../../lake/append.ts'
import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { sql } from '../../lib/sql.ts'
import { type Book, bookAt, type ReadAll } from '../book.ts'
import type { People } from '../people.ts'
import { chosenOf, type ReviewRules, type Subject } from '../population.ts'
import { stateOf } from '../state.ts'
import { idOf, type Notice, noticesDue, type ReminderRules, type Waiting } from './due.ts'
import { messageFor, type ReminderMessage } from './message.ts'
import { faultPoint } from './steps.ts'
import { noticeTable } from './table.ts'

/** A notice with its rows. */
export interface KeptNotice extends Notice {
  message: string
  run: string
  outcome: 'planned' | 'sent' | 'refused' | 'not needed'
  planned: string
  at: string
  answer: string | null
}

export interface Round {
  lake: Lake
  read: ReadAll
  /** All sessions and runs that may be reviewed. */
  subjects(version: LakeVersion): Promise<readonly Subject[]>
  rules: ReviewRules
  reminders: ReminderRules
  people: People
  now: Date
  /** This process: it leaves another's planned notices alone for a while. */
  run: string
  /** Whether that process is known to have ended. */
  gone?(run: string): boolean
  page: string | undefined
  /**
   * Sends a message. Throws when the destination does not take it now; a later round sends it again.
   *
   * @returns the destination's answer when it refused permanently
   */
  send(message: ReminderMessage): Promise<string | undefined>
}

export interface ReminderCounts {
  messages: number
  reviews: number
  refused: number
  /** Messages that wait for their destination. */
  waiting: number
  failure?: string
}

/**
 * Time after which another process's planned notices are taken over, even if it is not known to have ended.
 */
const LEASE_MS = 600_000

/**
 * Notifies people of reviews that wait for them: what is new since the last round, and what the last round
 * could not send.
 */
export async function remind(round: Round): Promise<ReminderCounts> {
  const { lake, now, run } = round
  await plan(round)
  const version = await lake.newest()
  const open = new Set((await standing(round, version)).waiting.map(({ id }) => id))
  const planned = (await noticesAt(version, round.read)).filter(({ outcome }) => outcome === 'planned')
  const counts: ReminderCounts = { messages: 0, reviews: 0, refused: 0, waiting: 0 }
  for (const [id, notices] of grouped(planned, ({ message }) => message)) {
    const [first] = notices
    if (!first) continue
    const isOld = now.getTime() - Date.parse(first.planned) >= LEASE_MS
    if (!(first.run === run || isOld || round.gone?.(first.run))) continue
    if (!notices.some(({ review_id }) => open.has(review_id))) {
      await record(round, notices, 'not needed', undefined)
      continue
    }
    try {
      const answer = await round.send(messageFor(id, notices, first.planned, round.page))
      faultPoint('reminder-sent')
      await record(round, notices, answer === undefined ? 'sent' : 'refused', answer)
      if (answer === undefined) {
        counts.messages++
        counts.reviews += notices.length
      } else {
        counts.refused++
        counts.failure = answer
      }
    } catch (thrown) {
      counts.waiting++
      counts.failure = thrown instanceof Error ? thrown.message : String(thrown)
    }
  }
  faultPoint('reminders-done')
  return counts
}

/** Records the notices that are due and not yet planned. */
async function plan(round: Round): Promise<void> {
  const { lake, read, reminders, now, run } = round
  await append(lake, 'review reminders', async (base) => {
    const { waiting, book } = await standing(round, base)
    const known = new Set((await noticesAt(base, read)).map(({ id }) => id))
    const due = noticesDue(waiting, book, now.toISOString(), reminders).filter(({ id }) => !known.has(id))
    if (due.length === 0) return undefined
    const messages = grouped(due, ({ recipient, destination }) => JSON.stringify([recipient, destination]))
    const rows = [...messages.values()].flatMap((notices) => {
      const message = idOf(notices.map(({ id }) => id).sort())
      return notices.map((one) => rowOf({ ...one, message, run }, 'planned', now, null))
    })
    return { rows: [{ table: noticeTable, rows }] }
  })
  faultPoint('reminders-planned')
}

async function record(
  { lake, now, run }: Round,
  notices: readonly KeptNotice[],
  outcome: KeptNotice['outcome'],
  answer: string | undefined,
): Promise<void> {
  const rows = notices.map((one) => rowOf({ ...one, run }, outcome, now, answer ?? null))
  await append(lake, 'review reminders', async () => ({ rows: [{ table: noticeTable, rows }] }))
}

function rowOf(
  one: Notice & { message: string; run: string },
  outcome: KeptNotice['outcome'],
  now: Date,
  answer: string | null,
) {
  const { id, message, review_id, person, started, due, stage, recipient, on_behalf_of, destination, run } =
    one
  return {
    ...{ id, message, review_id, person, started, due, stage, recipient, on_behalf_of, destination, run },
    outcome,
    time: now.toISOString(),
    answer,
  }
}

async function standing(
  { lake, subjects, read, rules, people }: Round,
  version: LakeVersion,
): Promise<{ waiting: Waiting[]; book: Book }> {
  const book = await bookAt(lake, version, read)
  const waiting = (await subjects(version)).flatMap((subject): Waiting[] => {
    const chosen = chosenOf(subject, rules, people)
    if (chosen.kind === 'left out') return []
    const state = stateOf(book.steps.get(chosen.id) ?? [], chosen.begun)
    if (state.name === 'closed' || state.name === 'withdrawn') return []
    return [{ id: chosen.id, person: subject.who, started: subject.started, state }]
  })
  return { waiting, book }
}

/** Every notice of a review, or of all. */
export async function noticesAt(
  version: LakeVersion,
  read: ReadAll,
  reviewId?: string,
): Promise<KeptNotice[]> {
  if (version.catalog.tables[noticeTable.name] === undefined) return []
  return await read<KeptNotice>(version, sql(new URL('../sql/notices.sql', import.meta.url)), {
    id: reviewId ?? null,
  })
}

function grouped<One>(all: readonly One[], by: (one: One) => string): Map<string, One[]> {
  const groups = new Map<string, One[]>()
  for (const one of all) {
    const own = groups.get(by(one))
    if (own) own.push(one)
    else groups.set(by(one), [one])
  }
  return groups
}
