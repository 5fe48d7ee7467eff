import { expect } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/json/values.ts'
import type { FlattenedType } from '../../src/logtypes/contract.ts'
import { meaningOf, rebuild } from '../../src/logtypes/rebuild.ts'
import { canonical, exact } from './delivered.ts'
import type { Stored } from './stored.ts'

/** Every record that was not rejected is a row, which says all that the record says. */
export function expectNothingLost(
  type: FlattenedType,
  delivered: JsonValue[] | undefined,
  { rows, rejects, ledger }: Stored,
): void {
  if (delivered === undefined || ledger.outcome !== 'stored') return
  const rejected = new Set(rejects.map(({ position }) => position))
  const isEmpty = (record: JsonValue) => Array.isArray(record) && record.length === 0
  const kept = delivered.filter(
    (record, position) => !rejected.has(position) && !isEmpty(record),
  ) as JsonObject[]
  expect(kept.length).toBe(ledger.stored + ledger.repeated)
  const wanted = new Set(kept.map((record) => canonical(meaningOf(record, type.shape))))
  const rebuilt = new Set(rows.map((row) => canonical(meaningOf(rebuild(row, type, exact), type.shape))))
  expect([...rebuilt].sort()).toEqual([...wanted].sort())
}
