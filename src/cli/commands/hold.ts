import type { Command } from 'commander'
import { type Hold, holds as operation } from '../../api/operations/holds.ts'
import { addHold, removeHold } from '../../erase/holds.ts'
import type { Selector } from '../../erase/selector.ts'
import { openEngine } from '../../lib/duckdb.ts'
import { UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, day, examples, words } from '../options.ts'
import { readingTables } from '../reading.ts'
import { align } from '../show/layout.ts'
import { print } from '../show/output.ts'
import { userName } from '../user-name.ts'
import { selectorOf } from './erase.ts'

interface AddOptions extends CommonOptions {
  person?: string
  key?: string
  object?: string
  from?: string
  until?: string
  reason: string
}

export function define(command: Command): void {
  const add = command.command('add').description('put a hold on rows')
  commonOptions(add)
    .option('--person <name>', "rows with this person, and their sessions' output", words)
    .option('--key <id>', 'rows with this id', words)
    .option('--object <uri>', 'rows that came from this object', words)
    .option('--from <day>', 'or all rows from that day on, as in 2026-01-07', day)
    .option('--until <day>', 'or up to that day', day)
    .requiredOption('--reason <text>', 'why, as in the name of the case', words)
    .action(addOne)
  const remove = command
    .command('remove')
    .description('take a hold off')
    .argument('<id>', 'as `loglake hold list` has it')
  commonOptions(remove).requiredOption('--reason <text>', 'why', words).action(removeOne)
  const list = command.command('list').description('list the holds that are on')
  commonOptions(list).option('--json', 'print them as JSON').action(listAll)
  examples(
    command,
    ['loglake hold add --person ana@example.com --reason "case 12"'],
    ['loglake hold add --from 2026-01-01 --until 2026-03-31 --reason "audit"'],
  )
}

async function addOne(options: AddOptions): Promise<void> {
  const { lake } = await openExisting(options)
  const selector = holdOf(options)
  const id = await addHold(lake, selector, userName(), options.reason)
  await print(`hold ${id} is on: \`loglake erase\` and \`loglake retention\` leave these rows\n`)
}

function holdOf(options: AddOptions): Selector {
  const { from: since, until, person, key, object } = options
  if (since === undefined && until === undefined) return selectorOf(options)
  if ((person ?? key ?? object) !== undefined)
    throw new UserError(
      'a hold is on days, or on a person, a key or an object: --from and --until go with none of these',
    )
  if (since !== undefined && until !== undefined && since > until)
    throw new UserError(`no day is from ${since} until ${until}`)
  return { kind: 'days', since, until }
}

async function removeOne(
  id: string,
  { reason, ...options }: CommonOptions & { reason: string },
): Promise<void> {
  const { lake } = await openExisting(options)
  const engine = await openEngine({ threads: 1 })
  await removeHold(lake, engine, id, userName(), reason).finally(() => engine.close())
  await print(`hold ${id} is off\n`)
}

async function listAll({ json, ...options }: CommonOptions & { json?: boolean }): Promise<void> {
  const { json: read } = await readingTables(await openExisting(options))
  const { holds } = await read<{ holds: Hold[] }>(operation, {})
  if (json) return await print(`${JSON.stringify(holds, null, 2)}\n`)
  if (holds.length === 0) return await print('no hold is on\n')
  await print(`${align(holds.map(line), '  ').join('\n')}\n`)
}

function line({ id, selector, by, reason, time }: Hold): string[] {
  const what =
    selector.kind === 'days'
      ? `days ${selector.since ?? '…'} to ${selector.until ?? '…'}`
      : `${selector.kind} ${visible(selector.value)}`
  return [id, what, visible(reason), visible(by), time]
}
