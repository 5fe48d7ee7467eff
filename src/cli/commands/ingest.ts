import type { Command } from 'commander'
import type { IngestOptions } from '../../ingest/session.ts'
import type { Totals } from '../../ingest/totals.ts'
import { UserError } from '../../lib/errors.ts'
import { type Span, sourceOf } from '../../sources/paths.ts'
import { ingestSettings } from '../../workspace/ingesting.ts'
import { memoryText } from '../../workspace/limits.ts'
import { type CommonOptions, type Opened, openLocation } from '../../workspace/open.ts'
import { keepLog } from '../../workspace/witness.ts'
import { refuseDemo } from '../demo-mark.ts'
import {
  collect,
  commonOptions,
  examples,
  type IdentityOptions,
  identityOf,
  identityOptions,
  micros,
  size,
  wholeNumber,
} from '../options.ts'
import { runIngest } from '../run.ts'
import { EXIT, paint, print } from '../show/output.ts'
import { totalsText } from '../show/totals.ts'

interface Options extends CommonOptions, IdentityOptions {
  since?: bigint
  until?: bigint
  include?: string[]
  exclude?: string[]
  strict?: boolean
  json?: boolean
  threads?: number
  memory?: number
}

export function define(command: Command): void {
  identityOptions(
    commonOptions(
      command.argument('<path...>', 'files, folders of any depth, glob patterns, or s3://bucket/prefix'),
    ),
  )
    .option(
      '--since <time>',
      'only records from then on: 2026-01-07, 2026-01-07T22:00:00Z, or 7d ago',
      micros,
    )
    .option('--until <time>', 'only records before then', micros)
    .option('--include <pattern>', 'only objects whose name matches; may be given again', collect)
    .option('--exclude <pattern>', 'not the objects whose name matches; may be given again', collect)
    .option('--strict', 'exit with 3 when a record was rejected')
    .option('--json', 'print the account of the run as JSON')
    .option('--threads <number>', 'threads to work with', wholeNumber(1))
    .option('--memory <size>', 'most memory of the engine, as in 512MiB', size)
    .action(ingestPaths)
  examples(
    command,
    ['loglake ingest ./AWSLogs'],
    ["loglake ingest './AWSLogs/**/2026/01/0[5-9]/*.json.gz' --exclude '*CloudTrail-Digest*'"],
    ['loglake ingest ./AWSLogs --since 7d --include us-east-1/', 'the last week of one Region'],
    ['loglake ingest s3://example-logs/AWSLogs/ --since 7d --profile audit'],
  )
  command.addHelpText(
    'after',
    `
Run it again as often as you like: what is in the lake already is not read again, and a record that
AWS delivered twice is stored once. A pattern may begin at any folder of an object's name. Times without
a zone are UTC.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but with rejects (--strict), 130 stopped.`,
  )
}

async function ingestPaths(paths: string[], options: Options): Promise<void> {
  const opened = openLocation(options)
  await refuseDemo(opened.lake, opened.location)
  const { lake, location } = opened
  const settings = ingestOptions(opened, options)
  const source = await sourceOf(paths, identityOf(options), delivery(options))
  const totals = await runIngest(lake, source, settings, { count: source.finite === true })
  if (!totals) return
  await keepLog(lake, opened.config.values)
  await printTotals(totals, location, options.json === true)
  if (totals.objects.failed > 0) process.exitCode = EXIT.failure
  else if (options.strict && totals.records.rejected > 0) process.exitCode = EXIT.rejects
}

/** A file of Data Capture has the time at which it was opened; records are added for up to some minutes. */
const OPENED_US = 3_600_000_000n

/** The span in which records of a time may have been delivered, for listings. */
function delivery({ since, until }: Options): Span {
  const text = (us: bigint) => new Date(Number(us / 1000n)).toISOString()
  return {
    since: since === undefined ? undefined : text(since - OPENED_US),
    until: until === undefined ? undefined : text(until),
  }
}

export async function printTotals(totals: Totals, place: string, json: boolean): Promise<void> {
  if (json) await print(`${JSON.stringify(totals, null, 2)}\n`)
  else await print(`${totalsText(totals, place, paint(process.stdout)).join('\n')}\n`)
}

function ingestOptions(opened: Opened, options: Options): IngestOptions {
  const { since, until } = options
  if (since !== undefined && until !== undefined && since >= until)
    throw new UserError('--since is not before --until: no record can be in between')
  const settings = ingestSettings(opened, options)
  return {
    ...settings,
    window: { since, until },
    threads: options.threads ?? settings.threads,
    memory: memoryText(options.memory) ?? settings.memory,
  }
}
