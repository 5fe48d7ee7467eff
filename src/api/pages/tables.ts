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

const known = new WeakMap<Services['desk'], Promise<Described[]>>()

/** Views with their columns, worked out once: DuckDB must infer their types. */
function viewsDescribed({ desk, views, lake }: Context): Promise<Described[]> {
  const found =
    known.get(desk) ??
    (async () => {
      const tables = [...lake.tables.values()]
      const columns = await columnsOfAll(views, tables, views)
      return views.map((view, at) => ({
        name: viewName(view),
        doc: [view.title, view.doc].filter((text) => text !== '').join('. '),
        columns: columns[at] ?? [],
      }))
    })()
  known.set(desk, found)
  found.catch(() => known.delete(desk))
  return found
}

/** What SQL can name. A reader who sees no row of a table is not told of it. */
export async function tablesOf(
  { name: only }: { name?: string | undefined },
  context: Context,
): Promise<Answer> {
  const { lake, version, reader, desk } = context
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
          rows: everything ? files.reduce((sum, { records }) => sum + records, 0) : null,
          columns: columns.map((column) => ({ name: column.name, type: column.type, doc: column.doc })),
        }
      }),
  )
  const views = audits ? [] : await viewsDescribed(context)
  const { functions } = await desk.names()
  return {
    kind: 'json',
    value: {
      version: version.number,
      tables: [...tables, ...views.map((view) => ({ ...view, kind: 'view', rows: null }))].filter(
        ({ name }) => only === undefined || name === only,
      ),
      functions: [...new Set(functions)],
    },
  }
}
