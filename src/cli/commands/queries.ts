import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { named } from '../../api/operations/queries.ts'
import { readConfig } from '../../config/config.ts'
import { openEngine } from '../../lib/duckdb.ts'
import { UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import { findQuery, type NamedQuery, namedQueries, parametersOf } from '../../query/named.ts'
import { portableSql, whyNotPortable, withValues } from '../../query/portable/statement.ts'
import { engineForEach } from '../../query/question.ts'
import { askedTables } from '../../query/view-engine.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { definitionsOf, typesWith } from '../../workspace/logtypes.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { viewsOf } from '../../workspace/views.ts'
import { askEngine, type EngineOptions, engineOptions } from '../engine.ts'
import {
  type AnswerOptions,
  answerOptions,
  collect,
  commonOptions,
  examples,
  type FormatName,
  wholeNumber,
} from '../options.ts'
import { reading } from '../reading.ts'
import { type ScopeOptions, scopeOf, scopeOptions } from '../scope-options.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { align } from '../show/layout.ts'
import { note, paint, print } from '../show/output.ts'
import { formatOf, isForPrograms, writeAnswer } from '../show/written.ts'

interface QueriesOptions extends CommonOptions, AnswerOptions, ScopeOptions, EngineOptions {
  sql?: true
  set?: string[]
  limit?: number
}

export function define(command: Command): void {
  commonOptions(command.argument('[name]', 'the query to run; none lists them'))
    .option(
      '--set <name=value>',
      'a parameter of the query, of those that the list names; may be given again',
      collect,
    )
    .option(
      '--limit <number>',
      'rows to show; 0 for all, as csv, json, ndjson and parquet have them',
      wholeNumber(0),
    )
    .option('--sql', 'print the query and do not run it')
  answerOptions(command)
  // `refuseMore` rejects surplus arguments, with a hint at what was meant.
  engineOptions(scopeOptions(command)).allowExcessArguments().action(queries)
  examples(
    command,
    ['loglake queries'],
    ['loglake queries access-denied --since 7d --account 111122223333'],
    ['loglake queries access-denied --output denied.csv'],
    ['loglake queries by-access-key --set key=AKIAIOSFODNN7EXAMPLE', 'what an access key did'],
    ['loglake queries sessions-longer-than --set minutes=60'],
    ['loglake queries access-denied --engine trino', 'the same, answered by Trino'],
    ['loglake queries access-denied --sql > mine.sql', 'a start for one of your own'],
  )
}

async function queries(
  name: string | undefined,
  options: QueriesOptions,
  { args: [, ...more] }: Command,
): Promise<void> {
  refuseMore(more)
  const all = namedQueries(typesWith(definitionsOf(readConfig(options.config))))
  if (name === undefined) return await list(all, options)
  const query = findQuery(name, all)
  const values = parametersOf(query, options.set ?? [])
  if (options.engine !== undefined) return await askOther(query, values, options)
  if (options.sql) return await print(textOf(query))
  const opened = await openExisting(options)
  const { lake, config } = opened
  const { format, ...given } = config.values.query
  const limits = limitsOf(given)
  if (!isForPrograms(formatOf(options, format))) explainMissing(query, values)
  const limit = limitFor(query, options, format)
  const { rows } = await reading(opened, engineForEach(lake, { limits, views: viewsOf(config) }))
  const answer = await rows(named, { name, limit, parameters: values, rows: true, ...scopeOf(options) })
  await writeAnswer(answer, options, { format, limits, limit })
}

/** The same question in another engine's dialect. */
async function askOther(
  query: NamedQuery,
  values: Record<string, string | null>,
  options: QueriesOptions,
): Promise<void> {
  const ported = portableSql(query.file, 'trino')
  if (ported === undefined)
    throw new UserError(
      `the query ${query.name} runs on loglake's own engine alone: ${whyNotPortable(query.file) ?? 'it has no counterpart for others'}`,
    )
  if (Object.keys(scopeOf(options)).length > 0)
    throw new UserError("limits on rows are for loglake's own engine: ask `--sql`, and put them into it")
  const { values: config } = readConfig(options.config)
  const { format, ...given } = config.query
  const limits = limitsOf(given)
  const limit = limitFor(query, options, format)
  const sql = `${withValues(ported, values, 'trino').trim()}${limit === undefined ? '' : `\nLIMIT ${limit + 1}`}\n`
  if (options.sql) return await print(sql)
  if (!isForPrograms(formatOf(options, format))) explainMissing(query, values)
  await writeAnswer(await askEngine(sql, options, config, limits), options, { format, limits, limit })
}

/** A surplus argument is most likely a parameter without `--set`. */
function refuseMore(more: readonly string[]): void {
  const [first] = more
  if (first === undefined) return
  throw new UserError(
    first.includes('=')
      ? `a parameter is given as \`--set ${visible(first)}\``
      : `one query is run at a time: ${visible(first)} is too much`,
  )
}

/** Describes the parameters of a question, if none was given. */
function explainMissing({ names }: NamedQuery, values: Record<string, string | null>): void {
  if (Object.values(values).some((value) => value !== null)) return
  for (const [name, meaning] of names) note(paint(process.stderr).dim(visible(`--set ${name}=…  ${meaning}`)))
}

/** A person gets the first rows, a program all of them. */
function limitFor(query: NamedQuery, options: QueriesOptions, byDefault: FormatName): number | undefined {
  if (options.limit !== undefined) return options.limit === 0 ? undefined : options.limit
  return isForPrograms(formatOf(options, byDefault)) ? undefined : query.limit
}

/** The query as written in its file. */
function textOf({ sql, limit }: NamedQuery): string {
  return limit === undefined ? sql : `${sql}limit ${limit}\n`
}

async function list(all: readonly NamedQuery[], options: QueriesOptions): Promise<void> {
  const engine = await openEngine({ threads: 1 })
  const rows: DuckDBValue[][] = []
  for (const { name, title, doc, names, ...query } of all) {
    const tables = [...(await askedTables(engine, query))].join(', ')
    rows.push([name, title, tables, [...names.keys()].join(', '), doc])
  }
  engine.close()
  const format = formatOf(options, readConfig(options.config).values.query.format)
  if (format === 'parquet') throw new UserError('the list of queries is not written as parquet')
  if (format !== 'table')
    return await printAnswer(format, ['query', 'title', 'tables', 'parameters', 'doc'], stream(rows))
  const { bold, dim } = paint(process.stdout)
  const lines = align([
    [bold('query'), bold('asks'), bold('parameters'), bold('tables')],
    ...rows.map(([name, title, tables, parameters]) => [
      visible(String(name)),
      visible(String(title)),
      visible(String(parameters)),
      dim(visible(String(tables))),
    ]),
  ])
  await print(`${lines.join('\n')}\n`)
}
