import type { TableChange } from '../lake/change.ts'
import type { DataFile } from '../lake/iceberg/index.ts'
import { withLocalFiles } from '../lake/local-files.ts'
import { readingFiles, readParquet } from '../lake/parquet.ts'
import { DAY } from '../lake/table.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { list, sql } from '../lib/sql.ts'
import { addRows } from './add-rows.ts'
import type { DeadLetterRow, Writer } from './contract.ts'
import { deadletter } from './tables.ts'

const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/** Writes the batch's dead letters. */
export async function writeDeadLetters(
  writer: Writer,
  source: string,
  deadLetters: readonly DeadLetterRow[],
  base: LakeVersion,
): Promise<TableChange> {
  const { engine } = writer
  await engine.run(sql(file('deadletter-entry.sql')))
  const entries = await engine.connection.createAppender('deadletter_entry')
  // A batch may hold the same message twice.
  for (const deadLetter of new Map(deadLetters.map((one) => [one.id, one])).values()) {
    const { id, code, reason, message, queue, messageId, sentMs, receiveCount, object } = deadLetter
    for (const text of [id, code, reason, message, source, queue, messageId]) entries.appendVarchar(text)
    entries.appendBigInt(BigInt(Math.trunc(sentMs)) * 1000n)
    entries.appendBigInt(BigInt(receiveCount))
    entries.appendNull()
    if (object === undefined) entries.appendNull()
    else entries.appendVarchar(object)
    entries.endRow()
  }
  entries.closeSync()
  return { add: await addRows(writer, deadletter, sql(file('deadletter-rows.sql'), { now: nowUs() }), base) }
}

/**
 * The ids of these dead letters that the lake already has, searched in files added after a sequence number.
 */
export async function knownDeadLetters(
  writer: Writer,
  table: TableVersion,
  deadLetters: readonly DeadLetterRow[],
  after: number,
): Promise<Set<string>> {
  const { engine, lake } = writer
  const files: DataFile[] = []
  for (const day of new Set(deadLetters.map(({ sentMs }) => new Date(sentMs).toISOString().slice(0, 10))))
    files.push(...(await table.files([{ column: DAY, op: '=', value: day }], after)))
  if (files.length === 0) return new Set()
  const ids = list(deadLetters.map(({ id }) => id))
  const rows = await withLocalFiles(lake.storage, table, files, (paths) => {
    const question = sql(file('deadletter-known.sql'), { files: list(paths), ids })
    return readingFiles(engine, paths, () => engine.rows(question))
  })
  return new Set(rows.map(([id]) => String(id)))
}

/** Marks these dead letters in the lake as replayed. */
export async function markReplayed(writer: Writer, ids: readonly string[]): Promise<void> {
  const { lake } = writer
  await lake.commit('replay', async (base) => {
    const table = await base.table(deadletter.name)
    const files = table ? await table.files() : []
    if (!table || files.length === 0 || ids.length === 0) return undefined
    const add = await withLocalFiles(lake.storage, table, files, (paths) => {
      const deadLetters = readParquet(paths, table.schema, deadletter)
      const rows = sql(file('deadletter-replayed.sql'), { deadLetters, ids: list(ids), now: nowUs() })
      return addRows(writer, deadletter, rows, base)
    })
    return { tables: { [deadletter.name]: { add, remove: files } } }
  })
}

function nowUs(): string {
  return String(BigInt(Date.now()) * 1000n)
}
