import type { Command } from 'commander'
import { type Configured, readConfig } from '../../config/config.ts'
import { DAY, SQL_TYPE } from '../../lake/table.ts'
import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { visible } from '../../lib/terminal.ts'
import { columnsOf } from '../../query/described.ts'
import { viewName } from '../../query/view.ts'
import { definitionsOf, tablesWith } from '../../workspace/logtypes.ts'
import type { CommonOptions } from '../../workspace/open.ts'
import { viewsOf } from '../../workspace/views.ts'
import { commonOptions, examples, type FormatName, formatOption } from '../options.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { align, wrap } from '../show/layout.ts'
import { paint, paperWidth, print } from '../show/output.ts'

interface DescribeOptions extends CommonOptions {
  format?: FormatName
}

export function define(command: Command): void {
  commonOptions(command.argument('<table or view>', 'its name, as `loglake tables` lists it'))
    .addOption(formatOption())
    .action(described)
  examples(
    command,
    ['loglake describe cloudtrail'],
    ['loglake describe session', 'a view'],
    ['loglake describe cloudtrail --format markdown > cloudtrail.md'],
  )
}

/** The description of a table or view. */
interface Described {
  name: string
  /** Lines below the name. */
  about: string[]
  columns: { name: string; type: string; doc: string }[]
}

async function described(name: string, options: DescribeOptions): Promise<void> {
  const config = readConfig(options.config)
  await describe(name.toLowerCase(), config, options.format ?? config.values.query.format)
}

/** Prints the columns of a table or view. */
export async function describe(name: string, config: Configured, format: FormatName): Promise<void> {
  const found = await find(name, config)
  const rows = found.columns.map(({ name: column, type, doc }) => [column, type, doc])
  if (format !== 'table') return await printAnswer(format, ['column', 'type', 'doc'], stream(rows))
  await print(`${page(found).join('\n')}\n`)
}

async function find(name: string, config: Configured): Promise<Described> {
  const tables = tablesWith(definitionsOf(config))
  const table = tables.find((one) => one.name === name)
  if (table) {
    const columns = table.columns.map((column) => ({ ...column, type: SQL_TYPE[column.type] }))
    return { name, about: [table.doc, `Partitioned by ${DAY}.`], columns }
  }
  const views = viewsOf(config)
  const view = views.find((one) => viewName(one) === name)
  if (view) {
    const about = [view.title, view.doc].filter((text) => text !== '')
    return { name, about, columns: await columnsOf(view, tables, views) }
  }
  const names = [...tables.map((one) => one.name), ...views.map(viewName)]
  const near = didYouMean(name, names) || `: there are ${names.join(', ')}`
  throw new UserError(`there is no table or view "${name}"${near}`)
}

/** Width of the type column, as for `timestamptz`, with its gaps. */
const TYPE_WIDTH = 15

function page({ name: title, about, columns }: Described): string[] {
  const { bold, dim } = paint(process.stdout)
  const wide = Math.max(...columns.map(({ name }) => name.length))
  const width = Math.min(110, paperWidth())
  const longest = Math.min(45, Math.max(20, width - TYPE_WIDTH - 40))
  const room = Math.max(30, width - Math.min(wide, longest) - TYPE_WIDTH)
  const rows = columns.flatMap(({ name, type, doc }) => {
    const [first = '', ...more] = wrap(visible(doc), room)
    // A long name gets a line of its own, which leaves room for the sentences of the others.
    const head = name.length > longest ? [[name], ['', dim(type), first]] : [[name, dim(type), first]]
    return [...head, ...more.map((line) => ['', '', line])]
  })
  const long = rows.filter((row) => row.length === 1)
  const aligned = align(rows.map((row) => (long.includes(row) ? [''] : row)))
  const lines = rows.map((row, at) => (long.includes(row) ? String(row[0]) : (aligned[at] as string)))
  return [bold(title), ...about.flatMap((text) => wrap(visible(text), width)), '', ...lines]
}
