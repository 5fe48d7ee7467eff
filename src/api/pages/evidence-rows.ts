import type { EvidenceRow } from '../../review/digest.ts'
import type { Context } from '../context.ts'
import type { Show } from '../mask.ts'
import { shownRow } from '../mask-rows.ts'

/** Text that people wrote to models and terminals is masked; all else is unchanged. */
export function maskedRow({ lake }: Pick<Context, 'lake'>, row: EvidenceRow, show: Show): EvidenceRow {
  const table = lake.tables.get(row.table)
  if (!table) return row
  return { ...row, json: JSON.stringify(shownRow(table, JSON.parse(row.json), show)) }
}
