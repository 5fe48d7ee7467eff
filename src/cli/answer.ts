import type { DuckDBValue } from '@duckdb/node-api'
import type { Lake } from '../lake/lake.ts'
import type { EngineLimits, Values } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import { visible } from '../lib/terminal.ts'
import { type Format, type FormatName, formats } from '../query/formats.ts'
import { ask } from '../query/question.ts'
import { paperWidth, print } from './output.ts'

/** Writes an answer to stdout, in the format that was asked for. */
export async function printAnswer(
  format: FormatName,
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
): Promise<void> {
  if (format === 'table' && columns.join() === 'explain_key,explain_value') {
    for await (const [, plan] of rows) await print(`${String(plan).split('\n').map(visible).join('\n')}\n`)
    return
  }
  const write: Format = formats[format]
  for await (const text of write(columns, rows, paperWidth())) await print(harmless(format, text))
}

/** The whole answer to one of the questions in `query/sql/`. */
export async function answerTo(
  lake: Lake,
  question: string,
  values: Values,
  limits: EngineLimits,
): Promise<{ columns: string[]; rows: DuckDBValue[][] }> {
  const answer = await ask(lake, sql(new URL(`../query/sql/${question}.sql`, import.meta.url)), {
    views: [],
    values,
    limits,
  })
  try {
    const rows: DuckDBValue[][] = []
    for await (const row of answer.rows()) rows.push(row)
    return { columns: answer.columns, rows }
  } finally {
    answer.close()
  }
}

/** Rows that are at hand, as an answer has them. */
export async function* stream(rows: readonly DuckDBValue[][]): AsyncGenerator<DuckDBValue[]> {
  yield* rows
}

/**
 * `table` and `markdown` make control characters visible themselves. JSON can spell them without changing its meaning.
 * CSV cannot: a file or a pipe gets it to the letter, a terminal does not.
 */
function harmless(format: FormatName, text: string): string {
  if (format === 'json' || format === 'ndjson') return text.replace(UNSEEN, escaped)
  if (format !== 'csv' || !process.stdout.isTTY) return text
  return text.split('\r\n').map(visible).join('\r\n')
}

const UNSEEN = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
