import { type Command, InvalidArgumentError } from 'commander'
import { bounded } from '../../ingest/fetch/bounds.ts'
import { type Survey, survey } from '../../ingest/fetch/survey.ts'
import { DAY_MS, dayText } from '../../lib/day.ts'
import { UserError } from '../../lib/errors.ts'
import { byteSize, grouped, visible } from '../../lib/terminal.ts'
import { bucketsOf } from '../../sources/paths.ts'
import { ingestSettings, wantedBy } from '../../workspace/ingesting.ts'
import { type CommonOptions, openLocation } from '../../workspace/open.ts'
import { refuseDemo } from '../demo-mark.ts'
import {
  collect,
  commonOptions,
  examples,
  type IdentityOptions,
  identityOf,
  identityOptions,
  size,
  wholeNumber,
} from '../options.ts'
import { runIngest } from '../run.ts'
import { align, counted } from '../show/layout.ts'
import { EXIT, paint, print } from '../show/output.ts'
import { printTotals } from './ingest.ts'

interface Options extends CommonOptions, IdentityOptions {
  daysBegin: number
  daysEnd: number
  maxRows?: number
  maxBytes?: number
  include?: string[]
  exclude?: string[]
  dryRun?: boolean
  strict?: boolean
  json?: boolean
}

export function define(command: Command): void {
  identityOptions(commonOptions(command.argument('<uri...>', 's3://bucket/prefix, one or more')))
    .option('--days-begin <days>', 'objects delivered from this many days ago on', wholeNumber(0), 30)
    .option('--days-end <days>', 'up to this many days from now; -7 for a week ago', days, 0)
    .option('--max-rows <number>', 'end with the commit that reaches this many records', wholeNumber(1))
    .option('--max-bytes <size>', 'read no more than so much, as in 10GiB', size)
    .option('--include <pattern>', 'only objects whose name matches; may be given again', collect)
    .option('--exclude <pattern>', 'not the objects whose name matches; may be given again', collect)
    .option('--dry-run', 'only count what would be read, and what the requests cost')
    .option('--strict', 'exit with 3 when a record was rejected')
    .option('--json', 'print what was done as JSON')
    .action(backfill)
  examples(
    command,
    ['loglake backfill s3://example-logs/AWSLogs/ --days-begin 90 --dry-run', 'what would it cost?'],
    ['loglake backfill s3://example-logs/AWSLogs/ --days-begin 90 --days-end -30'],
    ['loglake backfill s3://example-logs/ --max-bytes 10GiB', 'a part of it; again for the next'],
  )
  command.addHelpText(
    'after',
    `
Days are UTC days of delivery, whole ones: today is day 0. What is in the lake already is not read again, so a backfill that was
stopped goes on where it was, and one that overlaps with a queue brings nothing twice.`,
  )
}

function days(text: string): number {
  if (!/^-?\d{1,5}$/.test(text)) throw new InvalidArgumentError('A whole number of days is wanted.')
  return Number(text)
}

async function backfill(uris: string[], options: Options): Promise<void> {
  const opened = openLocation(options)
  await refuseDemo(opened.lake, opened.location)
  const { lake, location } = opened
  if (options.daysBegin < -options.daysEnd)
    throw new UserError('--days-begin is after --days-end: no day is in between')
  const today = Math.floor(Date.now() / DAY_MS)
  const source = await bucketsOf(uris, identityOf(options), {
    since: dayText(today - options.daysBegin),
    until: dayText(today + options.daysEnd + 1),
    redelivery_days: 0,
  })
  if (options.dryRun) {
    try {
      // No object is read, so nothing has to be hashed and no key is needed.
      const found = await survey(lake, source, { wanted: wantedBy(opened, options) })
      return await printSurvey(found, source.counts?.() ?? {}, source.requests(), options.json === true)
    } finally {
      await source.close?.()
    }
  }
  const settings = ingestSettings(opened, options)
  if (options.maxRows !== undefined)
    settings.batchObjects = Math.min(settings.batchObjects, ROW_BOUND_OBJECTS)
  let rows = 0
  const bounds = { bytes: options.maxBytes, rows: options.maxRows }
  const account = await runIngest(
    lake,
    bounded(source, bounds, () => rows),
    {
      ...settings,
      onProgress({ records }) {
        rows = records
      },
    },
    { count: false },
  )
  if (!account) return
  await printTotals(account, location, options.json === true)
  if (account.objects.failed > 0) process.exitCode = EXIT.failure
  else if (options.strict && account.records.rejected > 0) process.exitCode = EXIT.rejects
}

/** A limit on rows is checked between commits, so these are kept small. */
const ROW_BOUND_OBJECTS = 100

/** List prices of S3 Standard in us-east-1, in dollars (https://aws.amazon.com/s3/pricing/). */
const LIST_PRICE = 0.005 / 1000
const GET_PRICE = 0.0004 / 1000
/** Price of KMS, for objects encrypted with a customer key (https://aws.amazon.com/kms/pricing/). */
const DECRYPT_PRICE = 0.03 / 10_000
const TO_INTERNET_PRICE = 0.09 / 1e9

async function printSurvey(
  found: Survey,
  counts: Record<string, number>,
  lists: number,
  json: boolean,
): Promise<void> {
  const { objects, bytes, listed, filtered, already } = found
  const cost = {
    list: lists * LIST_PRICE,
    get: objects * GET_PRICE,
    decrypt: objects * DECRYPT_PRICE,
    toInternet: bytes * TO_INTERNET_PRICE,
  }
  if (json)
    return await print(
      `${JSON.stringify({ ...found, requests: { list: lists, get: objects }, counts, cost }, null, 2)}\n`,
    )
  const { bold } = paint(process.stdout)
  const rest = [
    ...(already > 0 ? [`${grouped(already)} in the lake already`] : []),
    ...(filtered > 0 ? [`${grouped(filtered)} left out`] : []),
  ]
  const lines = [
    `${bold(counted(objects, 'object'))} would be read, ${byteSize(bytes)}; ${grouped(listed)} found${rest.length > 0 ? `: ${rest.join(', ')}` : ''}.`,
    ...Object.entries(counts).map(
      ([name, times]) => `${counted(times, 'object')} in ${visible(name)}: they have to be restored first.`,
    ),
    '',
    ...align([
      [`${grouped(lists)} LIST`, { right: dollars(cost.list) }, 'spent on this count'],
      [`${grouped(objects)} GET`, { right: dollars(cost.get) }, ''],
      [
        `${grouped(objects)} KMS Decrypt`,
        { right: dollars(cost.decrypt) },
        'only with a KMS key and without a bucket key',
      ],
      [
        `${byteSize(bytes)} out of AWS`,
        { right: dollars(cost.toInternet) },
        'only to the internet: inside the Region it is free',
      ],
    ]),
    '',
    'At the list prices of us-east-1, S3 Standard. Nothing was read, nothing was written.',
  ]
  await print(`${lines.join('\n')}\n`)
}

function dollars(amount: number): string {
  return `$${amount < 0.01 && amount > 0 ? amount.toFixed(5) : amount.toFixed(2)}`
}
