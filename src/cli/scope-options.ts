import type { Command } from 'commander'
import { UserError } from '../lib/errors.ts'
import type { Scope } from '../query/scope.ts'
import { isoTime } from '../query/values.ts'
import { collect, micros } from './options.ts'

/** The rows that a question is limited to, by the options of a command. */
export interface ScopeOptions {
  since?: string
  until?: string
  account?: string[]
  region?: string[]
}

export function scopeOptions(command: Command): Command {
  return command
    .option('--since <time>', 'only what happened since: 2026-01-07, 2026-01-07T22:16:43Z, or 7d', time)
    .option('--until <time>', 'only what happened before', time)
    .option('--account <id>', 'only this account; may be given again', collect)
    .option('--region <name>', 'only this Region; may be given again', collect)
}

export function scopeOf({ since, until, account, region }: ScopeOptions): Scope {
  if (since !== undefined && until !== undefined && since >= until)
    throw new UserError(`--since ${since} is not before --until ${until}`)
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(account === undefined ? {} : { accounts: account }),
    ...(region === undefined ? {} : { regions: region }),
  }
}

function time(text: string): string {
  return isoTime(micros(text))
}
