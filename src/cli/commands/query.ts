import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { queryExport } from '../../api/operations/query-export.ts'
import { readConfig } from '../../config/config.ts'
import { sentence, UserError } from '../../lib/errors.ts'
import { engineForEach } from '../../query/question.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { versionAt } from '../../workspace/version-at.ts'
import { viewsOf } from '../../workspace/views.ts'
import { askEngine, type EngineOptions, engineOptions } from '../engine.ts'
import { type AnswerOptions, answerOptions, commonOptions, examples, wholeNumber } from '../options.ts'
import { reading } from '../reading.ts'
import { type ScopeOptions, scopeOf, scopeOptions } from '../scope-options.ts'
import { counted } from '../show/layout.ts'
import { note, paint } from '../show/output.ts'
import { writeAnswer } from '../show/written.ts'

interface QueryOptions extends CommonOptions, AnswerOptions, ScopeOptions, EngineOptions {
  file?: string
  at?: string
  limit?: number
  unguarded?: boolean
}

export function define(command: Command): void {
  commonOptions(
    command.argument(
      '[sql]',
      'one SELECT; `-` reads it from standard input; none on a terminal opens a shell',
      // A blank one is told what there is to write.
      String,
    ),
  ).option('--file <file>', 'read the SQL from a file')
  answerOptions(command).option(
    '--limit <number>',
    'the most rows to give, and it is said when there are more; 0 for all',
    wholeNumber(0),
  )
  engineOptions(scopeOptions(command))
    .option('--at <version or time>', 'ask an earlier version of the lake: 3, 2026-01-07, 7d')
    .option('--unguarded', 'let the SQL name any function and table that DuckDB has; some of them write')
    .action(query)
  examples(
    command,
    ['loglake query', 'a shell, with history and completion'],
    ['loglake query "select eventname, count(*) as calls from cloudtrail group by all order by calls desc"'],
    ['loglake query "from cloudtrail" --since 1d --format line', 'a value a line'],
    ['loglake query --file denied.sql --output denied.csv --csv-safe', 'into a spreadsheet'],
    ['loglake query "from cloudtrail where errorcode is not null" --output errors.parquet'],
    ['loglake query "from cloudtrail where errorcode is not null" --format ndjson | jq .eventname'],
    ['loglake query "select count(*) from cloudtrail" --engine athena --max-usd 0.10'],
    ['loglake query "select count(*) from cloudtrail" --at 3', 'what the lake held at its version 3'],
  )
  command.addHelpText(
    'after',
    '\nThe SQL is that of DuckDB. `loglake tables` and `loglake describe <table>` tell what there is to ask.',
  )
}

async function query(sql: string | undefined, options: QueryOptions): Promise<void> {
  if (sql === undefined && options.file === undefined && process.stdin.isTTY && process.stdout.isTTY) {
    const { shell } = await import('../shell/shell.ts')
    return await shell(options)
  }
  const question = await questionOf(sql, options.file)
  if (options.engine !== undefined) {
    if (options.at !== undefined || options.unguarded || Object.keys(scopeOf(options)).length > 0)
      throw new UserError(
        "--at, --unguarded and limits on rows are for loglake's own engine: put them into the SQL",
      )
    const { values } = readConfig(options.config)
    const { format, ...given } = values.query
    const limits = limitsOf(given)
    const how = { format, limits, ...limitOf(options) }
    return await writeAnswer(await askEngine(question, options, values, limits), options, how)
  }
  const opened = await openExisting(options)
  const { lake, config } = opened
  const { format, ...given } = config.values.query
  const limits = limitsOf(given)
  const version = options.at === undefined ? undefined : await versionAt(lake, options.at)
  const started = performance.now()
  const views = viewsOf(config)
  const engine = engineForEach(lake, { limits, views, unguarded: options.unguarded ?? false })
  const { rows } = await reading(opened, engine)
  const answer = await rows(queryExport, { sql: question, rows: true, ...scopeOf(options) }, { version })
  await writeAnswer(answer, options, { format, limits, ...limitOf(options) })
  if (!process.stdout.isTTY || !process.stderr.isTTY) return
  const seconds = ((performance.now() - started) / 1000).toFixed(2)
  const { read, all } = answer.files
  note(
    paint(process.stderr).dim(`${read} of ${counted(all, 'file')}, ${seconds} s, version ${answer.version}`),
  )
}

function limitOf({ limit, format, output }: QueryOptions): { limit?: number; rest?: string } {
  if (limit === undefined || limit === 0) return {}
  if (format === 'parquet' || output?.toLowerCase().endsWith('.parquet'))
    throw new UserError('--limit does not cut Parquet: put `limit` into the SQL')
  return { limit, rest: '--limit 0 gives all' }
}

const EMPTY =
  'no question: `loglake query "select …"`, --file FILE, or SQL on standard input; on a terminal `loglake query` alone opens a shell'

async function questionOf(sql: string | undefined, file: string | undefined): Promise<string> {
  if (sql !== undefined && sql !== '-' && file !== undefined)
    throw new UserError('the question is given twice: as SQL and with --file')
  let question = sql
  if (file !== undefined) question = readQuestion(file)
  else if (sql === undefined || sql === '-') {
    if (process.stdin.isTTY && sql === undefined) throw new UserError(EMPTY)
    question = await text(process.stdin)
  }
  if (question === undefined || question.trim() === '') throw new UserError(EMPTY)
  if (question.includes('\0')) throw new UserError('the question holds a NUL character')
  return question
}

function readQuestion(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new UserError(`the question cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
}
