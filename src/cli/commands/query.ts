import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { catalogKey } from '../../lake/catalog.ts'
import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { sentence, UserError } from '../../lib/errors.ts'
import { ask } from '../../query/question.ts'
import { printAnswer } from '../answer.ts'
import { counted } from '../layout.ts'
import { limitsOf } from '../limits.ts'
import { openExisting } from '../open.ts'
import {
  type CommonOptions,
  commonOptions,
  examples,
  type FormatName,
  formatOption,
  wholeNumber,
} from '../options.ts'
import { note, paint } from '../output.ts'
import { viewsOf } from '../views.ts'

interface QueryOptions extends CommonOptions {
  format?: FormatName
  file?: string
  at?: number
}

export function define(command: Command): void {
  commonOptions(command.argument('[sql]', 'one SELECT; `-`, or none, reads it from standard input'))
    .addOption(formatOption())
    .option('--file <file>', 'read the SQL from a file')
    .option('--at <version>', 'ask an earlier version of the lake', wholeNumber(1))
    .action(query)
  examples(
    command,
    ['loglake query "select eventname, count(*) as calls from cloudtrail group by all order by calls desc"'],
    ['loglake query --file denied.sql --format csv > denied.csv', 'into a spreadsheet'],
    ['loglake query "from cloudtrail where errorcode is not null" --format ndjson | jq .eventname'],
    ['loglake query "select count(*) from cloudtrail" --at 3', 'what the lake held at its version 3'],
  )
  command.addHelpText(
    'after',
    '\nThe SQL is that of DuckDB. `loglake tables` and `loglake describe <table>` tell what there is to ask.',
  )
}

async function query(sql: string | undefined, options: QueryOptions): Promise<void> {
  const question = await questionOf(sql, options.file)
  const { lake, config } = await openExisting(options)
  const { format, ...limits } = config.values.query
  const version = options.at === undefined ? undefined : await versionAt(lake, options.at)
  const started = performance.now()
  const answer = await ask(lake, question, {
    limits: limitsOf(limits),
    views: viewsOf(config),
    ...(version ? { version } : {}),
  })
  try {
    await printAnswer(options.format ?? format, answer.columns, answer.rows())
  } finally {
    answer.close()
  }
  if (!process.stdout.isTTY || !process.stderr.isTTY) return
  const seconds = ((performance.now() - started) / 1000).toFixed(2)
  const { read, all } = answer.files
  note(
    paint(process.stderr).dim(`${read} of ${counted(all, 'file')}, ${seconds} s, version ${answer.version}`),
  )
}

async function questionOf(sql: string | undefined, file: string | undefined): Promise<string> {
  if (sql !== undefined && sql !== '-' && file !== undefined)
    throw new UserError('the question is given twice: as SQL and with --file')
  let question = sql
  if (file !== undefined) question = readQuestion(file)
  else if (sql === undefined || sql === '-') {
    if (process.stdin.isTTY && sql === undefined)
      throw new UserError('no question: `loglake query "select …"`, or `loglake query --help`')
    question = await text(process.stdin)
  }
  if (question === undefined || question.trim() === '') throw new UserError('the question is empty')
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

async function versionAt(lake: Lake, number: number): Promise<LakeVersion> {
  const newest = (await lake.newest()).number
  if (number > newest) throw new UserError(`the lake has no version ${number} yet: the newest is ${newest}`)
  const given = new UserError(`version ${number} of the lake was given up by \`loglake vacuum\``)
  if ((await lake.storage.size(catalogKey(number))) === undefined) throw given
  const version = await lake.at(number)
  // The first version's own file stays for ever, without its tables.
  for (const { folder, metadata } of Object.values(version.catalog.tables)) {
    if ((await lake.storage.size(`${folder}/${metadata}`)) === undefined) throw given
  }
  return version
}
