import { dayOfKey } from '../aws/layout.ts'
import type { TableChange } from '../lake/change.ts'
import { withLocalFiles } from '../lake/local-files.ts'
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
  /** Rejects among them that no log type had recognized. */
  unknown: number
}

/** What reading rejects again did: tried = replayed + left. */
export interface RejectsReplayed {
  tried: number
  /** Rejects that were stored and removed. */
  replayed: number
  left: number
  /** The outcome of their records; all 0 in a dry run. */
  stored: number
  repeated: number
  skipped: number
  conflicts: number
  version: number
}

/**
 * Rewrites the ledger's rows of these objects, and removes their rejects; records that are rejected again are
 * added as new rejects.
 */
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
    // Conflicts become rejects of their objects; the query finds the objects here.
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

/** An INSERT into `replayed`. */
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
    // A reject's bytes may give records that the whole object does not. Then the count of unknown records
    // drops to none, so that the object is not read again; its unknown records can still be replayed.
    known < ids.length ? -Number.MAX_SAFE_INTEGER : unknown - known,
    opened.logtype === undefined ? 'null' : literal(opened.logtype),
    first === undefined ? 'null' : literal(first),
    last === undefined ? 'null' : literal(last),
  ]
  return `insert into replayed values (${values.join(', ')})`
}

/**
 * Removes all files of one of the lake's own tables, and adds files with the rows that a query makes of
 * theirs.
 */
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
  const add = await withLocalFiles(lake.storage, current, files, (paths) => {
    const read = readParquet(paths, current.schema, table)
    const rows = sql(file(question), { [`${table.name}s`]: read, [table.name]: read })
    return readingFiles(engine, paths, () => addRows(writer, table, rows, base))
  })
  return { add, remove: files }
}
