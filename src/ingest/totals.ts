import type { Failure, FailureOutcome } from '../sources/contract.ts'

/** What a run did with every object and record it met: the numbers add up. */
export interface Account {
  objects: {
    /** listed = left out + already + stored + skipped + rejected + failed + given back */
    listed: number
    /** Left out by --include or --exclude, or by a filter of the source; not read. */
    leftOut: number
    /** In the lake from an earlier run. */
    already: number
    stored: number
    skipped: number
    rejected: number
    /** Could not be read: its place keeps it. */
    failed: number
    /** The run ended before they were read. */
    givenBack: number
  }
  records: {
    /** read = stored + repeated + skipped + rejected */
    read: number
    stored: number
    repeated: number
    /** Left out by --since or --until. */
    skipped: number
    rejected: number
    /** Of the rejected ones: another record has their id and time, and other content. */
    conflicts: number
  }
  bytes: { delivered: number; expanded: number }
  /** How often each reason was given, for what was skipped or rejected, or left out by a filter. */
  reasons: Record<string, number>
  /** How often each kind of failure kept an object from being read, and the first few of them. */
  failures: { outcomes: Partial<Record<FailureOutcome, number>>; first: (Failure & { uri: string })[] }
  /** Messages that led to nothing, and are kept in the lake from now on. */
  deadLetters: number
  /** What else the source was told, and how often. */
  told: Record<string, number>
  commits: number
  /** How often another writer was first, and the commit was made again. */
  commitsLost: number
  /** The catalog version after the run. */
  version: number
  seconds: number
}

export function emptyAccount(): Account {
  return {
    objects: {
      listed: 0,
      leftOut: 0,
      already: 0,
      stored: 0,
      skipped: 0,
      rejected: 0,
      failed: 0,
      givenBack: 0,
    },
    records: { read: 0, stored: 0, repeated: 0, skipped: 0, rejected: 0, conflicts: 0 },
    bytes: { delivered: 0, expanded: 0 },
    reasons: {},
    failures: { outcomes: {}, first: [] },
    deadLetters: 0,
    told: {},
    commits: 0,
    commitsLost: 0,
    version: 0,
    seconds: 0,
  }
}

/** Different reasons in one account; beyond that, rare ones are counted together. */
const MOST_REASONS = 100

export function countReason(account: Account, reason: string, times = 1): void {
  const known = Object.hasOwn(account.reasons, reason) || Object.keys(account.reasons).length < MOST_REASONS
  const name = known ? reason : 'other reasons'
  account.reasons[name] = (account.reasons[name] ?? 0) + times
}

/** The most failures that are named one by one. */
const MOST_NAMED = 20

export function countFailure(account: Account, uri: string, { outcome, reason }: Failure): void {
  if (outcome === 'given-back') {
    account.objects.givenBack++
    return
  }
  account.objects.failed++
  const { outcomes, first } = account.failures
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  if (first.length < MOST_NAMED) first.push({ uri, outcome, reason })
}
