import type { Command } from 'commander'
import { find } from '../../api/operations/find.ts'
import { UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import type { Found } from '../../query/find/find.ts'
import { lazyQueryEngine } from '../../query/lazy-engine.ts'
import { openQueryEngine } from '../../query/question.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { type AnswerOptions, answerOptions, commonOptions, examples, wholeNumber } from '../options.ts'
import { reading } from '../reading.ts'
import { type ScopeOptions, scopeOf, scopeOptions } from '../scope-options.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { counted } from '../show/layout.ts'
import { note, print } from '../show/output.ts'
import { checkOutput, writeRows, writeText } from '../show/sink.ts'
import { formatOf, isForPrograms } from '../show/written.ts'

interface FindOptions extends CommonOptions, AnswerOptions, ScopeOptions {
  limit: number
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(
    command.argument('<what>', 'an id, an access key, an ARN, an address, an instance, a bucket, a name'),
  )
  answerOptions(command)
  scopeOptions(command)
    .option('--limit <number>', 'the most rows: the newest are given', wholeNumber(1), 1000)
    .option('--json', 'print everything as one JSON document: what was asked, rows, files')
    .action(findAnything)
  examples(
    command,
    ['loglake find 3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11', 'an event, a request, a session'],
    ['loglake find ASIAZZZZZZZZZZZZZZZZ --since 7d', 'what an access key did'],
    ['loglake find 198.51.100.23 --format ndjson', 'whole rows, for a program'],
    ['loglake find arn:aws:s3:::payroll-exports --json'],
    ['loglake find 198.51.100.23 --output address.csv'],
    ['loglake find i-0a1b2c3d4e5f60718 --until 2026-01-08'],
  )
  command.addHelpText(
    'after',
    '\nA value is found whole, not by a part of it. Filters beside the files say which of them can have it: see docs/find.md.',
  )
}

async function findAnything(what: string, options: FindOptions): Promise<void> {
  if (what.trim() === '') throw new UserError('there is nothing to find: `loglake find <what>`')
  const opened = await openExisting(options)
  const { lake, config } = opened
  const { format: byDefault, ...given } = config.values.query
  const format = options.json ? 'json' : formatOf(options, byDefault)
  if (format === 'parquet')
    throw new UserError('`loglake find` writes no Parquet: give --output a name that ends in .csv or .ndjson')
  checkOutput(options.output)
  const whole = options.json === true || isForPrograms(format)
  // Where no file can have it, there is no need of DuckDB.
  const engine = lazyQueryEngine(() => openQueryEngine(lake, { limits: limitsOf(given), views: [] }))
  try {
    const { json } = await reading(opened, engine)
    const scope = scopeOf(options)
    const { version: _, ...found } = await json<Found & { version: number }>(find, {
      text: what,
      limit: options.limit,
      whole,
      ...scope,
    })
    await show(found, what, options, format, whole)
  } finally {
    engine.close()
  }
}

const COLUMNS = ['time', 'table', 'what', 'who', 'id', 'column', 'account', 'region'] as const

async function show(
  found: Found,
  what: string,
  { json, output, csvSafe }: FindOptions,
  format: Exclude<ReturnType<typeof formatOf>, 'parquet'>,
  whole: boolean,
): Promise<void> {
  if (json) {
    const rows = found.rows.map(({ row, ...rest }) => ({ ...rest, row: row && JSON.parse(row) }))
    const text = `${JSON.stringify({ ...found, rows }, null, 2)}\n`
    return output === undefined ? await print(text) : await writeText(output, text)
  }
  const columns = whole ? [...COLUMNS, 'row'] : [...COLUMNS]
  const rows = found.rows.map((row) => columns.map((name) => row[name as keyof typeof row] ?? null))
  if (output !== undefined) {
    await writeRows(output, (sink) =>
      printAnswer(format, columns, stream(rows), { sink, spreadsheet: csvSafe === true }),
    )
    note(`${output}: ${counted(rows.length, 'row')}`)
  } else if (rows.length > 0 || whole)
    await printAnswer(format, columns, stream(rows), { spreadsheet: csvSafe === true })
  const { read, all } = found.files
  const opened = `${read} of ${counted(all, 'file')} opened`
  if (rows.length === 0) note(`nothing has the value ${visible(what)}; ${opened}`)
  else
    note(
      `${counted(rows.length, 'row')} in ${counted(found.tables.filter((one) => one.rows > 0).length, 'table')}; ${opened}`,
    )
  if (['name', 'email'].includes(found.asked[0]?.is ?? ''))
    note(
      'values are found whole: `loglake queries by-person --set person=NAME` has what a person did as any role',
    )
  if (found.more) note('there are more rows, older than these: --until, or a higher --limit, gives them')
}
