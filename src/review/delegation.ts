import { randomUUID } from 'node:crypto'
import { append } from '../lake/append.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { sql } from '../lib/sql.ts'
import { type Delegation, delegationOf, type ReadAll } from './book.ts'
import { type Step, stepHash } from './state.ts'
import { type By, rowOf } from './step.ts'
import { reviewTable } from './tables.ts'

/** A delegation with its history. */
export interface KeptDelegation extends Delegation {
  id: string
  reason: string
  /** The author, and the time of writing. */
  by: string
  at: string
  /** The person who ended it early, and why. */
  ended: { by: string; reason: string; at: string } | null
}

/** The delegations in a lake's steps, in order of creation. */
export async function delegationsAt(version: LakeVersion, read: ReadAll): Promise<KeptDelegation[]> {
  if (version.catalog.tables.review === undefined) return []
  const found = new Map<string, KeptDelegation>()
  for (const step of await stepsOf(version, read, null)) {
    const before = found.get(step.review_id)
    found.set(
      step.review_id,
      before
        ? { ...before, ends: step.due ?? before.ends, ended: endedBy(step) }
        : {
            ...delegationOf(step),
            id: step.review_id,
            reason: step.reason ?? '',
            by: step.by_name,
            at: step.at,
            ended: null,
          },
    )
  }
  return [...found.values()].sort((a, b) => (a.at < b.at ? -1 : 1))
}

function endedBy({ by_name, reason, at }: Step): KeptDelegation['ended'] {
  return { by: by_name, reason: reason ?? '', at }
}

/** Records a delegation. */
export async function addDelegation(
  lake: Lake,
  { from, to, begins, ends, reason, by }: Delegation & { reason: string; by: By },
  now: Date,
): Promise<string> {
  const id = `delegation:${randomUUID()}`
  await append(lake, 'review', async (base) => ({
    rows: [
      {
        table: reviewTable,
        rows: [rowOf(stepFor({ id, from, to, begins, ends, reason, by }, undefined, base, now))],
      },
    ],
  }))
  return id
}

/** Ends a delegation now; false when it is over, or does not exist. */
export async function endDelegation(
  lake: Lake,
  read: ReadAll,
  { id, reason, by }: { id: string; reason: string; by: By },
  now: Date,
): Promise<boolean> {
  return await append(lake, 'review', async (base) => {
    if (base.catalog.tables.review === undefined) return undefined
    const last = (await stepsOf(base, read, id)).at(-1)
    if (!last) return undefined
    const known = delegationOf(last)
    if (known.ends <= now.toISOString()) return undefined
    // A delegation that has not begun ends at its beginning: it never applies.
    const ends = known.begins > now.toISOString() ? known.begins : now.toISOString()
    const step = stepFor({ id, ...known, ends, reason, by }, last, base, now)
    return { rows: [{ table: reviewTable, rows: [rowOf(step)] }] }
  })
}

async function stepsOf(version: LakeVersion, read: ReadAll, id: string | null): Promise<Step[]> {
  const rows = await read<Step>(version, sql(new URL('./sql/steps.sql', import.meta.url)), { id })
  return rows.filter(({ kind }) => kind === 'delegated')
}

function stepFor(
  one: Delegation & { id: string; reason: string; by: By },
  before: Step | undefined,
  { number }: Pick<LakeVersion, 'number'>,
  now: Date,
): Step {
  return {
    review_id: one.id,
    seq: (before?.seq ?? 0) + 1,
    kind: 'delegated',
    at: now.toISOString(),
    subject: one.id,
    subject_kind: 'delegation',
    person: one.from,
    started: one.begins,
    due: one.ends,
    reviewer: one.to,
    by_subject: one.by.subject,
    by_name: one.by.name,
    by_role: one.by.role,
    by_signed_in: one.by.signedIn,
    on_behalf_of: null,
    decision: null,
    reason: one.reason,
    ticket: null,
    lake_version: number,
    evidence_digest: null,
    evidence_rows: null,
    people_file_sha256: null,
    detail: null,
    previous_sha256: before ? stepHash(before) : null,
  }
}
