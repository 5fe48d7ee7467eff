import type { Command } from 'commander'
import { removeRows } from '../../erase/remove.ts'
import type { Selector } from '../../erase/selector.ts'
import { UserError } from '../../lib/errors.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { keepLog } from '../../workspace/witness.ts'
import { commonOptions, examples } from '../options.ts'
import { userName } from '../serving.ts'
import { printRemoved } from '../show/removed.ts'

interface Options extends CommonOptions {
  person?: string
  key?: string
  object?: string
  reason: string
  yes?: boolean
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--person <name>', 'rows with this person in a column that holds persons, in every table')
    .option('--key <id>', 'rows with this id: of an event, a request, a session, an access key')
    .option('--object <uri>', 'rows that came from this object')
    .requiredOption('--reason <text>', 'why: it stays in the lake')
    .option('--yes', 'do it; otherwise it is only told what would go')
    .option('--json', 'print what was done as JSON')
    .action(erase)
  examples(
    command,
    ['loglake erase --person ana@example.com --reason "request 2026-17"'],
    ['loglake erase --object s3://logs/a.json.gz --reason "wrong bucket" --yes'],
  )
  command.addHelpText(
    'after',
    `
Files are written anew without the rows, in one commit; a legal hold on a row wins. The table erasure keeps when, why and by whom, with a hash of
the value. An object whose rows were erased is not read again. Where the same records come in by another object, \`loglake verify\` says so.`,
  )
}

async function erase(options: Options): Promise<void> {
  const { lake, config } = await openExisting(options)
  const done = options.yes === true
  const removed = await removeRows(lake, {
    selector: selectorOf(options),
    by: userName(),
    reason: options.reason,
    as: 'erase',
    dryRun: !done,
    limits: limitsOf(config.values.query),
  })
  if (done) await keepLog(lake, config.values)
  await printRemoved(removed, { json: options.json === true, done })
}

/** The one that is named of person, key and object. */
export function selectorOf(options: { person?: string; key?: string; object?: string }): Selector {
  const named = (['person', 'key', 'object'] as const).flatMap((kind): Selector[] => {
    const value = options[kind]
    return value === undefined ? [] : [{ kind, value }]
  })
  const [selector] = named
  if (named.length !== 1 || !selector) throw new UserError('one of --person, --key and --object is wanted')
  return selector
}
