import type { TableDefinition } from '../lake/table.ts'
import { openEngine } from '../lib/duckdb.ts'
import { identifier } from '../lib/sql.ts'
import { type View, viewName } from './view.ts'
import { askedTables, createViews } from './view-engine.ts'

/**
 * A column of a view: its type as DuckDB infers it, its sentence from the view's file or from the table that
 * it comes from.
 */
export interface ViewColumn {
  name: string
  type: string
  doc: string
}

/** The columns of a view, in order. */
export async function columnsOf(
  view: View,
  tables: readonly TableDefinition[],
  views: readonly View[],
): Promise<ViewColumn[]> {
  const [columns = []] = await columnsOfAll([view], tables, views)
  return columns
}

/** The columns of several views, in their order, read in one engine. */
export async function columnsOfAll(
  wanted: readonly View[],
  tables: readonly TableDefinition[],
  views: readonly View[],
): Promise<ViewColumn[][]> {
  const engine = await openEngine({ threads: 1 })
  try {
    await createViews(engine, tables, views)
    const all: ViewColumn[][] = []
    for (const view of wanted) {
      const described = await engine.rows(`describe ${identifier(view.schema)}.${identifier(view.name)}`)
      const docs = new Map<string, string>()
      await gatherDocs(view, docs)
      all.push(
        described.map(([name, type]) => ({
          name: String(name),
          type: shortType(String(type)),
          doc: docs.get(String(name)) ?? '',
        })),
      )
    }
    return all
  } finally {
    engine.close()
  }

  /** The view's own descriptions come first, then those of the tables and views that it asks, in order. */
  async function gatherDocs(from: View, docs: Map<string, string>): Promise<void> {
    for (const [name, doc] of from.names) if (!docs.has(name)) docs.set(name, doc)
    for (const needed of await askedTables(engine, from)) {
      const inner = views.find((other) => viewName(other) === needed)
      if (inner) await gatherDocs(inner, docs)
      for (const { name, doc } of tables.find((table) => table.name === needed)?.columns ?? [])
        if (!docs.has(name)) docs.set(name, doc)
    }
  }
}

function shortType(type: string): string {
  return type.replaceAll('TIMESTAMP WITH TIME ZONE', 'timestamptz').toLowerCase()
}
