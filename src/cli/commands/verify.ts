import type { Command } from 'commander'
import type { Identity } from '../../aws/identity.ts'
import type { Config } from '../../config/config.ts'
import { type Finding, type ObjectsChecked, type Verified, verify } from '../../lake/verify.ts'
import { byteSize, grouped, progressLine, visible } from '../../lib/terminal.ts'
import { counted } from '../layout.ts'
import { memoryText } from '../limits.ts'
import { openExisting } from '../open.ts'
import {
  type CommonOptions,
  commonOptions,
  examples,
  type IdentityOptions,
  identityOf,
  identityOptions,
  size,
  wholeNumber,
} from '../options.ts'
import { EXIT, paint, print } from '../output.ts'

interface VerifyOptions extends CommonOptions, IdentityOptions {
  objects?: boolean
  threads?: number
  memory?: number
  json?: boolean
}

export function define(command: Command): void {
  identityOptions(commonOptions(command))
    .option('--objects', 'read every object again where it lies, and compare its SHA-256')
    .option('--threads <number>', 'threads to work with', wholeNumber(1))
    .option('--memory <size>', 'most memory to work with, as in 1GiB', size)
    .option('--json', 'print what was found as JSON')
    .action(verifyLake)
  examples(command, ['loglake verify'], ['loglake verify --objects', 'that each row is what AWS delivered'])
  command.addHelpText(
    'after',
    `
Every data file is there, has the size, rows and bounds that were committed, and can be read in all its
columns; no key has two rows; the ledger accounts for every row and every reject. Nothing is changed.

With --objects, objects on S3 are read by the identity of the source that delivered them, as loglake.yaml has it; otherwise by who
--profile, --role-arn and the like say, or the AWS CLI would be. It costs a GET each. One that was overwritten since is told as such, and
compared where the bucket keeps versions (s3:ListBucketVersions, s3:GetObjectVersion).

Exit codes: 0 all is well (warnings do not count), 1 something is wrong.`,
  )
}

async function verifyLake(options: VerifyOptions): Promise<void> {
  // What is verified is the lake, and not what was copied of it.
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
  if (verified.findings.some(({ severity }) => severity === 'wrong')) process.exitCode = EXIT.failure
  if (options.json) await print(`${JSON.stringify(verified, null, 2)}\n`)
  else await print(`${report(verified).join('\n')}\n`)
}

/** Who a source is to its objects says the configuration; a source that is not in it is who the command says. */
async function openObjects({ sources }: Config, identity: Identity) {
  const { readAgain } = await import('../../sources/again.ts')
  return readAgain((source) =>
    Object.hasOwn(sources, source) ? ((sources[source] as { identity?: Identity }).identity ?? {}) : identity,
  )
}

function report({ version, checked, objects, findings }: Verified): string[] {
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
  return [...findings.flatMap(findingText), read, ...(objects ? [objectsText(objects)] : []), bold(verdict)]
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
