import { rowsIn } from '../../lake/version.ts'
import { columnsOfAll, type ViewColumn } from '../../query/described.ts'
import { AUDITED } from '../../query/rows-of.ts'
import { viewName } from '../../query/view.ts'
import type { Context, Services } from '../context.ts'
import type { Answer } from '../contract.ts'
import { seesEveryRow } from '../rights.ts'

interface Described {
  name: string
  doc: string
  columns: ViewColumn[]
}

const known = new WeakMap<Services['queryEngine'], Promise<Described[]>>()

/** Views with their columns, worked out once: DuckDB must infer their types. */
function viewsDescribed({ queryEngine, views, lake }: Context): Promise<Described[]> {
  const found =
    known.get(queryEngine) ??
    (async () => {
      const tables = [...lake.tables.values()]
      const columns = await columnsOfAll(views, tables, views)
      return views.map((view, at) => ({
        name: viewName(view),
        doc: [view.title, view.doc].filter((text) => text !== '').join('. '),
        columns: columns[at] ?? [],
      }))
    })()
  known.set(queryEngine, found)
  found.catch(() => known.delete(queryEngine))
  return found
}

/** The tables and views that SQL can name. A table of which the reader sees no row is left out. */
export async function tablesOf(
  { name: only }: { name?: string | undefined },
  context: Context,
): Promise<Answer> {
  const { lake, version, reader, queryEngine, logTypes } = context
  const logs = new Set(logTypes.map((type) => type.name))
  const audits = reader.role === 'auditor'
  const everything = seesEveryRow(reader)
  const tables = await Promise.all(
    [...lake.tables.values()]
      .filter(({ name }) => !audits || AUDITED.has(name))
      .map(async ({ name, doc, columns }) => {
        const files = everything ? ((await (await version.table(name))?.files()) ?? []) : []
        return {
          name,
          kind: 'table',
          doc,
          logs: logs.has(name),
          rows: everything ? rowsIn(files) : null,
          columns: columns.map((column) => ({ name: column.name, type: column.type, doc: column.doc })),
        }
      }),
  )
  const views = audits ? [] : await viewsDescribed(context)
  const { functions } = await queryEngine.names()
  return {
    kind: 'json',
    value: {
      version: version.number,
      tables: [
        ...tables,
        ...views.map((view) => ({ ...view, kind: 'view', logs: false, rows: null })),
      ].filter(({ name }) => only === undefined || name === only),
      functions: [...new Set(functions)],
    },
  }
}
