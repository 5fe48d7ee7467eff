import type { DuckDBValue } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import type { EngineLimits, Values } from '../../lib/duckdb.ts'
import { sql } from '../../lib/sql.ts'
import { visible } from '../../lib/terminal.ts'
import type { Answer } from '../../query/answer.ts'
import type { FormatName } from '../../query/format-names.ts'
import { type Format, formats, type Paper } from '../../query/formats.ts'
import { ask } from '../../query/question.ts'
import { type Sink, stdoutSink } from './sink.ts'

/** What is known of an answer, and where it is written: to stdout by default. */
export type HowToWrite = Omit<Paper, 'width'> & { sink?: Sink }

/** Writes an answer in the requested format. */
export async function printAnswer(
  format: FormatName,
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
  { sink = stdoutSink(), ...paper }: HowToWrite = {},
): Promise<void> {
  if ((format === 'table' || format === 'line') && columns.join() === 'explain_key,explain_value') {
    for await (const [, plan] of rows)
      await sink.write(`${String(plan).split('\n').map(visible).join('\n')}\n`)
    return
  }
  const write: Format = formats[format]
  for await (const text of write(columns, rows, { ...paper, width: sink.width }))
    await sink.write(harmless(format, text, sink.terminal))
}

/** The whole answer to one of the questions in `query/sql/`. */
export async function answerTo(
  lake: Lake,
  question: string,
  values: Values,
  limits: EngineLimits,
): Promise<{ columns: string[]; rows: DuckDBValue[][] }> {
  const answer = await ask(lake, sql(new URL(`../../query/sql/${question}.sql`, import.meta.url)), {
    views: [],
    values,
    limits,
  })
  return await gathered(answer)
}

/** All rows of an answer, which is closed then. */
export async function gathered(answer: Answer): Promise<{ columns: string[]; rows: DuckDBValue[][] }> {
  try {
    const rows: DuckDBValue[][] = []
    for await (const row of answer.rows()) rows.push(row)
    return { columns: answer.columns, rows }
  } finally {
    answer.close()
  }
}

/** Rows in memory, in the form of an answer. */
export async function* stream(rows: readonly DuckDBValue[][]): AsyncGenerator<DuckDBValue[]> {
  yield* rows
}

/**
 * `table` and `markdown` make control characters visible themselves. JSON can escape them without changing
 * its meaning. CSV cannot: a file or a pipe gets the exact bytes, a terminal does not.
 */
function harmless(format: FormatName, text: string, terminal: boolean): string {
  if (format === 'json' || format === 'ndjson') return escapedJson(text)
  if (format !== 'csv' || !terminal) return text
  return text.split('\r\n').map(visible).join('\r\n')
}

/** JSON whose control characters are escaped. */
export function escapedJson(text: string): string {
  return text.replace(UNSEEN, escaped)
}

const UNSEEN = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
