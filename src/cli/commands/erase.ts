import type { Command } from 'commander'
import { removeRows } from '../../erase/remove.ts'
import type { Selector } from '../../erase/selector.ts'
import { UserError } from '../../lib/errors.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { keepLog } from '../../workspace/witness.ts'
import { commonOptions, examples, words } from '../options.ts'
import { printRemoved } from '../show/removed.ts'
import { userName } from '../user-name.ts'

interface Options extends CommonOptions {
  person?: string
  key?: string
  object?: string
  mentions?: boolean
  reason: string
  yes?: boolean
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
    .option(
      '--person <name>',
      "rows with this person in a column that holds persons, in every table, and their sessions' output",
      words,
    )
    .option('--key <id>', 'rows with this id: of an event, a request, a session, an access key', words)
    .option('--object <uri>', 'rows that came from this object', words)
    .option('--mentions', 'also rows that have the person or the id anywhere in their text')
    .requiredOption('--reason <text>', 'why: it stays in the lake', words)
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
A person is named in any case of letters, and within an ARN, as in …/ana@example.com. Tables that tell of the lake itself (ledger, deadletter, review,
access_log, …) stay, and so do rows that only mention somebody, unless --mentions is given: how many, it is told.

Files are written anew without the rows, in one commit; a legal hold on a row wins. The table erasure keeps when, why and by whom, with a hash of
the value. An object whose rows were erased is not read again. Where the same records come in by another object, \`loglake verify\` says so.`,
  )
}

async function erase(options: Options): Promise<void> {
  const { lake, config } = await openExisting(options)
  const named = selectorOf(options)
  if (options.mentions && named.kind === 'object') throw new UserError('--mentions is for --person and --key')
  const selector: Selector = options.mentions ? { ...named, mentions: true } : named
  const done = options.yes === true
  const removed = await removeRows(lake, {
    selector,
    by: userName(),
    reason: options.reason,
    as: 'erase',
    dryRun: !done,
    limits: limitsOf(config.values.query),
  })
  if (done) await keepLog(lake, config.values)
  await printRemoved(removed, { json: options.json === true, done })
}

/** The given one of person, key and object. */
export function selectorOf(options: {
  person?: string
  key?: string
  object?: string
}): Exclude<Selector, { kind: 'days' }> {
  const named = (['person', 'key', 'object'] as const).flatMap((kind) => {
    const value = options[kind]
    return value === undefined ? [] : [{ kind, value }]
  })
  const [selector] = named
  if (named.length !== 1 || !selector) throw new UserError('one of --person, --key and --object is wanted')
  return selector
}
