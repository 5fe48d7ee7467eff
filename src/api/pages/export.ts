import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formats } from '../../query/formats.ts'
import { writeParquetFile } from '../../query/parquet-file.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { blameValues, ownSql, valuesOf, versionOf } from './query.ts'

interface Input {
  sql: string
  parameters: Record<string, string | null>
  format: 'csv' | 'csv-safe' | 'ndjson' | 'parquet'
  version?: number | undefined
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  'csv-safe': 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
}

/**
 * The same question as on the page, all of its rows. It keeps its place among the questions until the last row is sent, and is
 * cancelled when the reader goes.
 */
export async function exportOf(input: Input, context: Context): Promise<Answer> {
  const { format } = input
  const how = { ...ownSql(context), ...valuesOf(input) }
  const version = await versionOf(context, input.version)
  const ending = format === 'csv-safe' ? 'csv' : format
  const pieces = await (format === 'parquet'
    ? parquetPieces(context, input.sql, { version, ...how })
    : textPieces(context, input.sql, format, { version, ...how })
  ).catch((thrown) => blameValues(thrown, input))
  return {
    kind: 'download',
    contentType: TYPES[format],
    fileName: `loglake-${version.number}-${context.requestId.slice(0, 8)}.${ending}`,
    pieces,
    seen: { unmasked: !how.masked },
  }
}

type How = NonNullable<Parameters<Context['ask']>[2]>

/** Text as rows come. The first piece is waited for, so that a mistake is an error and no broken file. */
async function textPieces(context: Context, sql: string, format: 'csv' | 'csv-safe' | 'ndjson', how: How) {
  const { open } = context
  const rows = await open(sql, how)
  const write = format === 'ndjson' ? formats.ndjson : formats.csv
  const paper = { width: Number.POSITIVE_INFINITY, spreadsheet: format === 'csv-safe' }
  const text = write(rows.columns, rows.rows(), paper)
  const first = await text.next().catch((thrown) => {
    rows.close()
    throw thrown
  })
  return (async function* () {
    try {
      if (!first.done) yield first.value
      yield* gathered(text)
    } finally {
      rows.close()
    }
  })()
}

const PIECE = 64 << 10

/** Small pieces put together, for fewer writes to the socket. */
async function* gathered(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < PIECE) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

/** A Parquet file is known when it is whole: it is written beside other temporary files, and removed once it is sent. */
async function parquetPieces(context: Context, sql: string, how: How): Promise<AsyncIterable<Uint8Array>> {
  const folder = await mkdtemp(join(tmpdir(), 'loglake-export-'))
  try {
    const file = join(folder, 'answer.parquet')
    await context.ask(sql, (rows) => writeParquetFile(rows, file, context.limits), how)
    return (async function* () {
      try {
        yield* createReadStream(file) as AsyncIterable<Uint8Array>
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })()
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true })
    throw thrown
  }
}
