import type { Notice } from './due.ts'

/** A notice, as the fields of one message. */
export interface ReminderMessage {
  /** The same each time it is sent. */
  id: string
  recipient: string
  destination: string
  fields: Record<string, string | number | readonly string[]>
}

/** Most reviews that a message lists; the others are counted. */
const MAX = 6

/**
 * One message for all of a person's notices at a time. It names whose session, its time and the due date; no
 * log text.
 *
 * @param at when it was planned: a resent message is identical
 * @param page the address where reviews are decided; undefined when not configured
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
      ...Object.fromEntries(sorted.slice(0, MAX).map((one, n) => [`review ${n + 1}`, lineOf(one, at)])),
      ...(count > MAX ? { more: `${count - MAX} more` } : {}),
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
