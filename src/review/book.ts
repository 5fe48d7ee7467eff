import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { Values } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import type { Step } from './state.ts'

/** Reads rows of one version of the lake without any reader's limit: for what loglake itself must know. */
export type ReadAll = <Row>(version: LakeVersion, sql: string, values?: Values) => Promise<Row[]>

/** The steps of every review at one version, by review, in order; and who stands in for whom. */
export interface Book {
  steps: ReadonlyMap<string, readonly Step[]>
  delegations: readonly Delegation[]
}

/** Somebody reviews the people of another for a time. */
export interface Delegation {
  from: string
  to: string
  begins: string
  ends: string
}

/** Those whose people a person reviews at a time: their own, and those of whoever they stand in for. */
export function reviewsFor({ delegations }: Book, name: string, at: string): string[] {
  const others = delegations.filter(({ to, begins, ends }) => to === name && begins <= at && at < ends)
  return [name, ...others.map(({ from }) => from)]
}

const kept = new WeakMap<Lake, { number: number; book: Promise<Book> }>()

/** Read once for each version of the table. */
export function bookAt(lake: Lake, version: LakeVersion, read: ReadAll): Promise<Book> {
  const number = version.catalog.tables.review?.number ?? 0
  const found = kept.get(lake)
  if (found?.number === number) return found.book
  const book =
    number === 0 ? Promise.resolve<Book>({ steps: new Map(), delegations: [] }) : readBook(version, read)
  kept.set(lake, { number, book })
  book.catch(() => kept.delete(lake))
  return book
}

export async function readBook(version: LakeVersion, read: ReadAll, reviewId?: string): Promise<Book> {
  const rows = await read<Step>(version, sql(new URL('./sql/steps.sql', import.meta.url)), {
    id: reviewId ?? null,
  })
  const steps = new Map<string, Step[]>()
  const delegations = new Map<string, Delegation>()
  for (const row of rows) {
    if (row.kind === 'delegated') {
      // A later row of the same one ends it before its time.
      delegations.set(row.review_id, delegationOf(row))
      continue
    }
    const own = steps.get(row.review_id)
    if (own) own.push(row)
    else steps.set(row.review_id, [row])
  }
  return { steps, delegations: [...delegations.values()] }
}

/** The span in which somebody stands in for another, as a step has it. */
export function delegationOf({ person, reviewer, started, due }: Step): Delegation {
  return { from: person ?? '', to: reviewer ?? '', begins: started ?? '', ends: due ?? '' }
}
