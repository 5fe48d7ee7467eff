import type { Command } from 'commander'
import { nothing, type Removed } from '../../erase/found.ts'
import { removeRows } from '../../erase/remove.ts'
import { isErasable } from '../../erase/selector.ts'
import { DAY_MS } from '../../lib/day.ts'
import { UserError } from '../../lib/errors.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { keepLog } from '../../workspace/witness.ts'
import { commonOptions, examples, wholeNumber, words } from '../options.ts'
import { printRemoved } from '../show/removed.ts'
import { userName } from '../user-name.ts'

interface Options extends CommonOptions {
  table?: string
  days?: number
  reason: string
  yes?: boolean
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--table <name>', 'only this table')
    .option(
      '--days <number>',
      'days that its rows are kept for (default: as retention.days has it)',
      wholeNumber(1),
    )
    .option('--reason <text>', 'why: it stays in the lake', words, 'retention')
    .option('--yes', 'do it; otherwise it is only told what would go')
    .option('--json', 'print what was done as JSON')
    .action(retain)
  examples(command, ['loglake retention'], ['loglake retention --table cloudtrail --days 400 --yes'])
  command.addHelpText(
    'after',
    '\nA legal hold on a row wins: what is held stays, and the rest of its day goes.',
  )
}

async function retain(options: Options): Promise<void> {
  const { lake, config } = await openExisting(options)
  const wanted = daysOf(options, config.values.retention.days)
  const done = options.yes === true
  const total: Removed = { id: '', ...nothing() }
  for (const [table] of wanted) {
    if (!lake.tables.has(table))
      throw new UserError(`there is no table ${table}: \`loglake tables\` lists them`)
    if (!isErasable({ name: table }))
      throw new UserError(`${table} tells of the lake itself: no row of it is removed`)
  }
  for (const [table, days] of wanted) {
    // The calendar starts with year 1.
    const until = new Date(Math.max(Date.now() - (days + 1) * DAY_MS, Date.parse('0001-01-01')))
      .toISOString()
      .slice(0, 10)
    const removed = await removeRows(lake, {
      selector: { kind: 'days', until },
      by: userName(),
      reason: `${options.reason}: ${days} days of ${table}`,
      as: 'retention',
      tables: [table],
      dryRun: !done,
      limits: limitsOf(config.values.query),
    })
    total.id = removed.id
    Object.assign(total.tables, removed.tables)
    Object.assign(total.held, removed.held)
    total.rows += removed.rows
    total.objects += removed.objects
  }
  if (done) await keepLog(lake, config.values)
  await printRemoved(total, { json: options.json === true, done })
}

function daysOf({ table, days }: Options, configured: Readonly<Record<string, number>>): [string, number][] {
  if (days !== undefined && table === undefined) throw new UserError('--days is for one --table')
  if (table !== undefined) {
    const own = days ?? configured[table]
    if (own === undefined)
      throw new UserError(`say how long ${table} is kept: --days, or retention.days in loglake.yaml`)
    return [[table, own]]
  }
  const all = Object.entries(configured)
  if (all.length === 0)
    throw new UserError(
      'nothing says how long rows are kept: name --table and --days, or set retention.days in loglake.yaml',
    )
  return all
}
