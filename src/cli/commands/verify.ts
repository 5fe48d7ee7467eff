import type { Command } from 'commander'
import type { Identity } from '../../aws/identity.ts'
import type { Config } from '../../config/config.ts'
import { type DigestReport, digestReport } from '../../digests/report.ts'
import { updateDigests } from '../../digests/update.ts'
import { cameBack } from '../../erase/erasures.ts'
import type { Lake } from '../../lake/lake.ts'
import { type Finding, type ObjectsChecked, type Verified, verify } from '../../ledger/verify.ts'
import { UserError } from '../../lib/errors.ts'
import { byteSize, grouped, progressLine, visible } from '../../lib/terminal.ts'
import type { LogChecked } from '../../witness/check.ts'
import { digestOptions } from '../../workspace/chores.ts'
import { memoryText } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { checkedLog, keepLog } from '../../workspace/witness.ts'
import {
  commonOptions,
  examples,
  type IdentityOptions,
  identityOf,
  identityOptions,
  size,
  wholeNumber,
} from '../options.ts'
import { counted } from '../show/layout.ts'
import { EXIT, paint, print } from '../show/output.ts'

interface VerifyOptions extends CommonOptions, IdentityOptions {
  objects?: boolean
  cloudtrail?: boolean
  since?: string
  publicKeys?: string
  threads?: number
  memory?: number
  json?: boolean
}

export function define(command: Command): void {
  identityOptions(commonOptions(command))
    .option('--objects', 'read every object again where it lies, and compare its SHA-256')
    .option('--cloudtrail', "read CloudTrail's digests, and hold every log file in the lake against them")
    .option(
      '--since <day>',
      'digests from that day on (default: from the first log file in the lake on)',
      dayWanted,
    )
    .option('--public-keys <file>', "AWS's public keys, as `aws cloudtrail list-public-keys` prints them")
    .option('--threads <number>', 'threads to work with', wholeNumber(1))
    .option('--memory <size>', 'most memory to work with, as in 1GiB', size)
    .option('--json', 'print what was found as JSON')
    .action(verifyLake)
  examples(
    command,
    ['loglake verify'],
    ['loglake verify --objects', 'that each row is what AWS delivered'],
    ['loglake verify --cloudtrail', 'that AWS signed every log file, and none is missing'],
  )
  command.addHelpText(
    'after',
    `
Each version that is left goes on from the one before it, and none is lost. Every data file of the newest is there, has the size, rows,
bounds and SHA-256 that were committed, and can be read in all its columns; no key has two rows; the ledger accounts for every row and every reject. Nothing is changed.

With --objects, objects on S3 are read by the identity of the source that delivered them, as loglake.yaml has it; otherwise by who
--profile, --role-arn and the like say, or the AWS CLI would be. It costs a GET each. One that was overwritten since is told as such, and
compared where the bucket keeps versions (s3:ListBucketVersions, s3:GetObjectVersion).

With --cloudtrail, all digests of CloudTrail are read again and kept in the table \`digest\`, a verdict each: docs/evidence.md. The lake is held
against them: each log file that a digest names is in the lake with the same bytes, and each in the lake is named by one.

Exit codes: 0 all is well (warnings do not count), 1 something is wrong.`,
  )
}

async function verifyLake(options: VerifyOptions): Promise<void> {
  // Verifies the lake itself, not its local cache.
  const { lake, config } = await openExisting(options, true)
  const line = progressLine(process.stderr)
  const { threads } = options
  const memory = memoryText(options.memory)
  const again = options.objects ? await openObjects(config.values, identityOf(options)) : undefined
  const verified = await verify(lake, {
    ...(again ? { objects: again.read } : {}),
    limits: { ...(threads === undefined ? {} : { threads }), ...(memory === undefined ? {} : { memory }) },
    onProgress: ({ what, done, all }) =>
      line.show(`${what} ${grouped(done)}${all === undefined ? '' : ` of ${grouped(all)}`}`),
  }).finally(() => {
    line.clear()
    again?.close()
  })
  const digests = options.cloudtrail ? await verifyDigests(options, lake, config.values) : undefined
  if (digests) verified.findings.push(...digests.findings)
  verified.findings.push(...(await cameBack(lake)))
  await keepLog(lake, config.values)
  const log = await checkedLog(lake, config.values)
  if (log) verified.findings.push(...log.findings)
  if (verified.findings.some(({ severity }) => severity === 'wrong')) process.exitCode = EXIT.failure
  const whole = {
    ...verified,
    ...(digests ? { digests: digestCounts(digests) } : {}),
    ...(log ? { log: withoutFindings(log) } : {}),
  }
  if (options.json) await print(`${JSON.stringify(whole, null, 2)}\n`)
  else await print(`${report(verified, digests, log).join('\n')}\n`)
}

