import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { Values } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import type { Step } from './state.ts'

/** Reads rows of one version of the lake without a reader's limit: for loglake's own work. */
export type ReadAll = <Row>(version: LakeVersion, sql: string, values?: Values) => Promise<Row[]>

/** The steps of every review at one version, by review, in order; and the delegations. */
export interface Book {
  steps: ReadonlyMap<string, readonly Step[]>
  delegations: readonly Delegation[]
}

/** A person reviews another one's people for a time. */
export interface Delegation {
  from: string
  to: string
  begins: string
  ends: string
}

/**
 * Names whose people a person reviews at a time: the person's own, and those of reviewers whose stand-in they
 * are.
 */
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
  const book = readBook(version, read)
  kept.set(lake, { number, book })
  book.catch(() => kept.delete(lake))
  return book
}

/** @param reviewId the only review whose steps are wanted */
export async function readBook(version: LakeVersion, read: ReadAll, reviewId?: string): Promise<Book> {
  if (version.catalog.tables.review === undefined) return { steps: new Map(), delegations: [] }
  const rows = await read<Step>(version, sql(new URL('./sql/steps.sql', import.meta.url)), {
    id: reviewId ?? null,
  })
  const steps = new Map<string, Step[]>()
  const delegations = new Map<string, Delegation>()
  for (const row of rows) {
    if (row.kind === 'delegated') {
      // A later row of the same delegation ends it early.
      delegations.set(row.review_id, delegationOf(row))
      continue
    }
    const own = steps.get(row.review_id)
    if (own) own.push(row)
    else steps.set(row.review_id, [row])
  }
  return { steps, delegations: [...delegations.values()] }
}

/** The span of a delegation, from its step. */
export function delegationOf({ person, reviewer, started, due }: Step): Delegation {
  return { from: person ?? '', to: reviewer ?? '', begins: started ?? '', ends: due ?? '' }
}
