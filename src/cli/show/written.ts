import { rename, rm } from 'node:fs/promises'
import type { EngineLimits } from '../../lib/duckdb.ts'
import { UserError } from '../../lib/errors.ts'
import { counted, grouped } from '../../lib/terminal.ts'
import type { Answer } from '../../query/answer.ts'
import type { FormatName } from '../../query/format-names.ts'
import { writeParquetFile } from '../../query/parquet-file.ts'
import type { AnswerOptions } from '../options.ts'
import { printAnswer } from './answer.ts'
import { note } from './output.ts'
import { cannotWrite, formatOfFile, partOf, type Sink, stdoutSink, writeRows } from './sink.ts'

/** Defaults for writing an answer. */
export interface Defaults {
  format: FormatName
  limits: EngineLimits
  /** The limit of rows; a note says if it cut some. */
  limit?: number | undefined
  /** How to get the rows that a limit cut off. */
  rest?: string
  /** The target without a file: stdout by default. */
  sink?: Sink
}

/** The format of the options, and whether it is for programs, which get every row. */
export function formatOf({ format, output }: AnswerOptions, byDefault: FormatName): FormatName | 'parquet' {
  if (format === 'parquet' && output === undefined)
    throw new UserError('--format parquet goes to a file: add --output FILE')
  return format ?? (output === undefined ? byDefault : formatOfFile(output))
}

/** Whether a format is for programs, which need all rows. */
export function isForPrograms(format: FormatName | 'parquet'): boolean {
  return format !== 'table' && format !== 'line' && format !== 'markdown'
}

/** Writes an answer to stdout or to a file, and closes it. */
export async function writeAnswer(
  answer: Answer,
  options: AnswerOptions,
  { format: byDefault, limits, limit, rest = '--limit 0 gives all', sink: shown = stdoutSink() }: Defaults,
): Promise<void> {
  try {
    const format = formatOf(options, byDefault)
    if (format === 'parquet') return await writeParquet(answer, options.output as string, limits)
    const how = { everything: answer.everything, spreadsheet: options.csvSafe === true }
    const rows = firstRows(answer.rows(), limit)
    if (options.output === undefined)
      await printAnswer(format, answer.columns, rows.shown(), { ...how, sink: shown })
    else {
      await writeRows(options.output, (sink) =>
        printAnswer(format, answer.columns, rows.shown(), { ...how, sink }),
      )
      note(`${options.output}: ${counted(rows.count(), 'row')}`)
    }
    if (answer.unlimited?.length) note(`not limited by --account or --region: ${answer.unlimited.join(', ')}`)
    if (rows.more())
      note(
        `there are more rows than ${limit === 1 ? 'this one' : `these ${grouped(limit as number)}`}: ${rest}`,
      )
  } finally {
    answer.close()
  }
}

async function writeParquet(answer: Answer, file: string, limits: EngineLimits): Promise<void> {
  const part = partOf(file)
  try {
    const rows = await writeParquetFile(answer, part, limits)
    await rename(part, file).catch((thrown) => {
      throw cannotWrite(file, thrown)
    })
    note(`${file}: ${counted(rows, 'row')}`)
  } catch (thrown) {
    await rm(part, { force: true })
    if (thrown instanceof Error && /^IO Error/.test(thrown.message)) throw cannotWrite(file, thrown)
    throw thrown
  }
}

/** The first rows of an answer, their number, and whether there were more. */
function firstRows<Row>(rows: AsyncIterable<Row>, limit: number | undefined) {
  let more = false
  let count = 0
  async function* shown(): AsyncGenerator<Row> {
    for await (const row of rows) {
      if (limit !== undefined && count === limit) {
        more = true
        return
      }
      count++
      yield row
    }
  }
  return { shown, more: () => more, count: () => count }
}
