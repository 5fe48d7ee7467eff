import type { Command } from 'commander'
import { type Day, days as operation } from '../../api/operations/days.ts'
import { DAY_MS } from '../../lib/day.ts'
import { grouped, textWidth, visible } from '../../lib/terminal.ts'
import { lazyQueryEngine } from '../../query/lazy-engine.ts'
import { openQueryEngine } from '../../query/question.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples, type FormatName, formatOption } from '../options.ts'
import { reading } from '../reading.ts'
import { type ScopeOptions, scopeOf, scopeOptions } from '../scope-options.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { align, type Cell, counted } from '../show/layout.ts'
import { note, paint, paperWidth, print } from '../show/output.ts'

interface DaysOptions extends CommonOptions, ScopeOptions {
  table?: string
  format?: FormatName
}

export function define(command: Command): void {
  scopeOptions(
    commonOptions(command)
      .option('--table <name>', 'only this table; all log types by default')
      .addOption(formatOption()),
  ).action(days)
  examples(
    command,
    ['loglake days'],
    ['loglake days --table cloudtrail --since 30d'],
    ['loglake days --account 111122223333 --format csv', 'each day, account and Region in a line'],
  )
}

async function days(options: DaysOptions): Promise<void> {
  const opened = await openExisting(options)
  const { lake, config } = opened
  const limits = limitsOf(config.values.query)
  const engine = lazyQueryEngine(() => openQueryEngine(lake, { limits, views: [] }))
  const { table } = options
  const { rows: counts } = await (await reading(opened, engine))
    .json<{ rows: Day[] }>(operation, { table, ...scopeOf(options) })
    .finally(() => engine.close())
  const format = options.format ?? config.values.query.format
  if (format !== 'table') {
    const rows = counts.map(({ table, day, account, region, records }) => [
      table,
      day,
      account,
      region,
      records,
    ])
    return await printAnswer(format, ['table', 'day', 'account', 'region', 'records'], stream(rows))
  }
  if (counts.length === 0) return note('there are no such records')
  await print(`${fitting(counts, paperWidth()).join('\n')}\n`)
}

/**
 * How detailed a line is: the number of accounts and Regions named, and whether days without records have
 * their dates.
 */
interface Detail {
  names: number
  spans: boolean
}

const DETAILS: readonly Detail[] = [
  ...[3, 2, 1, 0].map((names) => ({ names, spans: true })),
  { names: 0, spans: false },
]

/** The lines with as much detail as fits into the terminal. */
function fitting(counts: readonly Day[], width: number): string[] {
  const { bold } = paint(process.stdout)
  const head: Cell[] = [
    bold('table'),
    bold('day'),
    { right: bold('records') },
    bold('accounts'),
    bold('regions'),
  ]
  const tables = [...new Set(counts.map(({ table }) => table))].map((name) =>
    counts.filter(({ table }) => table === name),
  )
  let lines: string[] = []
  for (const detail of DETAILS) {
    lines = align([head, ...tables.flatMap((of) => linesOf(of, detail))])
    // Only the first line is coloured.
    if (lines.slice(1).every((line) => textWidth(line) <= width)) break
  }
  return lines
}

/** A line for each day; consecutive days without records share one. */
function linesOf(counts: readonly Day[], detail: Detail): Cell[][] {
  const lines: Cell[][] = []
  let before: string | undefined
  for (const day of new Set(counts.map((count) => count.day))) {
    if (day !== null && before !== undefined) lines.push(...gap(before, day, detail))
    const of = counts.filter((count) => count.day === day)
    const records = of.reduce((sum, count) => sum + count.records, 0)
    const name = lines.length === 0 ? visible(of[0]?.table ?? '') : ''
    lines.push([
      name,
      day ?? 'no day',
      { right: grouped(records) },
      some(of, 'account', detail),
      some(of, 'region', detail),
    ])
    before = day ?? undefined
  }
  return lines
}

function gap(before: string, after: string, { spans }: Detail): Cell[][] {
  const [from, to] = [Date.parse(before) + DAY_MS, Date.parse(after) - DAY_MS]
  if (!(from <= to)) return []
  const text = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const span = from === to ? text(from) : `${text(from)} to ${text(to)}`
  return [
    ['', spans ? span : '…', { right: '-' }, `nothing (${counted((to - from) / DAY_MS + 1, 'day')})`, ''],
  ]
}

/** Names a few values, and counts more. */
function some(counts: readonly Day[], of: 'account' | 'region', detail: Detail): string {
  const names = [...new Set(counts.map((count) => count[of]))].map((name) => name ?? '-')
  return names.length <= detail.names ? names.map(visible).join(', ') : grouped(names.length)
}
