import { followersOf } from '../../follow/standing.ts'
import type { LakeVersion } from '../../lake/version.ts'
import type { AskOptions, Context } from '../context.ts'
import { seesEveryRow } from '../rights.ts'

/** How far the stored summaries are behind the lake. */
export interface SummaryStanding {
  /** Whether the follower that writes them has ever run. */
  there: boolean
  rows: number
  ms: number
}

const FOLLOWER = 'summaries'
/** Cached for the newest versions; the same for all readers. */
const known = new Map<string, Promise<SummaryStanding>>()
const KEPT = 16

export function summaryStanding(version: LakeVersion): Promise<SummaryStanding> {
  const key = `${version.catalog.lake}/${version.number}`
  const found = known.get(key) ?? standingOf(version)
  known.set(key, found)
  found.catch(() => known.delete(key))
  const [oldest] = known.keys()
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest)
  return found
}

async function standingOf(version: LakeVersion): Promise<SummaryStanding> {
  const one = (await followersOf(version)).find(({ name }) => name === FOLLOWER)
  if (!one) return { there: false, rows: 0, ms: 0 }
  return { there: true, rows: one.behind.rows, ms: Math.round(one.behind.ms) }
}

/**
 * As answers have it. A limited reader learns since when the summaries are late, and not by how many rows:
 * they are the rows of everybody, and would tell how much happens elsewhere.
 */
export async function behindOf({
  version,
  reader,
}: Pick<Context, 'version' | 'reader'>): Promise<{ rows: number | null; ms: number }> {
  const { rows, ms } = await summaryStanding(version)
  return { rows: seesEveryRow(reader) ? rows : null, ms }
}

/**
 * How summaries of a span are queried: they have few files, and time alone selects them. Further planning
 * would take as long as reading some.
 */
export function ofSpan(since: string, until: string): Pick<AskOptions, 'span' | 'planned'> {
  return { span: { since, until }, planned: false }
}
