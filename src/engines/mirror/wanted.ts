/**
 * The desired content of a Glue database for a version of the lake, in Glue's types. Pure, except that it
 * reads the lake.
 */
import { createHash } from 'node:crypto'
import type { GlueTableInput as TableInput } from '../../aws/glue.ts'
import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion, TableVersion } from '../../lake/version.ts'
import { UserError } from '../../lib/errors.ts'
import { type PortableView, prestoView, readableViews } from '../../query/portable/views.ts'

export interface Wanted {
  kind: 'table' | 'view'
  name: string
  input: TableInput & { Name: string; Parameters: Record<string, string> }
}

/**
 * Parameters of ours on a table: the owning lake, a hash of what we wrote, and the lake's sequence number at
 * that time.
 */
export const OWNER = 'loglake_lake'
export const WRITTEN = 'loglake_written'
export const NUMBER = 'loglake_number'

/** Glue's limit on the length of a comment. */
const LONGEST_COMMENT = 255

export async function wantedTables(lake: Lake, version: LakeVersion): Promise<Wanted[]> {
  const names = Object.keys(version.catalog.tables).sort()
  const found = await Promise.all(names.map((name) => version.table(name)))
  return found.flatMap((table) => (table ? [wantedTable(lake, version, table)] : []))
}

function wantedTable(lake: Lake, { catalog }: LakeVersion, table: TableVersion): Wanted {
  const { name, metadata, entry, schema } = table
  if (metadata.location !== `${lake.storage.root}/${entry.folder}`)
    throw new UserError(
      `the lake was moved: its table ${name} says that it lies in ${metadata.location}, where other engines would look for it`,
    )
  const at = `${metadata.location}/${entry.metadata}`
  const before = metadata['metadata-log'].at(-1)?.['metadata-file']
  const docs = new Map(lake.tables.get(name)?.columns.map((column) => [column.name, column.doc]))
  return {
    kind: 'table',
    name,
    input: {
      Name: name,
      Description: comment(lake.tables.get(name)?.doc ?? ''),
      TableType: 'EXTERNAL_TABLE',
      Parameters: {
        EXTERNAL: 'TRUE',
        table_type: 'ICEBERG',
        metadata_location: at,
        ...(before ? { previous_metadata_location: before } : {}),
        [OWNER]: catalog.lake,
        [WRITTEN]: at,
        [NUMBER]: String(entry.number),
      },
      StorageDescriptor: {
        Location: metadata.location,
        Columns: schema.fields.map((field) => ({
          Name: field.name,
          Type: ICEBERG_IN_HIVE[field.type] ?? field.type,
          Comment: comment(docs.get(field.name) ?? field.doc ?? ''),
          Parameters: {
            'iceberg.field.id': String(field.id),
            'iceberg.field.optional': String(!field.required),
            'iceberg.field.current': 'true',
          },
        })),
      },
    },
  }
}

/** Iceberg types with another name in Hive. */
const ICEBERG_IN_HIVE: Partial<Record<string, string>> = { long: 'bigint', timestamptz: 'timestamp' }

export function wantedViews(
  { catalog: { lake, version, tables } }: LakeVersion,
  views: readonly PortableView[],
  { database, view_catalog: catalog }: { database: string; view_catalog: string },
): Wanted[] {
  return readableViews(views, tables).flatMap((view) => {
    const made = prestoView(view, { catalog, schema: database })
    if (!made) return []
    const { text, columns } = made
    return [
      {
        kind: 'view' as const,
        name: view.name,
        input: {
          Name: view.name,
          Description: comment(view.doc),
          TableType: 'VIRTUAL_VIEW',
          Parameters: {
            presto_view: 'true',
            comment: 'Presto View',
            [OWNER]: lake,
            [WRITTEN]: hashOf(text),
            [NUMBER]: String(version),
          },
          ViewOriginalText: text,
          ViewExpandedText: '/* Presto View */',
          StorageDescriptor: {
            Location: '',
            Columns: columns.map(({ name, type, doc }) => ({
              Name: name,
              Type: type,
              Comment: comment(doc),
            })),
          },
        },
      },
    ]
  })
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A comment without line breaks, which Glue does not allow. */
function comment(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= LONGEST_COMMENT ? line : `${line.slice(0, LONGEST_COMMENT - 1)}…`
}
