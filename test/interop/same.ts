import { expect } from 'vitest'
import type { Values } from '../../src/lib/duckdb.ts'
import type { Desk } from '../../src/query/question.ts'

/** A row as texts that two engines write alike. */
export type Row = string[]

/** What our own engine says, each value as JSON has it. */
export async function ownRows(desk: Desk, sql: string, values?: Values): Promise<Row[]> {
  const asked = `select to_json(answer)::varchar from (\n${sql}\n) as answer`
  const answer = await desk.ask(asked, values ? { values } : {})
  try {
    const rows: Row[] = []
    for await (const [text] of answer.rows()) rows.push(Object.values(JSON.parse(String(text))).map(written))
    return rows
  } finally {
    answer.close()
  }
}

const MOMENT = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(?: UTC|Z|\+00)?$/
const NUMBER = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i
const SPAN = /^(?:(\d+)(?: days?)? )?(\d\d:\d\d:\d\d)(?:\.0+)?$/

/**
 * A value in one form: moments with as many digits as they need; numbers to six digits, since sums of fractions depend on their order;
 * JSON with its keys in order.
 */
export function written(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const [, day, time, part = ''] = MOMENT.exec(text) ?? []
  if (day !== undefined) return `${day} ${time}${cut(part)}`
  const [, days = '0', span] = SPAN.exec(text) ?? []
  if (span !== undefined) return `${days} ${span}`
  if (NUMBER.test(text)) return Number.isSafeInteger(Number(text)) ? String(Number(text)) : rounded(text)
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

function rounded(text: string): string {
  return /^-?\d+$/.test(text) ? text : String(Number(Number(text).toPrecision(5)))
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]))
}

/** The same rows, in any order. */
export function alike(what: string, own: readonly Row[], theirs: readonly Row[]): void {
  const lines = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort()
  const [mine, other] = [lines(own), lines(theirs)]
  const [here, there] = [new Set(mine), new Set(other)]
  expect(
    {
      what,
      rows: other.length,
      onlyHere: mine.filter((line) => !there.has(line)).slice(0, 2),
      onlyThere: other.filter((line) => !here.has(line)).slice(0, 2),
    },
    what,
  ).toEqual({ what, rows: mine.length, onlyHere: [], onlyThere: [] })
}
