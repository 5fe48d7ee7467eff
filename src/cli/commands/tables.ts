import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { byteSize, grouped, visible } from '../../lib/terminal.ts'
import { viewName } from '../../query/view.ts'
import { printAnswer, stream } from '../answer.ts'
import { align } from '../layout.ts'
import { openExisting } from '../open.ts'
import { type CommonOptions, commonOptions, examples, type FormatName, formatOption } from '../options.ts'
import { paint, print } from '../output.ts'
import { viewsOf } from '../views.ts'

interface TablesOptions extends CommonOptions {
  format?: FormatName
}

export function define(command: Command): void {
  commonOptions(command).addOption(formatOption()).action(tables)
  examples(command, ['loglake tables'], ['loglake tables --format json'])
}

async function tables(options: TablesOptions): Promise<void> {
  const { lake, config } = await openExisting(options)
  const version = await lake.newest()
  const rows: DuckDBValue[][] = []
  for (const { name, doc } of lake.tables.values()) {
    const files = (await (await version.table(name))?.files()) ?? []
    const sum = (of: 'records' | 'bytes') => files.reduce((total, file) => total + file[of], 0)
    rows.push([name, 'table', sum('records'), files.length, sum('bytes'), doc])
  }
  const views = viewsOf(config).map((view) => [viewName(view), 'view', null, null, null, view.title])
  const format = options.format ?? config.values.query.format
  if (format !== 'table') {
    const columns = ['table', 'kind', 'rows', 'files', 'bytes', 'doc']
    return await printAnswer(format, columns, stream([...rows, ...views]))
  }
  const { bold } = paint(process.stdout)
  const lines = align([
    [bold('table'), { right: bold('rows') }, { right: bold('files') }, { right: bold('size') }, ''],
    ...rows.map(([name, , count, files, bytes, doc]) => [
      String(name),
      { right: grouped(Number(count)) },
      { right: grouped(Number(files)) },
      { right: byteSize(Number(bytes)) },
      String(doc),
    ]),
  ])
  const viewLines = align([
    [bold('view')],
    ...views.map(([name, , , , , doc]) => [String(name), visible(String(doc))]),
  ])
  await print(`${[...lines, '', ...viewLines].join('\n')}\n`)
}
