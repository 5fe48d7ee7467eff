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
import { cannotWrite, fileSink, formatOfFile, partOf, type Sink, stdoutSink } from './sink.ts'

/** How an answer is written when its options do not say. */
export interface Defaults {
  format: FormatName
  limits: EngineLimits
  /** The most rows; what is left out is said. */
  limit?: number | undefined
  /** How to get the rows that a limit cut off. */
  rest?: string
  /** Where it goes when no file is named: stdout by default. */
  sink?: Sink
}

/** The format that the options ask for, and whether a program reads it, which wants every row. */
export function formatOf({ format, output }: AnswerOptions, byDefault: FormatName): FormatName | 'parquet' {
  if (format === 'parquet' && output === undefined)
    throw new UserError('--format parquet goes to a file: add --output FILE')
  return format ?? (output === undefined ? byDefault : formatOfFile(output))
}

/** Whether a format is for programs, which are not served by the first rows alone. */
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
      const sink = fileSink(options.output)
      try {
        await printAnswer(format, answer.columns, rows.shown(), { ...how, sink })
        await sink.done()
      } catch (thrown) {
        sink.failed()
        throw thrown
      }
      note(`${options.output}: ${counted(rows.count(), 'row')}`)
    }
    if (rows.more()) note(`there are more rows than these ${grouped(limit as number)}: ${rest}`)
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

/** The first rows of an answer, how many they are, and whether there were more. */
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
