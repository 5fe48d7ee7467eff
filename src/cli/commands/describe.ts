import type { Command } from 'commander'
import { logTables } from '../../ingest/tables.ts'
import { ownTables } from '../../lake/own-tables.ts'
import { DAY, SQL_TYPE, type TableDefinition } from '../../lake/table.ts'
import { readConfig } from '../../lib/config.ts'
import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { printAnswer, stream } from '../answer.ts'
import { align, wrap } from '../layout.ts'
import { type CommonOptions, commonOptions, examples, type FormatName, formatOption } from '../options.ts'
import { paint, paperWidth, print } from '../output.ts'

interface DescribeOptions extends CommonOptions {
  format?: FormatName
}

export function define(command: Command): void {
  commonOptions(command.argument('<table>', 'its name, as `loglake tables` lists it'))
    .addOption(formatOption())
    .action(describe)
  examples(
    command,
    ['loglake describe cloudtrail'],
    ['loglake describe cloudtrail --format markdown > cloudtrail.md'],
  )
}

async function describe(name: string, options: DescribeOptions): Promise<void> {
  const tables = new Map([...logTables, ...ownTables].map((table) => [table.name, table]))
  const table = tables.get(name.toLowerCase())
  if (!table) {
    const near = didYouMean(name, tables.keys()) || `: there are ${[...tables.keys()].join(', ')}`
    throw new UserError(`there is no table "${name}"${near}`)
  }
  const format = options.format ?? readConfig(options.config).values.query.format
  const rows = table.columns.map(({ name: column, type, doc }) => [column, SQL_TYPE[type], doc])
  if (format !== 'table') return await printAnswer(format, ['column', 'type', 'doc'], stream(rows))
  await print(`${page(table).join('\n')}\n`)
}

function page(table: TableDefinition): string[] {
  const { bold, dim } = paint(process.stdout)
  const wide = Math.max(...table.columns.map(({ name }) => name.length))
  const room = Math.max(30, Math.min(110, paperWidth()) - Math.min(wide, 45) - 15)
  const rows = table.columns.flatMap(({ name, type, doc }) => {
    const [first = '', ...more] = wrap(doc, room)
    // A long name stands on a line of its own, so that the sentences of all the others have room.
    const head =
      name.length > 45 ? [[name], ['', dim(SQL_TYPE[type]), first]] : [[name, dim(SQL_TYPE[type]), first]]
    return [...head, ...more.map((line) => ['', '', line])]
  })
  const long = rows.filter((row) => row.length === 1)
  const aligned = align(rows.map((row) => (long.includes(row) ? [''] : row)))
  const lines = rows.map((row, at) => (long.includes(row) ? String(row[0]) : (aligned[at] as string)))
  return [bold(table.name), table.doc, `Partitioned by ${DAY}.`, '', ...lines]
}
