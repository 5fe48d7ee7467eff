import { CONFLICT, countRejects, filteredText } from '../ledger/contract.ts'
import type { Failure, FailureOutcome } from '../sources/contract.ts'
import type { BatchObject, ObjectCounts } from './contract.ts'

/** Counts of a run, one for each outcome of an object and of a record; they add up. */
export interface Totals {
  objects: {
    /** listed = filtered + already + stored + skipped + rejected + failed + released */
    listed: number
    /** Excluded by --include or --exclude, or by a filter of the source; not read. */
    filtered: number
    /** In the lake from an earlier run. */
    already: number
    stored: number
    skipped: number
    rejected: number
    /** Could not be read; the source keeps them. */
    failed: number
    /** Released unread, because the run ended. */
    released: number
  }
  records: {
    /** read = stored + repeated + skipped + rejected */
    read: number
    stored: number
    repeated: number
    /** Excluded by --since or --until. */
    skipped: number
    rejected: number
    /** Rejected because another record has their id and time but other content. */
    conflicts: number
  }
  bytes: { delivered: number; expanded: number }
  /** Counts by reason, of records skipped or rejected, and of objects that a filter excludes. */
  reasons: Record<string, number>
  /** Objects that could not be read, by kind of failure, and the first few of them. */
  failures: { outcomes: Partial<Record<FailureOutcome, number>>; first: (Failure & { uri: string })[] }
  /** Messages that led to no object; the lake keeps them. */
  deadLetters: number
  /** Further counts of the source. */
  sourceCounts: Record<string, number>
  commits: number
  /** Commits lost to another writer and made again. */
  commitsLost: number
  /** The catalog version after the run. */
  version: number
  seconds: number
}

export function emptyTotals(): Totals {
  return {
    objects: {
      listed: 0,
      filtered: 0,
      already: 0,
      stored: 0,
      skipped: 0,
      rejected: 0,
      failed: 0,
      released: 0,
    },
    records: { read: 0, stored: 0, repeated: 0, skipped: 0, rejected: 0, conflicts: 0 },
    bytes: { delivered: 0, expanded: 0 },
    reasons: {},
    failures: { outcomes: {}, first: [] },
    deadLetters: 0,
    sourceCounts: {},
    commits: 0,
    commitsLost: 0,
    version: 0,
    seconds: 0,
  }
}

/** Distinct reasons counted; beyond that, rare ones share one count. */
const MAX_REASONS = 100

function countReason(totals: Totals, reason: string, times = 1): void {
  const known = Object.hasOwn(totals.reasons, reason) || Object.keys(totals.reasons).length < MAX_REASONS
  const name = known ? reason : 'other reasons'
  totals.reasons[name] = (totals.reasons[name] ?? 0) + times
}

/** Failures that are listed one by one. */
const MAX_NAMED = 20

export function countFailure(totals: Totals, uri: string, { outcome, reason }: Failure): void {
  if (outcome === 'released') {
    totals.objects.released++
    return
  }
  totals.objects.failed++
  const { outcomes, first } = totals.failures
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  if (first.length < MAX_NAMED) first.push({ uri, outcome, reason })
}

/** Counts a committed object. */
export function countObject(
  totals: Totals,
  { object, opened, filteredBy }: BatchObject,
  counts: ObjectCounts,
): void {
  if (filteredBy !== undefined) {
    totals.objects.filtered++
    countReason(totals, filteredText(filteredBy))
    return
  }
  totals.objects[counts.outcome]++
  totals.bytes.delivered += object.bytes
  totals.bytes.expanded += opened.expandedBytes
  totals.records.read += opened.read
  totals.records.stored += counts.stored
  totals.records.repeated += counts.repeated
  totals.records.skipped += counts.skipped
  totals.records.rejected += countRejects(opened.rejected) + counts.conflicts
  totals.records.conflicts += counts.conflicts
  if (counts.conflicts > 0) countReason(totals, CONFLICT, counts.conflicts)
  if (opened.skipped && !opened.skippedRecords) countReason(totals, opened.skipped)
  for (const [reason, times] of opened.skippedRecords ?? []) countReason(totals, reason, times)
  for (const { reason, records } of opened.rejected) countReason(totals, reason, records)
}
