import type { TableChange } from '../lake/change.ts'
import type { DataFile } from '../lake/iceberg/index.ts'
import { readingFiles, readParquet } from '../lake/parquet.ts'
import { DAY } from '../lake/table.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { list, sql } from '../lib/sql.ts'
import { addRows } from './add-rows.ts'
import type { LetterRow, Writer } from './contract.ts'
import { deadletter } from './tables.ts'

const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/** Writes the batch's dead letters. */
export async function writeLetters(
  writer: Writer,
  source: string,
  letters: readonly LetterRow[],
  base: LakeVersion,
): Promise<TableChange> {
  const { engine } = writer
  await engine.run(sql(file('deadletter-entry.sql')))
  const entries = await engine.connection.createAppender('deadletter_entry')
  // The same message may be in one batch twice.
  for (const letter of new Map(letters.map((one) => [one.id, one])).values()) {
    const { id, code, reason, message, queue, messageId, sentMs, receives, object } = letter
    for (const text of [id, code, reason, message, source, queue, messageId]) entries.appendVarchar(text)
    entries.appendBigInt(BigInt(Math.trunc(sentMs)) * 1000n)
    entries.appendBigInt(BigInt(receives))
    entries.appendNull()
    if (object === undefined) entries.appendNull()
    else entries.appendVarchar(object)
    entries.endRow()
  }
  entries.closeSync()
  return { add: await addRows(writer, deadletter, sql(file('deadletter-rows.sql'), { now: nowUs() }), base) }
}

/** The ids of those letters that the lake has, by what came after a sequence of the table. */
export async function knownLetters(
  writer: Writer,
  table: TableVersion,
  letters: readonly LetterRow[],
  after: number,
): Promise<Set<string>> {
  const paths: string[] = []
  for (const day of new Set(letters.map(({ sentMs }) => new Date(sentMs).toISOString().slice(0, 10)))) {
    for (const { path } of await table.files([{ column: DAY, op: '=', value: day }], after))
      paths.push(await writer.lake.storage.local(table.keyOf(path)))
  }
  if (paths.length === 0) return new Set()
  const ids = list(letters.map(({ id }) => id))
  const question = sql(file('deadletter-known.sql'), { files: list(paths), ids })
  const rows = await readingFiles(writer.engine, paths, () => writer.engine.rows(question)).finally(() =>
    writer.lake.storage.release(paths),
  )
  return new Set(rows.map(([id]) => String(id)))
}

/** Says in the lake that these letters have been replayed. */
export async function markReplayed(writer: Writer, ids: readonly string[]): Promise<void> {
  const { lake } = writer
  await lake.commit('replay', async (base) => {
    const table = await base.table(deadletter.name)
    const files = table ? await table.files() : []
    if (!table || files.length === 0 || ids.length === 0) return undefined
    const local: string[] = []
    for (const { path } of files) local.push(await lake.storage.local(table.keyOf(path)))
    const letters = readParquet(local, table.schema, deadletter)
    const rows = sql(file('deadletter-replayed.sql'), { letters, ids: list(ids), now: nowUs() })
    const add: DataFile[] = await addRows(writer, deadletter, rows, base).finally(() =>
      lake.storage.release(local),
    )
    return { tables: { [deadletter.name]: { add, remove: files } } }
  })
}

function nowUs(): string {
  return String(BigInt(Date.now()) * 1000n)
}
