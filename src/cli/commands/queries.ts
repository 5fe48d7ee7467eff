import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { openEngine } from '../../lib/duckdb.ts'
import { visible } from '../../lib/terminal.ts'
import { findQuery, type NamedQuery, namedQueries, parametersOf } from '../../query/named.ts'
import { ask } from '../../query/question.ts'
import { askedTables } from '../../query/view-engine.ts'
import { printAnswer, stream } from '../answer.ts'
import { align } from '../layout.ts'
import { limitsOf } from '../limits.ts'
import { definitionsOf, typesWith } from '../onboarded.ts'
import { openExisting } from '../open.ts'
import {
  type CommonOptions,
  collect,
  commonOptions,
  examples,
  type FormatName,
  formatOption,
} from '../options.ts'
import { paint, print } from '../output.ts'
import { viewsOf } from '../views.ts'

interface QueriesOptions extends CommonOptions {
  format?: FormatName
  sql?: true
  set: string[]
}

export function define(command: Command): void {
  commonOptions(command.argument('[name]', 'the query to run; none lists them'))
    .addOption(formatOption())
    .option('--set <name=value>', 'a parameter of the query; may be given again', collect, [])
    .option('--sql', 'print the query and do not run it')
    .action(queries)
  examples(
    command,
    ['loglake queries'],
    ['loglake queries access-denied --format csv > denied.csv'],
    ['loglake queries sessions-longer-than --set minutes=60'],
    ['loglake queries access-denied --sql > mine.sql', 'a start for one of your own'],
  )
}

async function queries(name: string | undefined, options: QueriesOptions): Promise<void> {
  const all = namedQueries(typesWith(definitionsOf(readConfig(options.config))))
  if (name === undefined) return await list(all, options)
  const query = findQuery(name, all)
  if (options.sql) return await print(query.sql)
  const values = parametersOf(query, options.set)
  const { lake, config } = await openExisting(options)
  const { format, ...limits } = config.values.query
  const answer = await ask(lake, query.sql, { values, limits: limitsOf(limits), views: viewsOf(config) })
  try {
    await printAnswer(options.format ?? format, answer.columns, answer.rows())
  } finally {
    answer.close()
  }
}

async function list(all: readonly NamedQuery[], options: QueriesOptions): Promise<void> {
  const engine = await openEngine({ threads: 1 })
  const rows: DuckDBValue[][] = []
  for (const { name, title, doc, names, ...query } of all) {
    const tables = [...(await askedTables(engine, query))].join(', ')
    rows.push([name, title, tables, [...names.keys()].join(', '), doc])
  }
  engine.close()
  const format = options.format ?? readConfig(options.config).values.query.format
  if (format !== 'table')
    return await printAnswer(format, ['query', 'title', 'tables', 'parameters', 'doc'], stream(rows))
  const { bold, dim } = paint(process.stdout)
  const lines = align([
    [bold('query'), bold('asks'), bold('tables')],
    ...rows.map(([name, title, tables]) => [
      visible(String(name)),
      visible(String(title)),
      dim(visible(String(tables))),
    ]),
  ])
  await print(`${lines.join('\n')}\n`)
}
