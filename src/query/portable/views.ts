/** The views of a lake for other engines: in the Iceberg REST catalog, and as Presto views in Glue. */
import { createHash } from 'node:crypto'
import type { TableDefinition } from '../../lake/table.ts'
import { openEngine } from '../../lib/duckdb.ts'
import { columnsOfAll, type ViewColumn } from '../described.ts'
import { type View, viewName } from '../view.ts'
import { askedTables } from '../view-engine.ts'
import { DIALECTS, type Dialect, portableSql } from './statement.ts'
import { hiveType, icebergType, readType, sparkType, trinoType } from './types.ts'

export interface PortableView {
  /** `session`; a view in a schema is prefixed with it: `athena_cloudtrail_logs`. */
  name: string
  doc: string
  columns: readonly ViewColumn[]
  /** The tables that it asks, directly or through other views. */
  tables: readonly string[]
  /** By dialect, one SELECT whose columns have the types in `columns`. */
  sql: Readonly<Partial<Record<Dialect, string>>>
}

/** The name of a view in a catalog with one namespace. */
export function portableName(view: Pick<View, 'schema' | 'name'>): string {
  return viewName(view).replace('.', '_')
}

/** The views that another engine can read; a view that asks an unreadable one is excluded. */
export async function portableViews(
  views: readonly View[],
  tables: readonly TableDefinition[],
): Promise<PortableView[]> {
  const columns = await columnsOfAll(views, tables, views)
  const engine = await openEngine({ threads: 1 })
  try {
    const asks = new Map<string, ReadonlySet<string>>()
    for (const view of views) asks.set(viewName(view), await askedTables(engine, view))
    const known = new Set(views.map(viewName))
    const able = (view: View, dialect: Dialect): boolean =>
      sqlOf(view, dialect) !== undefined &&
      [...(asks.get(viewName(view)) ?? [])]
        .filter((name) => known.has(name))
        .every((name) => views.some((other) => viewName(other) === name && able(other, dialect)))
    const tablesOf = (name: string): string[] => [
      ...new Set(
        [...(asks.get(name) ?? [])].flatMap((other) => (known.has(other) ? tablesOf(other) : [other])),
      ),
    ]
    return views.flatMap((view, at) => {
      const own = columns[at] ?? []
      const sql = Object.fromEntries(
        DIALECTS.filter((dialect) => able(view, dialect)).map((dialect) => [
          dialect,
          typed(sqlOf(view, dialect) as string, own, dialect),
        ]),
      )
      if (Object.keys(sql).length === 0) return []
      const doc = [view.title, view.doc].filter((text) => text !== '').join('. ')
      const asked = tablesOf(viewName(view))
      return [{ name: portableName(view), doc, columns: own, tables: asked, sql }]
    })
  } finally {
    engine.close()
  }
}

function sqlOf({ file, portable }: View, dialect: Dialect): string | undefined {
  return portable ?? portableSql(file, dialect)
}

/** Casts each column, because engines compare a view with the types that were stored with it. */
function typed(sql: string, columns: readonly ViewColumn[], dialect: Dialect): string {
  const quote = dialect === 'trino' ? '"' : '`'
  const typeOf = dialect === 'trino' ? trinoType : sparkType
  const casts = columns.map(({ name, type }) => {
    const quoted = `${quote}${name}${quote}`
    return `CAST(${quoted} AS ${typeOf(readType(type))}) AS ${quoted}`
  })
  return `SELECT\n  ${casts.join(',\n  ')}\nFROM (\n${sql.trim()}\n) AS answer`
}

/**
 * The metadata of an Iceberg view, version 1. https://iceberg.apache.org/view-spec/
 *
 * @param at the `catalog` and `namespace` in which the names in its SQL are resolved
 */
export function viewMetadata(
  { name, doc, columns, sql }: PortableView,
  at: { catalog: string; namespace: string; location: string },
): object {
  let id = columns.length
  const nextId = () => {
    id += 1
    return id
  }
  const fields = columns.map((column, place) => ({
    id: place + 1,
    name: column.name,
    required: false,
    type: icebergType(readType(column.type), nextId),
    ...(column.doc === '' ? {} : { doc: column.doc }),
  }))
  return {
    'view-uuid': uuidOf(`${at.location} ${name}`),
    'format-version': 1,
    location: at.location,
    'current-version-id': 1,
    versions: [
      {
        'version-id': 1,
        'timestamp-ms': 0,
        'schema-id': 0,
        summary: { 'engine-name': 'loglake' },
        representations: Object.entries(sql).map(([dialect, text]) => ({ type: 'sql', sql: text, dialect })),
        'default-catalog': at.catalog,
        'default-namespace': [at.namespace],
      },
    ],
    'version-log': [{ 'version-id': 1, 'timestamp-ms': 0 }],
    schemas: [{ type: 'struct', 'schema-id': 0, fields }],
    properties: doc === '' ? {} : { comment: doc },
  }
}

/**
 * A view as Athena and Trino store it in Glue: the text of the table; undefined when it has no SQL in their
 * dialect.
 */
export function prestoView(
  { doc, columns, sql }: PortableView,
  { catalog, schema }: { catalog: string; schema: string },
): { text: string; columns: { name: string; type: string; doc: string }[] } | undefined {
  if (sql.trino === undefined) return undefined
  const view = {
    originalSql: sql.trino,
    catalog,
    schema,
    columns: columns.map(({ name, type }) => ({ name, type: trinoType(readType(type)) })),
    ...(doc === '' ? {} : { comment: doc }),
    runAsInvoker: true,
  }
  return {
    text: `/* Presto View: ${Buffer.from(JSON.stringify(view)).toString('base64')} */`,
    columns: columns.map(({ name, type, doc: said }) => ({
      name,
      type: hiveType(readType(type)),
      doc: said,
    })),
  }
}

/** A UUID derived from a name: the same name gives the same one, in the form of a random UUID. */
function uuidOf(name: string): string {
  const digits = createHash('sha256').update(name).digest('hex')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`
}

/** The views whose tables all exist: an engine would report the others as broken. */
export function readableViews(
  views: readonly PortableView[],
  tables: Readonly<Record<string, unknown>>,
): PortableView[] {
  return views.filter(({ tables: asked }) => asked.every((name) => Object.hasOwn(tables, name)))
}
