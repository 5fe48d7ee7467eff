import { type Command, InvalidArgumentError } from 'commander'
import { windowIn } from '../../analyze/newest.ts'
import { readOf } from '../../analyze/read.ts'
import type { Own, Selection } from '../../analyze/selection.ts'
import type { AnalyzeSettings } from '../../analyze/settings.ts'
import type { LakeVersion } from '../../lake/version.ts'
import type { QueryEngine } from '../../query/question.ts'
import { collect, timestamp } from '../options.ts'

/** The selection of a digest or an analysis. */
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
      timestamp,
    )
    .option('--until <time>', 'and before then (default: behind the newest event)', timestamp)
    .option('--account <id>', 'only of this account; may be given again', account)
    .option('--in-region <region>', 'only of this Region; may be given again', collect)
    .option('--service <name>', 'only of this service, as in iam; may be given again', collect)
    .option(
      '--principal <name>',
      'only of this principal as the column actor has it, * for anything, as in "goran@example.com*"; may be given again',
      collect,
    )
}

function account(value: string, before: string[] = []): string[] {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('An account has 12 digits.')
  return collect(value, before)
}

/** The selection from the options. */
export async function selectionOf(
  queryEngine: QueryEngine,
  version: LakeVersion,
  { window }: AnalyzeSettings,
  options: SelectOptions,
): Promise<Selection> {
  return {
    ...(await windowIn(readOf(queryEngine, version), window, options)),
    ...(options.account ? { accounts: options.account } : {}),
    ...(options.inRegion ? { regions: options.inRegion } : {}),
    ...(options.service ? { services: options.service } : {}),
    ...(options.principal ? { principals: options.principal } : {}),
  }
}

/** The identities of loglake itself in the logs. */
export function ownOf({ own_roles, batch }: AnalyzeSettings): Own {
  return {
    roles: [...own_roles, ...(batch ? [batch.role] : [])],
    jobs: 'loglake-',
    places: batch ? [batch.place.replace(/^s3:\/\//, '')] : [],
  }
}
