import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { examine, type Report, type ReportLine } from '../../account/doctor/examine.ts'
import { checks, checksNamed } from '../../account/doctor/index.ts'
import { reportJson } from '../../account/doctor/json.ts'
import { awsClients } from '../../aws/clients.ts'
import { awsError } from '../../aws/errors.ts'
import { send } from '../../aws/send.ts'
import { sentence } from '../../lib/errors.ts'
import { bar, progressLine, visible } from '../../lib/terminal.ts'
import { setupFor } from '../../workspace/doctor.ts'
import type { CommonOptions } from '../../workspace/open.ts'
import { collect, commonOptions, examples } from '../options.ts'
import { reportLines } from '../show/doctor-lines.ts'
import { EXIT, note, paint, paperWidth, print } from '../show/output.ts'
import { version } from '../version.ts'

interface Options extends CommonOptions {
  check?: string[]
  write?: boolean
  reach?: boolean
  fix?: boolean
  yes?: boolean
  all?: boolean
  list?: boolean
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--check <name>', 'only this check; may be given again', collect)
    .option('--write', 'put a marker through, from its bucket into the ledger, and remove it')
    .option('--reach', 'open connections to destinations and to the sign-in service, too')
    .option('--fix', "mend what is ours (the queue, the lake's bucket, notifications), each after a yes")
    .option('--yes', 'with --fix: ask nothing')
    .option('--all', 'show what is ok and what does not apply line by line, too')
    .option('--list', 'list the checks, with the least permission that each needs')
    .option('--json', 'print it as JSON')
    .action(doctor)
  examples(
    command,
    ['loglake doctor'],
    ['loglake doctor --check notifications --check queue-policy', 'two checks alone'],
    ['loglake doctor --write', 'and see a marker arrive, while `loglake run` runs'],
    ['loglake doctor --fix', 'mend what is ours'],
  )
  command.addHelpText(
    'after',
    `
It only reads, unless --write or --fix is given. Every line that is not ok has its fix as a command.
Exit code: 0 when all is ok, 1 when something is not, 2 when something could not be told, or the call was wrong.`,
  )
}

async function doctor(options: Options): Promise<void> {
  if (options.list) return await print(listOf(options.json === true))
  const { setup } = setupFor(options, version())
  const wanted = checksNamed(options.check ?? [], setup.settings.leave_out)
  const look = async () => {
    const line = progressLine(process.stderr)
    try {
      return await examine(setup, {
        checks: wanted,
        write: options.write === true,
        reach: options.reach === true,
        onProgress: (done, all, running) =>
          line.show(
            `${bar(done / all, 15)}  ${done} of ${all} checks${running.length > 0 ? `, waiting for ${running.join(', ')}` : ''}`,
          ),
      })
    } finally {
      line.clear()
    }
  }
  let report = await look()
  if (options.fix && (await fixAll(report, options.yes === true)) > 0) report = await look()
  const all = options.all === true || options.check !== undefined
  await print(
    options.json
      ? `${JSON.stringify(reportJson(report), null, 2)}\n`
      : `${reportLines(report, { look: paint(process.stdout), width: paperWidth(), all }).join('\n')}\n`,
  )
  process.exitCode = exitOf(report)
}

function exitOf({ state }: Report): number {
  return state === 'not' ? EXIT.failure : state === 'unknown' ? EXIT.mistake : EXIT.done
}

function listOf(asJson: boolean): string {
  const all = checks.map(({ name, group, title, permissions }) => ({ name, group, title, permissions }))
  if (asJson) return `${JSON.stringify(all, null, 2)}\n`
  return all
    .map(
      ({ name, title, permissions }) =>
        `${name.padEnd(16)}  ${title}${permissions.length > 0 ? `\n${' '.repeat(18)}${permissions.join(', ')}` : ''}\n`,
    )
    .join('')
}

/** Applies the fixes of loglake's own parts after a confirmation, and reports each. Returns their number. */
async function fixAll({ lines }: Report, yes: boolean): Promise<number> {
  const ours = lines.filter(({ state, fix }) => state === 'not' && fix?.ours && (fix.calls ?? []).length > 0)
  if (ours.length === 0) {
    note('nothing that --fix may mend is broken: it changes only what is ours')
    return 0
  }
  let made = 0
  for (const line of ours) {
    note(`${line.check}: ${visible(line.says)}`)
    for (const command of line.commands) note(`  ${visible(command)}`)
    if (!yes && !(await agreed())) continue
    try {
      await mend(line)
      made++
      note('  done')
    } catch (thrown) {
      note(`  not done: ${visible(sentence(thrown))}`)
    }
  }
  return made
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    note('  not done: nobody is there to say yes (--yes does it unasked)')
    return false
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await asking.question('  do it? [y/N] ')).trim())
  } finally {
    asking.close()
  }
}

async function mend({ fix, about = '' }: ReportLine): Promise<void> {
  for (const { as, ...call } of fix?.calls ?? []) {
    const clients = awsClients(as)
    try {
      await send(clients, call)
    } catch (thrown) {
      throw awsError(`${call.service}:${call.action}`, about, thrown)
    } finally {
      clients.close()
    }
  }
}
