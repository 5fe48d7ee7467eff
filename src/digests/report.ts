import { fileURLToPath } from 'node:url'
import type { Lake } from '../lake/lake.ts'
import type { Finding } from '../lake/verify/findings.ts'
import type { EngineLimits } from '../lib/duckdb.ts'
import { type View, viewsIn } from '../query/view.ts'
import { openAsking } from './ask.ts'
import { type DigestState, digestTable } from './tables.ts'

/** Views of digests and the ledger. */
export function digestViews(): readonly View[] {
  return viewsIn(fileURLToPath(new URL('./views/', import.meta.url)))
}

export interface ChainStanding {
  chain: string
  account: string
  region: string
  trail: string
  home_region: string
  kind: 'standard' | 'backfill'
  organization: string | null
  digests: number
  valid: number
  first: string | null
  /** The end of the newest digest. */
  head: string
}

/** The log files of a day, and how many of them are proved. */
export interface DayStanding {
  day: string
  account: string
  region: string
  /** Log files that valid digests name: those in the lake as AWS signed them, and all. */
  same: number
  named: number
  /** In the lake, but in no digest that covers their time, or not covered by any. */
  unnamed: number
  /** Newer than the newest digest. */
  awaited: number
  /** Percentage that is proved, of named and unnamed files. 100 only when all are. */
  percent: number
}

export interface DigestReport {
  chains: ChainStanding[]
  days: DayStanding[]
  total: Omit<DayStanding, 'day' | 'account' | 'region'>
  findings: Finding[]
}

type LogState =
  | 'same'
  | 'changed'
  | 'trailing-bytes'
  | 'not-gzip'
  | 'not-in-lake'
  | 'left-out'
  | 'unknown'
  | 'awaited'
  | 'uncovered'
  | 'unnamed'
  | 'no-digests'

const RESTORE = 'restore the object as CloudTrail delivered it; a bucket with versions still has it'
const WRONG_DIGESTS: Readonly<
  Record<Exclude<DigestState, 'valid'>, readonly [message: string, remedy: string]>
> = {
  missing: ['the digest is not there', RESTORE],
  'invalid-format': ['it is no digest', RESTORE],
  moved: [
    'the digest is not in the place that it was delivered to',
    'where a bucket was copied on purpose, say so under `digests.moved` in loglake.yaml',
  ],
  'unknown-key': [
    "the digest is signed by a key that is none of AWS's",
    'check the Region; if it is right, the digest is forged',
  ],
  'bad-signature': ['the digest was changed', RESTORE],
  unsigned: ['this copy of a digest is not proved yet', 'the next digest proves it, once it exists'],
  'trailing-bytes': ['the digest has bytes behind its end', RESTORE],
  replaced: ['another digest was there when the next one was made', RESTORE],
}

const WRONG_LOGS: Partial<
  Record<LogState, readonly [severity: Finding['severity'], message: string, remedy: string]>
> = {
  changed: ['wrong', 'a log file was changed before it was read', RESTORE],
  'trailing-bytes': ['wrong', 'a log file has bytes behind its end', RESTORE],
  'not-gzip': ['wrong', 'a log file is not in the gzip form of CloudTrail', RESTORE],
  'not-in-lake': [
    'wrong',
    'a log file that a digest names is not in the lake',
    '`loglake backfill` or `loglake ingest` brings it in, if it is still there; if not, it was deleted',
  ],
  unnamed: [
    'wrong',
    'a log file is in no digest of its time',
    'CloudTrail did not deliver it: see who wrote it',
  ],
  uncovered: ['warning', 'no digest is valid for the time of a log file', 'none: it cannot be proved'],
  unknown: [
    'warning',
    'a log file was read before the ledger kept the hashes that digests are compared with',
    'a new lake of the same logs has it',
  ],
  'no-digests': [
    'warning',
    'there are no digests for a log file',
    'turn on log file validation: `aws cloudtrail update-trail --name … --enable-log-file-validation`',
  ],
}

/** Log files of one kind that are listed one by one. */
const MAX_NAMED = 20

