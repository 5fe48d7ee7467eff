import type { Notice } from './due.ts'

/** What a person is told, as the fields of one message. */
export interface ReminderMessage {
  /** The same whenever it is sent. */
  id: string
  recipient: string
  destination: string
  fields: Record<string, string | number | readonly string[]>
}

/** Reviews that a message tells of one by one; of the others their number. */
const MOST = 6

/**
 * One message for all that one person is told at a time. It says whose session, when, and until when it is due; nothing that a log
 * says of it.
 *
 * @param at when it was planned: a message that is sent again says the same
 * @param page where reviews are decided; undefined when nobody has said
 */
export function messageFor(
  id: string,
  notices: readonly Notice[],
  at: string,
  page: string | undefined,
): ReminderMessage {
  const sorted = [...notices].sort(
    (a, b) => a.due.localeCompare(b.due) || a.review_id.localeCompare(b.review_id),
  )
  const [first] = sorted
  if (!first) throw new Error('a message needs a review')
  const overdue = sorted.filter(({ due }) => due < at).length
  const count = sorted.length
  const waits = count === 1 ? '1 review waits' : `${count} reviews wait`
  const late = overdue === 0 ? '' : overdue === count ? ', overdue' : `, ${overdue} of them overdue`
  const places = [...new Set(sorted.flatMap(({ on_behalf_of: name }) => name ?? []))]
  return {
    id,
    recipient: first.recipient,
    destination: first.destination,
    fields: {
      title: `${waits} for ${first.recipient}${late}`,
      severity: overdue > 0 ? 'warning' : 'info',
      ...(places.length === 0 ? {} : { 'in the place of': places.join(', ') }),
      ...(page === undefined ? {} : { page }),
      ...Object.fromEntries(sorted.slice(0, MOST).map((one, n) => [`review ${n + 1}`, lineOf(one, at)])),
      ...(count > MOST ? { more: `${count - MOST} more` } : {}),
      reviews: sorted.map(({ review_id }) => review_id),
      id,
    },
  }
}

function lineOf({ person, started, due }: Notice, at: string): string {
  const minute = (time: string) => time.slice(0, 16).replace('T', ' ')
  return [
    person ?? 'no one known',
    ...(started === null ? [] : [`from ${minute(started)} UTC`]),
    `${due < at ? 'was due' : 'due'} on ${due.slice(0, 10)}`,
  ].join(', ')
}
