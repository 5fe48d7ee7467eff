import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { type Finding, type Verified, verify } from '../../lake/verify.ts'
import { systemCode } from '../../lib/errors.ts'
import { byteSize, grouped, progressLine, visible } from '../../lib/terminal.ts'
import { counted } from '../layout.ts'
import { memoryText } from '../limits.ts'
import { openExisting } from '../open.ts'
import { type CommonOptions, commonOptions, examples, size, wholeNumber } from '../options.ts'
import { EXIT, paint, print } from '../output.ts'

interface VerifyOptions extends CommonOptions {
  objects?: boolean
  threads?: number
  memory?: number
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
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

Exit codes: 0 all is well (warnings do not count), 1 something is wrong.`,
  )
}

async function verifyLake(options: VerifyOptions): Promise<void> {
  // What is verified is the lake, and not what was copied of it.
  const { lake } = await openExisting(options, true)
  const line = progressLine(process.stderr)
  const { threads } = options
  const memory = memoryText(options.memory)
  const verified = await verify(lake, {
    ...(options.objects ? { objects: readLocal } : {}),
    limits: { ...(threads === undefined ? {} : { threads }), ...(memory === undefined ? {} : { memory }) },
    onProgress: ({ what, done, all }) =>
      line.show(`${what} ${grouped(done)}${all === undefined ? '' : ` of ${grouped(all)}`}`),
  })
  line.clear()
  if (verified.findings.some(({ severity }) => severity === 'wrong')) process.exitCode = EXIT.failure
  if (options.json) await print(`${JSON.stringify(verified, null, 2)}\n`)
  else await print(`${report(verified).join('\n')}\n`)
}

async function readLocal(path: string): Promise<AsyncIterable<Uint8Array> | undefined> {
  if (/^\w+:\/\//.test(path)) throw new Error('objects that lie elsewhere are not read yet')
  const found = await stat(path).catch((thrown) => {
    if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR') return undefined
    throw thrown
  })
  return found && createReadStream(path)
}

function report({ version, checked, findings }: Verified): string[] {
  const { bold } = paint(process.stdout)
  const wrong = findings.filter(({ severity }) => severity === 'wrong').length
  const warnings = findings.length - wrong
  const objects = checked.objects > 0 ? `, and ${counted(checked.objects, 'object')} where they lie` : ''
  const read = `version ${version}: ${counted(checked.rows, 'row')} in ${counted(checked.files, 'file')} of ${counted(checked.tables, 'table')} (${byteSize(checked.bytes)})${objects}`
  const verdict =
    wrong > 0
      ? `${counted(wrong, 'thing')} wrong${warnings > 0 ? `, ${counted(warnings, 'warning')}` : ''}`
      : warnings > 0
        ? `all adds up, with ${counted(warnings, 'warning')}`
        : 'all adds up'
  return [...findings.flatMap(findingText), read, bold(verdict)]
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
