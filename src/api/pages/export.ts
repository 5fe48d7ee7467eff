import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LakeVersion } from '../../lake/version.ts'
import { formats } from '../../query/formats.ts'
import { writeParquetFile } from '../../query/parquet-file.ts'
import type { Context } from '../context.ts'
import type { Answer, OpenRows } from '../contract.ts'
import type { Scoped } from '../shapes.ts'
import { blameValues, ownSql, valuesOf, versionOf } from './query.ts'

export type Format = 'csv' | 'csv-safe' | 'ndjson' | 'parquet'

interface Input {
  sql: string
  parameters: Record<string, string | null>
  format: Format
  version?: number | undefined
}

/** From the command line: all rows of a question, within these limits. */
interface LocalInput extends Scoped {
  sql: string
  parameters: Record<string, string | null>
  rows: true
}

const TYPES: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8',
  'csv-safe': 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
}

/** The media types of the formats. */
export const FILE_TYPES = [...new Set(Object.values(TYPES))]

/** All rows of the same query as on the page. */
export async function exportOf(input: Input, context: Context): Promise<Answer> {
  const version = await versionOf(context, input.version)
  const how = { ...ownSql(context), ...valuesOf(input), version }
  return await fileOf(context, input.sql, input.format, how).catch((thrown) => blameValues(thrown, input))
}

/** The rows of a question as they come, for the command line. */
export async function openRowsOf(
  { sql, parameters, since, until, accounts, regions }: LocalInput,
  context: Context,
): Promise<OpenRows> {
  const how = { ...ownSql(context), ...valuesOf({ parameters }) }
  const rows = await context.open(sql, { ...how, span: { since, until }, places: { accounts, regions } })
  return { kind: 'rows', rows }
}

type How = NonNullable<Parameters<Context['ask']>[2]>

/**
 * All rows of a query as a file. It keeps its place among the queries until the last row is sent, and is
 * cancelled when the reader leaves.
 */
export async function fileOf(
  context: Context,
  sql: string,
  format: Format,
  how: How & { version: LakeVersion },
): Promise<Answer> {
  const { version } = how
  const ending = format === 'csv-safe' ? 'csv' : format
  const pieces = await (format === 'parquet'
    ? parquetPieces(context, sql, how)
    : textPieces(context, sql, format, how))
  return {
    kind: 'download',
    contentType: TYPES[format],
    fileName: `loglake-${version.number}-${context.requestId.slice(0, 8)}.${ending}`,
    pieces,
    seen: how.masked === undefined ? {} : { unmasked: !how.masked },
  }
}

/**
 * Sends text as rows arrive. The first piece is awaited, so that an error in the query is an error and no
 * broken file.
 */
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

/** Joins small pieces, for fewer writes to the socket. */
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

/**
 * A Parquet file is complete only at its end: it is written to a temporary file, which is removed after
 * sending.
 */
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
