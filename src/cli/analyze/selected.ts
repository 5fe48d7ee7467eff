import { type Command, InvalidArgumentError } from 'commander'
import { readOf } from '../../analyze/read.ts'
import type { Own, Selection } from '../../analyze/selection.ts'
import { type AnalyzeSettings, spanMs } from '../../analyze/settings.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { UserError } from '../../lib/errors.ts'
import { sql } from '../../lib/sql.ts'
import type { Desk } from '../../query/question.ts'
import { collect, moment } from '../options.ts'

/** What a digest or an analysis is about. */
export interface SelectOptions {
  since?: string
  until?: string
  account?: string[]
  inRegion?: string[]
  service?: string[]
  principal?: string[]
}

export function selectOptions(command: Command): Command {
  return command
    .option(
      '--since <time>',
      'events from then on, as in 2026-01-07 or 7d (default: analyze.window before the newest event)',
      moment,
    )
    .option('--until <time>', 'and before then (default: behind the newest event)', moment)
    .option('--account <id>', 'only of this account; may be given again', account)
    .option('--in-region <region>', 'only of this Region; may be given again', collect)
    .option('--service <name>', 'only of this service, as in iam; may be given again', collect)
    .option('--principal <name>', 'only of this principal, * for anything; may be given again', collect)
}

function account(value: string, before: string[] = []): string[] {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('An account has 12 digits.')
  return collect(value, before)
}

/** The window ends behind the newest event of the lake: "the last day" of a lake that nobody fills is not empty. */
export async function selectionOf(
  desk: Desk,
  version: LakeVersion,
  { window }: AnalyzeSettings,
  options: SelectOptions,
): Promise<Selection> {
  const until = options.until ?? (await behindNewest(desk, version))
  const since =
    options.since ?? new Date(Date.parse(until) - spanMs(window)).toISOString().replace('.000Z', 'Z')
  if (since >= until) throw new UserError('--since is not before --until: no event can be in between')
  return {
    since: since.replace('.000Z', 'Z'),
    until: until.replace('.000Z', 'Z'),
    ...(options.account ? { accounts: options.account } : {}),
    ...(options.inRegion ? { regions: options.inRegion } : {}),
    ...(options.service ? { services: options.service } : {}),
    ...(options.principal ? { principals: options.principal } : {}),
  }
}

async function behindNewest(desk: Desk, version: LakeVersion): Promise<string> {
  const [row] = await readOf(
    desk,
    version,
  )<{ newest: string | null }>(sql(new URL('../../analyze/sql/newest.sql', import.meta.url)))
  if (row?.newest == null) throw new UserError('there are no events of CloudTrail in the lake')
  return new Date(Date.parse(row.newest) + 1000).toISOString().replace('.000Z', 'Z')
}

/** Who loglake is in the logs. */
export function ownOf({ own_roles, batch }: AnalyzeSettings): Own {
  return {
    roles: [...own_roles, ...(batch ? [batch.role] : [])],
    jobs: 'loglake-',
    places: batch ? [batch.place.replace(/^s3:\/\//, '')] : [],
  }
}
