import type { Engine } from '../../lib/duckdb.ts'
import { isOutOfMemory } from '../../lib/errors.ts'
import { identifier, sql } from '../../lib/sql.ts'
import { counted } from '../../lib/terminal.ts'
import { byDays, daysOf } from '../days.ts'
import { hashIn } from '../hash.ts'
import { readContainer } from '../iceberg/avro.ts'
import { currentSnapshot, type DataFile, type Schema } from '../iceberg/index.ts'
import { withLocalFiles } from '../local-files.ts'
import { readParquet } from '../parquet.ts'
import type { Storage } from '../storage/contract.ts'
import { asStored, columnsOfOtherType, KEEP_TYPES, type TableDefinition } from '../table.ts'
import type { LakeVersion, TableVersion } from '../version.ts'
import { verifyFile } from './files.ts'
import { type Finding, findingOf, INGEST_AGAIN } from './findings.ts'
import { verifyPublished } from './published.ts'

/** A table that was read completely, to compare the ledger with. */
export interface Counted {
  /** False when a part of it could not be read, so that its sums are incomplete. */
  sound: boolean
  rows: number
  files: number
  bytes: number
  /** A FROM item with its rows, when its files are kept on this machine. */
  source: string
  findings: Finding[]
}

/**
 * Re-reads a table, file by file; undefined when the lake does not have it.
 *
 * @param isKept whether its files stay on this machine, to be read once more
 */
export async function verifyTable(
  engine: Engine,
  storage: Storage,
  version: LakeVersion,
  defined: TableDefinition,
  { isKept, onFile }: { isKept: boolean; onFile(done: number, all: number): void },
): Promise<Counted | undefined> {
  const { name } = defined
  const findings: Finding[] = []
  const broken = { sound: false, rows: 0, files: 0, bytes: 0, source: '', findings }
  let table: TableVersion | undefined
  try {
    table = await version.table(name)
  } catch (thrown) {
    findings.push(findingOf(thrown, 'unreadable-metadata', name, name))
    return broken
  }
  if (!table) return undefined
  findings.push(...(await verifyPublished(storage, version.number, table)), ...verifyTypes(defined, table))
  const definition = asStored(defined, table.schema)

  const { files, complete } = await filesOf(storage, table, findings)
  let sound = complete
  const good: DataFile[] = []
  for (const [at, file] of files.entries()) {
    onFile(at + 1, files.length)
    const result = await verifyFile(engine, storage, definition, table, file).catch((thrown) => {
      if (isOutOfMemory(thrown)) throw thrown
      return { sound: false, findings: [findingOf(thrown, 'unreadable-file', file.path, name)] }
    })
    findings.push(...result.findings)
    if (result.sound) good.push(file)
    else sound = false
  }
  const sum = (of: 'records' | 'bytes') => files.reduce((total, file) => total + file[of], 0)
  const unhashed = files.filter(({ path }) => hashIn(path) === undefined).length
  if (unhashed > 0) findings.push(withoutHash(table, unhashed, files.length))
  if (complete) findings.push(...verifySummary(table, files.length, sum('records')))
  if (new Set(files.map(({ path }) => path)).size !== files.length) {
    const message = 'a data file is named twice: its rows count double'
    findings.push({ ...about(table), severity: 'wrong', code: 'twice-named', message, remedy: INGEST_AGAIN })
    sound = false
  }
  if (definition.key) findings.push(...(await verifyKeys(engine, storage, definition, table, good)))
  const kept = isKept ? good : []
  const locals = await Promise.all(
    kept.map((file) => storage.local((table as TableVersion).keyOf(file.path))),
  )
  const source = locals.length === 0 ? emptySource(table) : readParquet(locals, table.schema, definition)
  return { sound, rows: sum('records'), files: files.length, bytes: sum('bytes'), source, findings }
}

function about(table: TableVersion): { table: string; file: string } {
  return { table: table.name, file: `${table.entry.folder}/${table.entry.metadata}` }
}

