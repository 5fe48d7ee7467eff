import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { UserError } from '../../lib/errors.ts'
import type { WrittenRow } from './fixtures.ts'

/**
 * Compares the rows that a file expects with the actual ones, a line for each difference with the file's line
 * number. Rows are matched by the columns of `key`.
 *
 * @param source the file's text
 */
export function differences(
  file: string,
  source: string,
  found: readonly WrittenRow[],
  key: readonly string[],
): string[] {
  const lines = new LineCounter()
  // JSON is valid YAML, and this parser reports line numbers.
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const lineOf = (node: unknown) => lines.linePos((node as Node | undefined)?.range?.[0] ?? 0).line
  const [broken] = document.errors
  if (broken || !isSeq(document.contents))
    throw new UserError(`${file}:${lines.linePos(broken?.pos[0] ?? 0).line}: a JSON array of rows is wanted`)
  const nodes = document.contents.items
  const expected = document.toJS() as WrittenRow[]
  const rest = [...found]
  const told: string[] = []
  for (const [index, row] of expected.entries()) {
    const node = nodes[index]
    const at = matchOf(row, rest, key)
    const [other] = at < 0 ? [] : rest.splice(at, 1)
    if (!other) {
      told.push(`${file}:${lineOf(node)}: no such row came out: ${nameOf(row, key)}`)
      continue
    }
    for (const column of new Set([...Object.keys(row), ...Object.keys(other)])) {
      if (row[column] === other[column]) continue
      const pair = isMap(node) ? node.items.find((item) => String(item.key) === column) : undefined
      const line = lineOf(pair?.key ?? node)
      told.push(
        `${file}:${line}: ${nameOf(row, key)}: ${column}`,
        `    expected  ${shown(row[column])}`,
        `    came out  ${shown(other[column])}`,
      )
    }
  }
  for (const row of rest) told.push(`${file}: a row more than expected: ${nameOf(row, key)}`)
  return told
}

/** An equal row, else the first with the same key. */
function matchOf(row: WrittenRow, rows: readonly WrittenRow[], key: readonly string[]): number {
  const same = rows.findIndex((other) => canonical(other) === canonical(row))
  if (same >= 0) return same
  return rows.findIndex((other) => key.every((column) => row[column] === other[column]))
}

function canonical(row: WrittenRow): string {
  return JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)))
}

function nameOf(row: WrittenRow, key: readonly string[]): string {
  return `row ${key.map((column) => `${column}=${shown(row[column])}`).join(' ')}`
}

function shown(value: WrittenRow[string] | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}
