import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import type { LakeVersion } from '../../lake/version.ts'
import { byteSize, grouped, visible } from '../../lib/terminal.ts'
import { viewName } from '../../query/view.ts'
import { type CommonOptions, type Opened, openExisting } from '../../workspace/open.ts'
import { viewsOf } from '../../workspace/views.ts'
import { commonOptions, examples, type FormatName, formatOption } from '../options.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { alignProse } from '../show/layout.ts'
import { paint, paperWidth, print } from '../show/output.ts'

interface TablesOptions extends CommonOptions {
  format?: FormatName
}

export function define(command: Command): void {
  commonOptions(command).addOption(formatOption()).action(list)
  examples(command, ['loglake tables'], ['loglake tables --format json'])
}

async function list(options: TablesOptions): Promise<void> {
  const opened = await openExisting(options)
  await tables(opened, options.format ?? opened.config.values.query.format)
}

/** Prints tables and views with their sizes at a version: the newest by default. */
export async function tables(
  { lake, config }: Opened,
  format: FormatName,
  asked?: LakeVersion,
): Promise<void> {
  const version = asked ?? (await lake.newest())
  const rows: DuckDBValue[][] = []
  for (const { name, doc } of lake.tables.values()) {
    const files = (await (await version.table(name))?.files()) ?? []
    const sum = (of: 'records' | 'bytes') => files.reduce((total, file) => total + file[of], 0)
    rows.push([name, 'table', sum('records'), files.length, sum('bytes'), doc])
  }
  const views = viewsOf(config).map((view) => [viewName(view), 'view', null, null, null, view.title])
  if (format !== 'table') {
    const columns = ['table', 'kind', 'rows', 'files', 'bytes', 'doc']
    return await printAnswer(format, columns, stream([...rows, ...views]))
  }
  const { bold } = paint(process.stdout)
  const lines = alignProse(
    [
      [bold('table'), { right: bold('rows') }, { right: bold('files') }, { right: bold('size') }, ''],
      ...rows.map(([name, , count, files, bytes, doc]) => [
        String(name),
        { right: grouped(Number(count)) },
        { right: grouped(Number(files)) },
        { right: byteSize(Number(bytes)) },
        String(doc),
      ]),
    ],
    paperWidth(),
  )
  const viewLines = alignProse(
    [[bold('view'), ''], ...views.map(([name, , , , , doc]) => [String(name), visible(String(doc))])],
    paperWidth(),
  )
  await print(`${[...lines, '', ...viewLines].join('\n')}\n`)
}