/** What digests prove about one version of the lake. */
export async function digestReport(lake: Lake, limits?: EngineLimits): Promise<DigestReport> {
  const version = await lake.newest()
  const asking = await openAsking(lake, version, limits, digestViews())
  try {
    const chains = await asking.rows<ChainStanding>('chains')
    const logs = await asking.rows<{
      day: string
      account: string
      region: string
      state: LogState
      files: number
    }>('logs')
    const findings = [
      ...(
        await asking.rows<{
          lake_object: string
          state: Exclude<DigestState, 'valid'>
          reason: string | null
        }>('wrong')
      ).map(({ lake_object, state, reason }): Finding => {
        const [message, remedy] = WRONG_DIGESTS[state]
        const severity = state === 'unsigned' ? 'warning' : 'wrong'
        return finding(
          severity,
          `digest-${state}`,
          lake_object,
          reason ? `${message}: ${reason}` : message,
          remedy,
        )
      }),
      ...(await asking.rows<{ lake_object: string }>('beside')).map(({ lake_object }) =>
        finding(
          'wrong',
          'digest-beside',
          lake_object,
          'the digests behind it do not name it',
          'see who wrote it',
        ),
      ),
      ...(await asking.rows<{ lake_object: string; since: string; until: string }>('gaps')).map(
        ({ lake_object, since, until }) =>
          finding(
            'warning',
            'digest-gap',
            lake_object,
            `there are no digests between ${since} and ${until}: the trail did not log, or made none`,
            'look for StopLogging and UpdateTrail in the lake',
          ),
      ),
      ...(await asking.rows<{ chain: string; ends: string; others: string }>('silent')).map(
        ({ chain, ends, others }) =>
          finding(
            'warning',
            'digest-silent',
            chain,
            `its newest digest is of ${ends}, and those of other Regions of the trail go on until ${others}`,
            'see whether the trail still records this Region (UpdateTrail in the lake); if it does, digests were deleted',
          ),
      ),
      ...(await asking.rows<{ chain: string; delivered: string; files: number }>('late')).map(
        ({ chain, delivered, files }) =>
          finding(
            'wrong',
            'digest-late',
            chain,
            `its newest digests are missing: ${files} log files came behind the last one, until ${delivered}`,
            'digests come every hour: see whether they were deleted, or whether validation was turned off',
          ),
      ),
      ...(await logFindings(asking, logs)),
    ]
    const days = daysOf(logs)
    return { chains, days, total: totalOf(days), findings }
  } finally {
    asking.close()
  }
}

async function logFindings(
  asking: { rows<Row>(name: string, values: Record<string, number>): Promise<Row[]> },
  logs: readonly { state: LogState; files: number }[],
): Promise<Finding[]> {
  const bad = await asking.rows<{ state: LogState; lake_object: string }>('bad-logs', { max: MAX_NAMED })
  return bad.flatMap(({ state, lake_object }) => {
    const told = WRONG_LOGS[state]
    if (!told) return []
    const [severity, message, remedy] = told
    const all = logs.reduce((sum, one) => sum + (one.state === state ? one.files : 0), 0)
    const more = all > MAX_NAMED ? ` (one of ${all})` : ''
    return [finding(severity, `log-${state}`, lake_object, message + more, remedy)]
  })
}

function finding(
  severity: Finding['severity'],
  code: string,
  file: string,
  message: string,
  remedy: string,
): Finding {
  return { severity, code, table: 'digest', file, message, remedy }
}

function daysOf(
  logs: readonly { day: string; account: string; region: string; state: LogState; files: number }[],
): DayStanding[] {
  const days = new Map<string, DayStanding>()
  for (const { day, account, region, state, files } of logs) {
    // Without digests there is nothing to compare with.
    if (state === 'left-out' || state === 'no-digests') continue
    const name = `${day} ${account} ${region}`
    const one = days.get(name) ?? {
      day,
      account,
      region,
      same: 0,
      named: 0,
      unnamed: 0,
      awaited: 0,
      percent: 100,
    }
    days.set(name, one)
    if (state === 'awaited') one.awaited += files
    else if (state === 'unnamed' || state === 'uncovered') one.unnamed += files
    else {
      one.named += files
      if (state === 'same') one.same += files
    }
  }
  return [...days.values()].map((one) => ({ ...one, percent: percentOf(one) })).sort(byDay)
}

function byDay(a: DayStanding, b: DayStanding): number {
  const name = ({ day, account, region }: DayStanding) => `${day} ${account} ${region}`
  return name(a) < name(b) ? -1 : 1
}

function totalOf(days: readonly DayStanding[]): DigestReport['total'] {
  const sum = (of: 'same' | 'named' | 'unnamed' | 'awaited') =>
    days.reduce((total, one) => total + one[of], 0)
  const total = { same: sum('same'), named: sum('named'), unnamed: sum('unnamed'), awaited: sum('awaited') }
  return { ...total, percent: percentOf(total) }
}

/** Never 100 while a file is unproved. */
function percentOf({ same, named, unnamed }: { same: number; named: number; unnamed: number }): number {
  const all = named + unnamed
  return all === 0 ? 100 : Math.floor((same * 10_000) / all) / 100
}

/** The numbers of the report; null where the lake has no digests. */
export async function digestStanding(
  lake: Lake,
  limits?: EngineLimits,
): Promise<Pick<DigestReport, 'days' | 'total'> | null> {
  const version = await lake.newest()
  if (version.catalog.tables[digestTable.name] === undefined) return null
  const asking = await openAsking(lake, version, limits, digestViews())
  try {
    const days = daysOf(await asking.rows('logs'))
    return { days, total: totalOf(days) }
  } finally {
    asking.close()
  }
}
