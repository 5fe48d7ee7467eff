/**
 * Rows as they may leave, before a shape sees them. Of a route over a view, the view's columns are computed of
 * the masked row, so that no expression of a view can bring back what was masked; what it computes is scanned
 * once more.
 */
import type { TableColumn, TableDefinition } from '../lake/table.ts'
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
        return {
          key,
          row: again.row && withoutTexts(again.row, view.definition),
          maskings: [...maskings, ...again.maskings],
        }
      })
    },
    close: () => computed.close(),
  }
}

interface Computed {
  /** The view's columns of each row, in order. */
  rows(rows: readonly Row[]): Promise<Row[]>
  close(): void
}

/** Computes a view's columns in an engine that reads nothing else. */
async function openComputed(view: RowView): Promise<Computed> {
  const { table, definition } = view
  const engine = await openLocked(table, (opened) => view.prepare(opened))
  const statement = sql(new URL('./sql/view.sql', import.meta.url), {
    at: ROW,
    structure: structureOf(table),
    row: columnsIn(table),
    view: view.valuesOf('added'),
    fields: definition.columns.map(field).join(',\n  '),
  })
  return {
    async rows(rows) {
      if (rows.length === 0) return []
      const made = await engine.rows(statement, [rowsText(rows, table)])
      if (made.length !== rows.length) throw new Error(`the view made ${made.length} rows of ${rows.length}`)
      return made.map(([json]) => JSON.parse(String(json)) as Row)
    },
    close: () => engine.close(),
  }
}

/**
 * The view's columns as they are scanned: those that are the table's are masked already, and a text that is
 * computed may be anything.
 */
function scannedAgain({ definition, unchanged }: RowView): TableDefinition {
  const columns = definition.columns.map((column): TableColumn => {
    const { name, type, doc } = column
    if (unchanged.has(name) || ['boolean', 'date', 'timestamptz'].includes(type))
      return { name, type, doc, holds: 'plain' }
    return { name, type, doc, holds: 'outside', text: 'user' }
  })
  return { ...definition, columns }
}

/** What `metadata` leaves of a row has no text of people in it any more: what is computed of that is scanned. */
function againOf(policy: Policy): Policy {
  return policy.name === 'metadata' ? { ...policy, name: 'masked' } : policy
}

/** A number that was masked has no placeholder: a shape expects a number. */
function withoutTexts(row: Row, { columns }: TableDefinition): Row {
  const kept = { ...row }
  for (const { name, type } of columns)
    if ((type === 'long' || type === 'double') && isPlaceholder(kept[name])) delete kept[name]
  return kept
}

function isPlaceholder(value: Row[string] | undefined): boolean {
  return typeof value === 'string' && value.includes('[')
}
