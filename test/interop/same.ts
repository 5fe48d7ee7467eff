import { expect } from 'vitest'
import type { Values } from '../../src/lib/duckdb.ts'
import type { QueryEngine } from '../../src/query/question.ts'

/** A row as texts that two engines write alike. */
export type Row = string[]

/** What our own engine says, each value as JSON has it. */
export async function ownRows(queryEngine: QueryEngine, sql: string, values?: Values): Promise<Row[]> {
  const asked = `select to_json(answer)::varchar from (\n${sql}\n) as answer`
  const answer = await queryEngine.ask(asked, values ? { values } : {})
  try {
    const rows: Row[] = []
    for await (const [text] of answer.rows()) rows.push(Object.values(JSON.parse(String(text))).map(written))
    return rows
  } finally {
    answer.close()
  }
}

const TIMESTAMP = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(?: UTC|Z|\+00)?$/
const NUMBER = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i
const SPAN = /^(?:(\d+)(?: days?)? )?(\d\d:\d\d:\d\d)(?:\.0+)?$/

/** A value in one form: moments with as many digits as they need, numbers without zeros at their end, JSON with its keys in order. */
export function written(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const [, day, time, part = ''] = TIMESTAMP.exec(text) ?? []
  if (day !== undefined) return `${day} ${time}${cut(part)}`
  const [, days = '0', span] = SPAN.exec(text) ?? []
  if (span !== undefined) return `${days} ${span}`
  if (NUMBER.test(text)) return /^-?\d{16,}$/.test(text) ? text : String(Number(text))
  if (!/^[[{"]/.test(text)) return text
  try {
    // A text of JSON is one value to who parses it, and another with its quotes.
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'string' ? written(parsed) : JSON.stringify(ordered(parsed))
  } catch {
    return text
  }
}

/** A fraction of a second as short as it can be. */
function cut(part: string): string {
  return part.replace(/\.?0+$/, '')
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]))
}

/**
 * The same rows, each as often, in any order. A sum of fractions depends on its order: numbers may differ in their tenth digit, and those
 * that a view rounds in a unit of the sixth place.
 */
export function alike(what: string, own: readonly Row[], theirs: readonly Row[]): void {
  const there = new Map<string, Row[]>()
  for (const row of theirs) there.set(JSON.stringify(row), [...(there.get(JSON.stringify(row)) ?? []), row])
  const onlyHere = own.filter((row) => there.get(JSON.stringify(row))?.pop() === undefined)
  const onlyThere = [...there.values()].flat()
  const missed = onlyHere.filter((row) => {
    const at = onlyThere.findIndex((other) => isClose(row, other))
    if (at >= 0) onlyThere.splice(at, 1)
    return at < 0
  })
  const shown = (rows: readonly Row[]) => rows.slice(0, 2).map((row) => JSON.stringify(row))
  expect({ what, rows: theirs.length, onlyHere: shown(missed), onlyThere: shown(onlyThere) }, what).toEqual({
    ...{ what, rows: own.length, onlyHere: [], onlyThere: [] },
  })
}

function isClose(row: Row, other: Row): boolean {
  return row.every((cell, at) => {
    const beside = other[at] as string
    if (cell === beside) return true
    const [one, two] = [Number(cell), Number(beside)]
    return isFraction(cell, beside) && Math.abs(one - two) <= Math.max(1e-9 * Math.abs(one), 1.01e-6)
  })
}

function isFraction(one: string, other: string): boolean {
  return NUMBER.test(one) && NUMBER.test(other) && /[.e]/i.test(one + other)
}
