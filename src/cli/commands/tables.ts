import type { Command } from 'commander'
import { tables as operation, type Table } from '../../api/operations/tables.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { byteSize, grouped, visible } from '../../lib/terminal.ts'
import { type CommonOptions, type Opened, openExisting } from '../../workspace/open.ts'
import { viewsOf } from '../../workspace/views.ts'
import { commonOptions, examples, type FormatName, formatOption } from '../options.ts'
import { readingTables } from '../reading.ts'
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
export async function tables(opened: Opened, format: FormatName, version?: LakeVersion): Promise<void> {
  const { json } = await readingTables(opened, viewsOf(opened.config))
  const { tables: all } = await json<{ tables: Table[] }>(operation, { brief: true }, { version })
  const rows = all
    .filter(({ kind }) => kind === 'table')
    .map(({ name, kind, rows, files, bytes, doc }) => [name, kind, rows, files, bytes, doc])
  const views = all
    .filter(({ kind }) => kind === 'view')
    .map(({ name, kind, title }) => [name, kind, null, null, null, title])
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