/** Files are as they were written, whatever their log type has become since. */
function verifyTypes(defined: TableDefinition, table: TableVersion): Finding[] {
  return columnsOfOtherType(defined, table.schema).map((message) => ({
    ...about(table),
    severity: 'wrong',
    code: 'other-type',
    message,
    remedy: KEEP_TYPES,
  }))
}

function withoutHash(table: TableVersion, unhashed: number, files: number): Finding {
  const message = `${unhashed} of its ${files} files were written before loglake kept a hash of each: a rewritten one cannot be found`
  const remedy = 'none is needed; files that `loglake compact` joins get one'
  return { ...about(table), severity: 'warning', code: 'no-hash', message, remedy }
}

function emptySource({ schema }: TableVersion): string {
  return `(select ${schema.fields.map(({ name }) => `null as ${identifier(name)}`).join(', ')} where false)`
}

async function filesOf(
  storage: Storage,
  table: TableVersion,
  findings: Finding[],
): Promise<{ files: DataFile[]; complete: boolean }> {
  const files: DataFile[] = []
  let complete = true
  const attempt = async (file: string, read: () => Promise<void>) => {
    try {
      await read()
    } catch (thrown) {
      complete = false
      findings.push(findingOf(thrown, 'unreadable-metadata', file, table.name))
    }
  }
  await attempt(table.name, async () => {
    for (const manifest of await table.manifests()) {
      await attempt(manifest.path, async () => {
        for (const { file } of await table.entries(manifest)) files.push(file)
        checkHeader(table, await storage.read(table.keyOf(manifest.path)))
      })
    }
  })
  return { files, complete }
}

/** Only other engines need the schema in a manifest's header. */
function checkHeader({ metadata }: TableVersion, manifest: Uint8Array): void {
  const said = JSON.parse(readContainer(manifest).metadata.schema ?? '') as Schema
  const known = metadata.schemas.find((schema) => schema['schema-id'] === said['schema-id'])
  const fields = (schema: Schema) => schema.fields.map(({ id, name, type }) => `${id} ${name} ${type}`).join()
  if (!known || fields(known) !== fields(said))
    throw new Error('a manifest is damaged: the schema in its header is not of this table')
}

function verifySummary(table: TableVersion, files: number, rows: number): Finding[] {
  const summary = currentSnapshot(table.metadata)?.summary
  if (!summary) return []
  const said = { rows: Number(summary['total-records']), files: Number(summary['total-data-files']) }
  if (said.rows === rows && said.files === files) return []
  const message = `its files hold ${counted(rows, 'row')} in ${counted(files, 'file')}, its snapshot says ${said.rows} in ${said.files}`
  return [{ ...about(table), severity: 'wrong', code: 'summary-differs', message, remedy: INGEST_AGAIN }]
}

/**
 * Checks that no two rows have the same key. Rows with the same time are of the same day, so files with a
 * common day are compared.
 */
async function verifyKeys(
  engine: Engine,
  storage: Storage,
  definition: TableDefinition,
  table: TableVersion,
  all: readonly DataFile[],
): Promise<Finding[]> {
  const { key = [] } = definition
  const findings: Finding[] = []
  for (const files of byDays(all, (file) => daysOf(file, table.schema))) {
    const columns = key.map(identifier)
    const [row] = await withLocalFiles(storage, table, files, (locals) =>
      engine.rows(
        sql(new URL('./duplicates.sql', import.meta.url), {
          keys: columns.join(', '),
          files: readParquet(locals, table.schema, definition),
          present: columns.map((column) => `${column} is not null`).join(' and '),
        }),
      ),
    )
    const [duplicates, example] = row ?? []
    if (Number(duplicates) === 0) continue
    const message = `${Number(duplicates)} keys have more than one row, as has ${String(example)}`
    findings.push({
      severity: 'wrong',
      code: 'duplicates',
      table: table.name,
      file: files[0]?.path ?? '',
      message,
      remedy: INGEST_AGAIN,
    })
  }
  return findings
}
