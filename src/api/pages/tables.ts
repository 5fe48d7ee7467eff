import type { TableDefinition } from '../../lake/table.ts'
import { type LakeVersion, rowsIn } from '../../lake/version.ts'
import { columnsOfAll, type ViewColumn } from '../../query/described.ts'
import { AUDITED } from '../../query/rows-of.ts'
import { type View, viewName } from '../../query/view.ts'
import type { Context, Services } from '../context.ts'
import type { Answer } from '../contract.ts'
import { seesEveryRow } from '../rights.ts'

interface Described {
  name: string
  title: string
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
      return views.map((view, at) => ({ ...namedView(view), columns: columns[at] ?? [] }))
    })()
  known.set(queryEngine, found)
  found.catch(() => known.delete(queryEngine))
  return found
}

function namedView(view: View): Omit<Described, 'columns'> {
  const doc = [view.title, view.doc].filter((text) => text !== '').join('. ')
  return { name: viewName(view), title: view.title, doc }
}

const UNTOLD = { rows: null, files: null, bytes: null }

async function sizesOf(version: LakeVersion, { name }: TableDefinition) {
  const files = (await (await version.table(name))?.files()) ?? []
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return { rows: rowsIn(files), files: files.length, bytes }
}

/** The tables and views that SQL can name. A table of which the reader sees no row is left out. */
export async function tablesOf(
  { name: only, brief }: { name?: string | undefined; brief: boolean },
  context: Context,
): Promise<Answer> {
  const { lake, version, reader, queryEngine, logTypes } = context
  const logs = new Set(logTypes.map((type) => type.name))
  const audits = reader.role === 'auditor'
  const everything = seesEveryRow(reader)
  const tables = await Promise.all(
    [...lake.tables.values()]
      .filter(({ name }) => !audits || AUDITED.has(name))
      .map(async (table) => ({
        name: table.name,
        kind: 'table',
        title: null,
        doc: table.doc,
        logs: logs.has(table.name),
        ...(everything ? await sizesOf(version, table) : UNTOLD),
        columns: brief ? [] : table.columns.map(({ name, type, doc }) => ({ name, type, doc })),
      })),
  )
  const views = audits
    ? []
    : brief
      ? context.views.map((view) => ({ ...namedView(view), columns: [] }))
      : await viewsDescribed(context)
  const functions = brief ? [] : (await queryEngine.names()).functions
  return {
    kind: 'json',
    value: {
      version: version.number,
      tables: [...tables, ...views.map((view) => ({ ...view, kind: 'view', logs: false, ...UNTOLD }))].filter(
        ({ name }) => only === undefined || name === only,
      ),
      functions: [...new Set(functions)],
    },
  }
}
