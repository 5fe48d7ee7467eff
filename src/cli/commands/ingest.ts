import { type Command, InvalidArgumentError } from 'commander'
import type { Account } from '../../ingest/account.ts'
import type { IngestOptions } from '../../ingest/session.ts'
import { UserError } from '../../lib/errors.ts'
import { parseMoment } from '../../lib/moment.ts'
import { accountText } from '../account.ts'
import { ingestSettings } from '../ingesting.ts'
import { memoryText } from '../limits.ts'
import { type Opened, openPlace } from '../open.ts'
import {
  type CommonOptions,
  collect,
  commonOptions,
  examples,
  type IdentityOptions,
  identityOf,
  identityOptions,
  size,
  wholeNumber,
} from '../options.ts'
import { EXIT, paint, print } from '../output.ts'
import { type Span, sourceOf } from '../places.ts'
import { runIngest } from '../run.ts'

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
      moment,
    )
    .option('--until <time>', 'only records before then', moment)
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

function moment(text: string): bigint {
  const found = parseMoment(text, Date.now())
  if (found === undefined)
    throw new InvalidArgumentError('A time is wanted: 2026-01-07, 2026-01-07T22:00:00Z, or 7d for days ago.')
  return found
}

async function ingestPaths(paths: string[], options: Options): Promise<void> {
  const opened = openPlace(options)
  const { lake, place } = opened
  const settings = ingestOptions(opened, options)
  const source = await sourceOf(paths, identityOf(options), delivery(options))
  const account = await runIngest(lake, source, settings, { count: source.name === 'folder' })
  if (!account) return
  await printAccount(account, place, options.json === true)
  if (account.objects.failed > 0) process.exitCode = EXIT.failure
  else if (options.strict && account.records.rejected > 0) process.exitCode = EXIT.rejects
}

/** A file of Data Capture bears the time that it was opened at; records come into it up to minutes later. */
const OPENED_US = 3_600_000_000n

/** When records of a time may have been delivered, as a listing is told. */
function delivery({ since, until }: Options): Span {
  const text = (us: bigint) => new Date(Number(us / 1000n)).toISOString()
  return {
    since: since === undefined ? undefined : text(since - OPENED_US),
    until: until === undefined ? undefined : text(until),
  }
}

export async function printAccount(account: Account, place: string, json: boolean): Promise<void> {
  if (json) await print(`${JSON.stringify(account, null, 2)}\n`)
  else await print(`${accountText(account, place, paint(process.stdout)).join('\n')}\n`)
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