/** A source uses its configured identity; one that is not configured uses that of the command. */
async function openObjects({ sources }: Config, identity: Identity) {
  const { readAgain } = await import('../../sources/again.ts')
  return readAgain((source) =>
    Object.hasOwn(sources, source) ? ((sources[source] as { identity?: Identity }).identity ?? {}) : identity,
  )
}

function report(
  { version, checked, objects, findings }: Verified,
  digests?: DigestReport,
  log?: LogChecked,
): string[] {
  const { bold } = paint(process.stdout)
  const wrong = findings.filter(({ severity }) => severity === 'wrong').length
  const warnings = findings.length - wrong
  const read = `version ${version}: ${counted(checked.rows, 'row')} in ${counted(checked.files, 'file')} of ${counted(checked.tables, 'table')} (${byteSize(checked.bytes)})`
  const verdict =
    wrong > 0
      ? `${counted(wrong, 'thing')} wrong${warnings > 0 ? `, ${counted(warnings, 'warning')}` : ''}`
      : warnings > 0
        ? `all adds up, with ${counted(warnings, 'warning')}`
        : 'all adds up'
  return [
    ...findings.flatMap(findingText),
    read,
    ...(objects ? [objectsText(objects)] : []),
    ...(digests ? [digestsText(digests)] : []),
    ...(log
      ? [
          `log of ${counted(log.size, 'version')}: ${counted(log.checkpoints + log.copies, 'checkpoint')} that it goes on from${log.stamped === null ? '' : `, ${counted(log.stamps, 'time stamp')} until ${log.stamped}`}`,
        ]
      : []),
    bold(verdict),
  ]
}

const STATES: readonly (readonly [keyof ObjectsChecked, string])[] = [
  ['same', 'as they were read'],
  ['changed', 'changed'],
  ['overwritten', 'overwritten since'],
  ['gone', 'gone'],
  ['denied', 'denied'],
  ['archived', 'archived'],
  ['unreadable', 'unreadable'],
  ['notKept', 'answers of a service, which nobody keeps'],
]

/** `227 objects where they lie: 220 as they were read, 7 gone` */
function objectsText(checked: ObjectsChecked): string {
  const all = Object.values(checked).reduce((sum, count) => sum + count, 0)
  const parts = STATES.flatMap(([state, words]) =>
    checked[state] > 0 ? [`${grouped(checked[state])} ${words}`] : [],
  )
  return `${counted(all, 'object')} where they lie: ${parts.join(', ') || 'none'}`
}

function findingText({ severity, table, file, message, remedy }: Finding): string[] {
  const { red, yellow, dim } = paint(process.stdout)
  const label = severity === 'wrong' ? red('wrong') : yellow('warning')
  return [
    `${label}  ${table === undefined ? '' : `${table}: `}${visible(message)}`,
    dim(`  file: ${visible(file)}`),
    dim(`  way out: ${remedy}`),
    '',
  ]
}

/** Reads all digests again: a valid one may have been changed or deleted since. */
async function verifyDigests(
  { since, publicKeys, ...options }: VerifyOptions,
  lake: Lake,
  config: Config,
): Promise<DigestReport> {
  const how = digestOptions(config, identityOf(options))
  const line = progressLine(process.stderr)
  await updateDigests(lake, {
    ...how,
    ...(publicKeys === undefined ? {} : { keyFile: publicKeys }),
    whole: true,
    since,
    onProgress: (digests) => line.show(`digest ${grouped(digests)}`),
  }).finally(() => {
    line.clear()
    how.locations.close()
  })
  return await digestReport(lake, how.limits)
}

function digestCounts({ findings: _, ...rest }: DigestReport): Omit<DigestReport, 'findings'> {
  return rest
}

function withoutFindings({ findings: _, ...rest }: LogChecked): Omit<LogChecked, 'findings'> {
  return rest
}

/**
 * `2 chains, 48 of 48 digests valid: 99.5% of the log files are as AWS signed them (398 of 400), 3 wait for a
 * digest`
 */
function digestsText({ chains, total }: DigestReport): string {
  const sum = (of: 'digests' | 'valid') => chains.reduce((all, one) => all + one[of], 0)
  const files = `${grouped(total.same)} of ${grouped(total.named + total.unnamed)}`
  const waiting = total.awaited > 0 ? `, ${grouped(total.awaited)} wait for a digest` : ''
  return `${counted(chains.length, 'chain')}, ${grouped(sum('valid'))} of ${grouped(sum('digests'))} digests valid: ${total.percent}% of the log files are as AWS signed them (${files})${waiting}`
}

function dayWanted(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new UserError(`--since: a day is wanted, as in 2026-01-07, not "${visible(text)}"`)
}
