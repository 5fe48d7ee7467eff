/**
 * Rows as they may leave, before a shape sees them. Of a route over a view, the view's columns are computed
 * of the masked row, so that no expression of a view can bring back what was masked; what it computes is
 * scanned once more.
 */
import type { TableColumn, TableColumnType, TableDefinition } from '../lake/table.ts'
import { sql } from '../lib/sql.ts'
import { ROW } from '../query/row-views/columns.ts'
import type { RowView } from '../query/row-views/row-view.ts'
import type { Policy } from '../scan/index.ts'
import { openLocked } from './condition.ts'
import type { RowKey } from './contract.ts'
import { type Masking, type Row, redactor, type Scan } from './redact.ts'
import type { Route } from './routes.ts'
import { field } from './row-fields.ts'
import { rowKeys } from './row-key.ts'
import { columnsIn, rowsText, structureOf } from './rows-in.ts'

/** A row of the lake as it may leave; without `row`, the policy keeps it back. */
export interface Masked {
  key: RowKey
  row: Row | undefined
  maskings: readonly Masking[]
}

export interface OpenMasking {
  /** One for each row, in order. */
  mask(rows: readonly Row[]): Promise<Masked[]>
  close(): void
}

export async function openMasking({ table, view, policy }: Route, scan?: Scan): Promise<OpenMasking> {
  const redact = redactor(table, policy, scan, view?.needed)
  const keyOf = rowKeys(table, policy)
  const maskAll = (rows: readonly Row[]) => rows.map((row) => ({ key: keyOf(row), ...redact(row) }))
  if (!view) return { mask: async (rows) => maskAll(rows), close: () => undefined }
  const { definition, unchanged } = view
  const computed = await openComputed(view)
  const redactView = redactor(scannedAgain(view), againOf(policy), scan)
  return {
    async mask(rows) {
      const masked = maskAll(rows)
      const made = await computed.rows(masked.flatMap(({ row }) => (row ? [row] : [])))
      let at = 0
      return masked.map(({ key, row, maskings }) => {
        if (!row) return { key, row, maskings }
        const again = redactView(made[at++] as Row)
        if (!again.row) return { key, row: undefined, maskings: [...maskings, ...again.maskings] }
        const kept: Row = {}
        for (const { name, type } of definition.columns) {
          const of = unchanged.get(name)
          const value = of === undefined ? again.row[name] : row[of]
          if (value !== undefined && !(isNumeric(type) && isPlaceholder(value))) kept[name] = value
        }
        return { key, row: kept, maskings: [...maskings, ...again.maskings] }
      })
    },
    close: () => computed.close(),
  }
}

interface Computed {
  /** The columns that the view computes, of each row, in order. */
  rows(rows: readonly Row[]): Promise<Row[]>
  close(): void
}

/** Computes a view's columns in an engine that reads nothing else. */
async function openComputed(view: RowView): Promise<Computed> {
  const { table } = view
  const columns = computedOf(view)
  // Columns of the table, unchanged, are as they were masked.
  if (columns.length === 0) return { rows: async (rows) => rows.map(() => ({})), close: () => undefined }
  const engine = await openLocked(table, (opened) => view.prepare(opened))
  const given = { columns: table.columns.filter(({ name }) => view.read.has(name)) }
  const read = given.columns.length === 0 ? table : given
  const names = new Set(read.columns.map(({ name }) => name))
  const statement = sql(new URL('./sql/view.sql', import.meta.url), {
    at: ROW,
    structure: structureOf(read),
    row: columnsIn(table, names),
    view: view.valuesOf('added'),
    fields: columns.map(field).join(',\n  '),
  })
  return {
    async rows(rows) {
      if (rows.length === 0) return []
      const made = await engine.rows(statement, [rowsText(rows, read)])
      if (made.length !== rows.length) throw new Error(`the view made ${made.length} rows of ${rows.length}`)
      return made.map(([json]) => JSON.parse(String(json)) as Row)
    },
    close: () => engine.close(),
  }
}

function computedOf({ definition, unchanged }: RowView): readonly TableColumn[] {
  return definition.columns.filter(({ name }) => !unchanged.has(name))
}

/** The columns that a view computes as they are scanned: a text that is computed may be anything. */
function scannedAgain(view: RowView): TableDefinition {
  const columns = computedOf(view).map(({ name, type, doc }): TableColumn => {
    if (['boolean', 'date', 'timestamptz'].includes(type)) return { name, type, doc, holds: 'plain' }
    return { name, type, doc, holds: 'outside', text: 'user' }
  })
  return { ...view.definition, columns }
}

/**
 * What `metadata` leaves of a row has no text of people in it any more: what is computed of that is scanned.
 */
function againOf(policy: Policy): Policy {
  return policy.name === 'metadata' ? { ...policy, name: 'masked' } : policy
}

/** A number that was masked has no placeholder: a shape expects a number. */
function isNumeric(type: TableColumnType): boolean {
  return type === 'long' || type === 'double'
}

function isPlaceholder(value: Row[string] | undefined): boolean {
  return typeof value === 'string' && value.includes('[')
}
