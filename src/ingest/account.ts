/** What a run did with every object and record it met: the numbers add up. */
export interface Account {
  objects: {
    /** listed = left out + already + stored + skipped + rejected */
    listed: number
    /** Left out by --include or --exclude; not looked at. */
    leftOut: number
    /** In the lake from an earlier run. */
    already: number
    stored: number
    skipped: number
    rejected: number
  }
  records: {
    /** read = stored + repeated + skipped + rejected */
    read: number
    stored: number
    repeated: number
    /** Left out by --since or --until. */
    skipped: number
    rejected: number
  }
  bytes: { delivered: number; expanded: number }
  /** How often each reason was given, for what was skipped or rejected. */
  reasons: Record<string, number>
  commits: number
  /** How often another writer was first, and the commit was made again. */
  commitsLost: number
  /** The catalog version after the run. */
  version: number
  seconds: number
}

export function emptyAccount(): Account {
  return {
    objects: { listed: 0, leftOut: 0, already: 0, stored: 0, skipped: 0, rejected: 0 },
    records: { read: 0, stored: 0, repeated: 0, skipped: 0, rejected: 0 },
    bytes: { delivered: 0, expanded: 0 },
    reasons: {},
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
