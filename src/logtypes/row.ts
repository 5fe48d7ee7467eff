import type { Column, Row } from './contract.ts'

/**
 * Makes one row of several parts. It is filled into a copy of an empty one with all columns: adding so many fields one by
 * one, or spreading them into one literal, costs V8 many times as much.
 */
export function rowMaker(columns: readonly Column[]): (...parts: readonly Row[]) => Row {
  const names = [...columns.map(({ name }) => name), 'unmapped']
  // Read from JSON, it is an object that V8 copies at once.
  const empty = JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join(',')}}`) as Row
  return (...parts) => Object.assign({ ...empty }, ...parts) as Row
}
