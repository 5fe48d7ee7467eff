import { proseOf } from '../../src/claims/prose.ts'
import type { Cited } from '../../src/claims/support.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { namedQueries } from '../../src/query/named.ts'
import { lakeTables } from '../../src/tables/index.ts'

/** Words of prose by what loglake says of its own tables and queries. */
export const isProse = proseOf(
  lakeTables.map((table) => ({
    ...{ name: table.name, kind: 'table', doc: table.doc },
    columns: table.columns.map(({ name, type, doc }) => ({ name, type, doc })),
  })),
  namedQueries(logTypes).map(({ title, doc, names }) => ({
    ...{ title, doc },
    parameters: [...names.values()].map((text) => ({ doc: text })),
  })),
)

/** Rows that a sentence cites, all of them: by name, the types of their columns. */
export function cited(columns: Record<string, string>, rows: unknown[][]): Cited {
  return {
    ...{ id: 'r1', rows, isCut: false, limits: [], about: '', isOrdered: true },
    columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
    chosen: [...rows.keys()],
  }
}
