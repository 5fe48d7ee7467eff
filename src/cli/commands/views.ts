import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { visible } from '../../lib/terminal.ts'
import { viewName } from '../../query/view.ts'
import type { CommonOptions } from '../../workspace/open.ts'
import { viewsOf } from '../../workspace/views.ts'
import { commonOptions, examples, type FormatName, formatOption } from '../options.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { alignProse } from '../show/layout.ts'
import { paint, paperWidth, print } from '../show/output.ts'

interface ViewsOptions extends CommonOptions {
  sql?: string
  format?: FormatName
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--sql <name>', 'print the SQL of this view')
    .addOption(formatOption())
    .action(views)
  examples(
    command,
    ['loglake views'],
    ['loglake views --sql session > views/my_session.sql', 'a start for one of your own'],
  )
}

async function views(options: ViewsOptions): Promise<void> {
  const config = readConfig(options.config)
  const all = viewsOf(config)
  if (options.sql !== undefined) {
    const wanted = options.sql.toLowerCase()
    const view = all.find((one) => viewName(one) === wanted)
    if (view) return await print(`${view.sql.trimEnd()}\n`)
    const near = didYouMean(wanted, all.map(viewName))
    throw new UserError(`there is no view "${visible(options.sql)}"${near || ': `loglake views` lists them'}`)
  }
  const rows = all.map((view) => [viewName(view), view.title, view.doc])
  const format = options.format ?? config.values.query.format
  if (format !== 'table') return await printAnswer(format, ['view', 'title', 'doc'], stream(rows))
  const { bold } = paint(process.stdout)
  const lines = alignProse(
    [
      [bold('view'), bold('is')],
      ...rows.map(([name, title]) => [visible(String(name)), visible(String(title))]),
    ],
    paperWidth(),
  )
  await print(`${lines.join('\n')}\n`)
}
