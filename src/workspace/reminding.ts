import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { readRows } from '../api/services.ts'
import { type Sweeping, subjectsIn, sweepOnce } from '../api/sweeping.ts'
import type { Config } from '../config/config.ts'
import { checkDestinations, sendSingle } from '../deliver/single.ts'
import { systemCode } from '../lib/errors.ts'
import { openQueryEngine } from '../query/question.ts'
import { NO_PEOPLE, readPeople } from '../review/people.ts'
import type { ReminderMessage } from '../review/reminders/message.ts'
import { type ReminderCounts, type Round, remind } from '../review/reminders/round.ts'
import { reminderRulesOf, rulesOf } from '../review/settings.ts'
import type { Chore } from '../run/chores.ts'
import { limitsOf } from './limits.ts'
import type { Opened } from './open.ts'
import { viewsOf } from './views.ts'

/** 30 seconds of retries: a destination that is down for longer gets its reminders in the next round. */
const PATIENCE_MS = 30_000

/** Sends reminders of waiting reviews. Overdue reviews are passed on to the next person first. */
export function reminderChore(opened: Opened): Chore {
  const { destinations, review } = opened.config.values
  checkDestinations(destinations, review.remind.to)
  const run = `${hostname()} ${process.pid} ${randomUUID()}`
  return {
    name: 'review reminders',
    everyMs: review.remind.minutes * 60_000,
    last: false,
    async work(signal) {
      const { messages, reviews, refused, waiting, failure } = await remindOnce(opened, run, signal)
      if (messages + refused + waiting === 0) return undefined
      return { messages, reviews, refused, waiting, ...(failure === undefined ? {} : { failure }) }
    },
  }
}

async function remindOnce(
  { lake, config }: Opened,
  run: string,
  signal: AbortSignal,
): Promise<ReminderCounts> {
  const { values } = config
  const { review, query, serve } = values
  const queryEngine = await openQueryEngine(lake, { limits: limitsOf(query), views: viewsOf(config) })
  try {
    const people = review.people === undefined ? NO_PEOPLE : readPeople(review.people)
    const now = new Date()
    const sweeping: Sweeping = {
      lake,
      readAll: (version, sql, given) => readRows(queryEngine, version, sql, given),
      now: () => now,
      reviews: { rules: rulesOf(review), people: () => people },
    }
    await sweepOnce(sweeping)
    const round: Round = {
      ...{ lake, now, run, gone, people, read: sweeping.readAll, rules: sweeping.reviews.rules },
      subjects: (version) => subjectsIn(sweeping, version),
      reminders: reminderRulesOf(review),
      page: serve.url === undefined ? undefined : `${serve.url.replace(/\/$/, '')}/reviews`,
      send: (message) => send(values, message, now, signal),
    }
    return await remind(round)
  } finally {
    queryEngine.close()
  }
}

/** Whether a run's process has ended: its process id is free, or is our own now. */
function gone(run: string): boolean {
  const [host, pid] = run.split(' ')
  if (host !== hostname()) return false
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (thrown) {
    return systemCode(thrown) === 'ESRCH'
  }
}

async function send(
  { destinations, review }: Config,
  { id, recipient, destination, fields }: ReminderMessage,
  now: Date,
  signal: AbortSignal,
): Promise<string | undefined> {
  const refused = await sendSingle(
    destinations,
    destination,
    () => ({
      id: `review_notice/${id}`,
      table: 'review_notice',
      time: now.getTime() / 1000,
      text: JSON.stringify(fields),
      source: 'loglake:review',
      sourcetype: 'loglake:review',
    }),
    {
      route: 'reviews',
      signal,
      patienceMs: PATIENCE_MS,
      onlyTo: review.remind.mail_reviewer ? recipient : undefined,
    },
  )
  return refused ? `${destination}: ${refused.code} ${refused.answer}`.slice(0, 300) : undefined
}
