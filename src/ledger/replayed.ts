import { dayOfKey } from '../aws/layout.ts'
import type { TableChange } from '../lake/change.ts'
import type { DataFile } from '../lake/iceberg/index.ts'
import { readingFiles, readParquet } from '../lake/parquet.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { LakeVersion } from '../lake/version.ts'
import { list, literal, sql } from '../lib/sql.ts'
import { addRows } from './add-rows.ts'
import { countRejects, type LedgerObject, type Tally, type Writer } from './contract.ts'
import { appendReject, skippedRecords } from './rows.ts'
import { ledger, reject } from './tables.ts'

const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/** Rejects of an object that were read again with success, by their ids. */
export interface ReplayedObject<T extends LedgerObject> {
  object: T
  ids: readonly string[]
  /** How many of them no log type knew. */
  unknown: number
}

/** Rewrites the ledger's rows of these objects, and takes their rejects out: what is rejected still, or again, comes in anew. */
export async function writeReplayed<T extends LedgerObject>(
  writer: Writer,
  replayed: readonly ReplayedObject<T>[],
  tally: (object: T) => Tally,
  base: LakeVersion,
): Promise<Record<string, TableChange>> {
  const { engine } = writer
  await engine.run(sql(file('replayed-table.sql')))
  await engine.run('create or replace temp table replayed_reject (id varchar)')
  await engine.run(sql(file('ledger-entry.sql')))
  await engine.run(sql(file('reject-entry.sql')))
  const rejects = await engine.connection.createAppender('reject_entry')
  for (const one of replayed) {
    const { object, ids } = one
    await engine.run(ledgerChange(one, tally(object)))
    await engine.run(`insert into replayed_reject select unnest(${list(ids)}::varchar[])`)
    for (const again of object.opened.rejected) appendReject(rejects, object, again)
    // Conflicts are rejects of their objects: they look for them here.
    const day = dayOfKey(object.object.uri)
    const names = `${literal(object.object.uri)}, ${literal(object.object.version)}`
    await engine.run(
      `insert into ledger_entry by name select ${names.replace(', ', ' as lake_object, ')} as version, ${day === undefined ? 'null' : literal(day)} as lake_day`,
    )
  }
  rejects.closeSync()
  await engine.run(sql(file('conflict-rejects.sql'), { known: list([]) }))
  const now = String(BigInt(Date.now()) * 1000n)
  const changed: Record<string, TableChange> = {}
  for (const [table, question] of [
    [ledger, 'ledger-replayed.sql'],
    [reject, 'rejects-left.sql'],
  ] as const) {
    const change = await rewrite(writer, table, question, base)
    if (change) changed[table.name] = change
  }
  const fresh = await addRows(writer, reject, sql(file('reject-rows.sql'), { now }), base)
  const { add = [], remove = [] } = changed.reject ?? {}
  changed.reject = { add: [...add, ...fresh], remove }
  return changed
}

/** An insert into `replayed`. */
function ledgerChange(
  { object: { object, opened }, ids, unknown: known }: ReplayedObject<LedgerObject>,
  tally: Tally,
): string {
  const { within, fresh, conflicts, first, last } = tally
  const unknown = countRejects(opened.rejected.filter(({ code }) => code === 'unknown-log-type'))
  const values = [
    literal(object.uri),
    literal(object.version),
    opened.read - ids.length,
    fresh,
    within - fresh - conflicts,
    opened.spooled - within + skippedRecords(opened),
    countRejects(opened.rejected) + conflicts - ids.length,
    conflicts,
    // Bytes that are read alone may give what the object does not: it is not read again, and what is unknown in it is replayed.
    known < ids.length ? -Number.MAX_SAFE_INTEGER : unknown - known,
    opened.logtype === undefined ? 'null' : literal(opened.logtype),
    first === undefined ? 'null' : literal(first),
    last === undefined ? 'null' : literal(last),
  ]
  return `insert into replayed values (${values.join(', ')})`
}

/** All files of one of the lake's own tables, and files with what a question makes of their rows. */
async function rewrite(
  writer: Writer,
  table: TableDefinition,
  question: string,
  base: LakeVersion,
): Promise<TableChange | undefined> {
  const { engine, lake } = writer
  const current = await base.table(table.name)
  const files = current ? await current.files() : []
  if (!current || files.length === 0) return undefined
  const local: string[] = []
  try {
    for (const one of files) local.push(await lake.storage.local(current.keyOf(one.path), one.bytes))
    const rows = sql(file(question), {
      [`${table.name}s`]: readParquet(local, current.schema, table),
      [table.name]: readParquet(local, current.schema, table),
    })
    const add: DataFile[] = await readingFiles(engine, local, () => addRows(writer, table, rows, base))
    return { add, remove: files }
  } finally {
    lake.storage.release(local)
  }
}
