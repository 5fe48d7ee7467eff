import { DAY_MS } from '../lib/day.ts'
import type { PersonSpan } from '../query/reader.ts'
import { type Book, reviewsFor } from './book.ts'
import { type People, peopleOf } from './people.ts'

/**
 * The people whose rows a manager may see: their own during their spans, those of managers whose stand-in
 * they are, and those of reviews assigned to them, around the session in question.
 */
export function spansOf(name: string, people: People, book: Book, now: string): PersonSpan[] {
  const own = reviewsFor(book, name, now).flatMap((manager) => peopleOf(people, manager))
  const handed: PersonSpan[] = []
  for (const steps of book.steps.values()) {
    const last = steps.findLast(
      ({ kind }) => kind === 'reassigned' || kind === 'escalated' || kind === 'decided',
    )
    if (last?.reviewer !== name || last.person === null || last.started === null) continue
    const startedMs = Date.parse(last.started)
    handed.push({
      person: last.person,
      from: new Date(startedMs - DAY_MS).toISOString(),
      until: new Date(startedMs + 2 * DAY_MS).toISOString(),
    })
  }
  return [...own, ...handed].filter(({ person }) => person !== name)
}
