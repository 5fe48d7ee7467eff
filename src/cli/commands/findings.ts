import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { Option } from 'commander'
import { LEVELS } from '../../detect/contract.ts'
import { STATES, VERDICTS } from '../../detect/decide.ts'
import { visible } from '../../lib/terminal.ts'
import { valueText } from '../../query/values.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { detectSettings, typesWith } from '../../workspace/logtypes.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { defineDecisions } from '../findings/decide.ts'
import { showFinding } from '../findings/one.ts'
import { ruleIdCalled } from '../findings/rule-called.ts'
import { commonOptions, examples, type FormatName, formatOption, timestamp, wholeNumber } from '../options.ts'
import { findingsAnswer } from '../rules/asked.ts'
import { align, type Cell } from '../show/layout.ts'
import { maxRows, printListing } from '../show/listing.ts'
import { paint } from '../show/output.ts'
import { severityText } from '../show/severity.ts'

interface Options extends CommonOptions {
  since?: string
  until?: string
  severity: string
  rule?: string
  actor?: string
  account?: string
  resource?: string
  state?: string
  verdict?: string
  assignee?: string
  hidden?: boolean
  group?: boolean
  show?: string
  rows: number
  limit: number
  format?: FormatName
}

export function define(command: Command): void {
  command.helpCommand(false)
  commonOptions(command)
    .option('--since <time>', 'only from then on, as in 2026-01-07 or 7d', timestamp)
    .option('--until <time>', 'only before then', timestamp)
    .addOption(
      new Option('--severity <level>', 'of this severity or higher').choices(LEVELS).default('informational'),
    )
    .option('--rule <id>', 'only of this rule: its id or name')
    .option('--actor <text>', 'only of actors with this in their name')
    .option('--account <id>', 'only of this account')
    .option('--resource <text>', 'only of resources with this in their name')
    .addOption(new Option('--state <state>', 'only in this state').choices(STATES))
    .addOption(new Option('--verdict <verdict>', 'only with this verdict').choices(VERDICTS))
    .option('--assignee <name>', 'only those that this person looks into')
    .option('--hidden', 'with those that a suppression hides')
    .option('--group', 'one line for the findings of one rule about one actor on one day')
    .option('--show <id>', 'show one with the rows that prove it; the beginning of its id is enough')
    .option('--rows <number>', 'with --show: rows to show', wholeNumber(0), 5)
    .option('--limit <number>', 'findings to show; 0 for all', wholeNumber(0), 50)
    .addOption(formatOption())
    .action(findings)
  defineDecisions(command)
  examples(
    command,
    ['loglake findings --severity high --since 7d'],
    ['loglake findings --show 5f3a', 'with the rows that prove it'],
    ['loglake findings --assignee alice --state taken'],
    ['loglake findings --group --format json'],
    ['loglake findings set 5f3a --verdict false --reason "a test of ours"'],
    ['loglake findings suppress --rule root_model_call --actor "*:root" --ends 30d --why "migration"'],
  )
  command.addHelpText(
    'after',
    `
A suppression hides findings and deletes none: --hidden shows them, and \`loglake findings suppressions\` counts them.`,
  )
}

async function findings(options: Options): Promise<void> {
  const { lake, config, definitions } = await openExisting(options)
  const limits = limitsOf(config.values.query)
  if (options.show !== undefined)
    return await showFinding(lake, options.show, {
      rows: options.rows,
      limits,
      types: typesWith(definitions),
    })
  const { since = null, until = null, severity, hidden = false, limit } = options
  const common = { since, until, severity, hidden, max: maxRows(limit) }
  const format = options.format ?? config.values.query.format
  const kind = options.group ? 'groups' : 'findings'
  const rule =
    options.rule === undefined ? null : await ruleIdCalled(lake, options.rule, detectSettings(config), limits)
  const own = {
    rule,
    actor: options.actor ?? null,
    account: options.account ?? null,
    resource: options.resource ?? null,
    state: options.state ?? null,
    verdict: options.verdict ?? null,
    assignee: options.assignee ?? null,
  }
  const found = await findingsAnswer(lake, kind, { ...common, ...own }, limits)
  const isChosen =
    [since, until, ...Object.values(own)].some((one) => one !== null) || severity !== 'informational'
  await printListing(shownOf(found), {
    format,
    noun: options.group ? 'group' : 'finding',
    none: isChosen ? 'no such findings' : 'no findings: `loglake detect` looks for some',
    hidden: Number(found.rows[0]?.at(-1) ?? 0),
    page: options.group ? groupPage : page,
  })
}

/** The list without the count of those that are kept out, and without the row that has only counts. */
function shownOf({ columns, rows }: { columns: string[]; rows: DuckDBValue[][] }) {
  const id = columns.indexOf('id')
  return {
    columns: columns.slice(0, -1),
    rows: rows.filter((row) => row[id] !== null).map((row) => row.slice(0, -1)),
  }
}

function page(_columns: readonly string[], rows: readonly unknown[][]): string[] {
  const look = paint(process.stdout)
  const { bold, dim } = look
  const head = ['id', 'time', 'severity', 'state', 'title', 'actor'].map((name): Cell => bold(name))
  const body = rows.map(
    ([id, time, severity, title, actor, , , state, verdict, assignee, hidden]): Cell[] => [
      visible(String(id).slice(0, 8)),
      timeText(time),
      severityText(String(severity), look),
      [hidden ? 'hidden' : String(state), verdict, assignee]
        .filter(Boolean)
        .map(String)
        .map(visible)
        .join(', '),
      visible(String(title)),
      dim(visible(String(actor ?? '-'))),
    ],
  )
  return align([head, ...body])
}

function groupPage(_columns: readonly string[], rows: readonly unknown[][]): string[] {
  const look = paint(process.stdout)
  const { bold, dim } = look
  const head: Cell[] = [
    bold('last'),
    bold('severity'),
    { right: bold('findings') },
    { right: bold('open') },
    { right: bold('hidden') },
    bold('title'),
    bold('actor'),
    bold('one of them'),
  ]
  const body = rows.map(([time, severity, count, open, hidden, title, actor, , , id]): Cell[] => [
    timeText(time),
    severityText(String(severity), look),
    { right: String(count) },
    { right: String(open) },
    { right: String(hidden) },
    visible(String(title)),
    dim(visible(String(actor ?? '-'))),
    visible(String(id).slice(0, 8)),
  ])
  return align([head, ...body])
}

function timeText(value: unknown): string {
  return valueText(value as Parameters<typeof valueText>[0])
    .slice(0, 19)
    .replace('T', ' ')
}
