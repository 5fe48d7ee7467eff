import { createHmac } from 'node:crypto'
import type { TableDefinition } from '../lake/table.ts'
import type { Policy } from '../scan/index.ts'
import type { RowKey } from './contract.ts'
import { keyNamer, type Row } from './redact.ts'
import { secondsOf } from './rows.ts'

/**
 * Names rows by all columns of their table's key: GuardDuty sends a finding again under its id when it has
 * changed, at another time. Rows of a table without a key are named by a hash of all that they hold.
 */
export function rowKeys(table: TableDefinition, policy: Policy): (row: Row) => RowKey {
  const namesOf = keyNamer(table, policy)
  const { time = 'lake_ingested_at' } = table
  return (row) => {
    const names = namesOf(row)
    const [id = hashOf(row, policy)] = names
    return {
      id,
      name: [id, ...names.slice(1)].join('/'),
      time: secondsOf(row[time]) ?? secondsOf(row.lake_ingested_at) ?? 0,
    }
  }
}

/** Keyed, since what is masked in the row could be guessed from a plain one. */
function hashOf(row: Row, { key }: Policy): string {
  return createHmac('sha256', key).update(JSON.stringify(row)).digest('hex').slice(0, 32)
}
