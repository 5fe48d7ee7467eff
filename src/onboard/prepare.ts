import { createHash } from 'node:crypto'
import type { Context } from '../envelopes/contract.ts'
import { safeJson, wellFormed } from '../json/halves.ts'
import { timeOfMillis } from '../json/time.ts'
import { isPlainName } from '../json/words.ts'
import type { Prepared, Row } from '../logtypes/contract.ts'
import type { DefinedColumn, Definition, Way } from './definition.ts'
import { type Held, holderOf } from './hold.ts'
import { isObjectAt, scan, space } from './scan.ts'

/** A known field: the columns that it fills, and its known subfields. */
interface Node {
  fills: Fill[]
  below: Map<string, Node>
}

interface Fill {
  name: string
  hold(text: string): Held
}

/**
 * Makes rows of a log type's records by the paths of its columns. A value that its column cannot hold exactly
 * goes to `unmapped` as delivered, and the column holds the converted value, or null.
 */
export function preparer(definition: Definition): (record: string, context: Context) => Prepared {
  const root: Node = { fills: [], below: new Map() }
  for (const column of definition.columns) if (column.path) plant(root, column.path, column)
  // A field that is not stored must not appear in `unmapped` either.
  for (const { path, store } of definition.sensitive) if (store === 'nothing') plant(root, path)
  const told = definition.columns.flatMap(({ name, from }) => (from ? [{ name, from }] : []))
  const { time, id, idOf } = definition
  const timeField = definition.columns.find(({ name }) => name === time)?.path?.join('.') ?? time

  return (record, context) => {
    const row: Row = {}
    for (const { name, from } of told) row[name] = TOLD[from](context)
    const unmapped: Leftover[] = []
    const refused = walk(record, space(record, 0), root, row, unmapped)
    if (refused !== undefined) return { kind: 'rejected', reason: refused }
    if (typeof row[time] !== 'string') {
      return {
        kind: 'rejected',
        reason: `the field ${timeField} is missing, or not a time in the form that its column says`,
      }
    }
    if (idOf !== undefined) {
      const made = idOf === 'record' ? hashOf(record) : hashOfColumns(row, idOf)
      if (made === undefined)
        return {
          kind: 'rejected',
          reason: `none of the fields that its id is made of is there: ${(idOf as string[]).join(', ')}`,
        }
      row[id] = made
    }
    if (unmapped.length > 0) row.unmapped = objectText(unmapped)
    return { kind: 'row', row }
  }
}

type Leftover = [key: string, text: string]

function plant(root: Node, path: readonly string[], column?: DefinedColumn): void {
  let node = root
  for (const field of path) {
    const next = node.below.get(field) ?? { fills: [], below: new Map() }
    node.below.set(field, next)
    node = next
  }
  if (column) node.fills.push({ name: column.name, hold: holderOf(column) })
}

/** Fills the row from an object's members. A text is the reason why the record is refused. */
function walk(record: string, at: number, node: Node, row: Row, leftover: Leftover[]): string | undefined {
  const seen = new Set<string>()
  let refusal: string | undefined
  scan(record, at, (key, start, end) => {
    if (seen.has(key)) refusal ??= `the field ${isPlainName(key) ? key : 'with no plain name'} appears twice`
    seen.add(key)
    const known = node.below.get(key)
    const text = record.slice(start, end)
    if (known === undefined) return void leftover.push([key, safeJson(text)])
    // A null in a known field has no information.
    if (text === 'null') return
    let kept = false
    for (const { name, hold } of known.fills) {
      const { value, exact } = hold(text)
      row[name] = value
      kept ||= exact
    }
    if (known.below.size > 0 && isObjectAt(record, start)) {
      const inner: Leftover[] = []
      const refused = walk(record, start, known, row, inner)
      if (refused !== undefined) refusal ??= `${isPlainName(key) ? key : 'a field'}: ${refused}`
      if (!kept && inner.length > 0) leftover.push([key, objectText(inner)])
    } else if (!kept) leftover.push([key, safeJson(text)])
  })
  return refusal
}

function objectText(entries: readonly Leftover[]): string {
  return `{${entries.map(([key, text]) => `${JSON.stringify(wellFormed(key))}:${text}`).join(',')}}`
}

/** Hashes the redacted record: with a hash of the full one, removed values could be guessed and verified. */
function hashOf(record: string): string {
  return createHash('sha256').update(record).digest('hex').slice(0, 40)
}

function hashOfColumns(row: Row, columns: readonly string[]): string | undefined {
  const values = columns.map((column) => row[column] ?? null)
  if (values.every((value) => value === null)) return undefined
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 40)
}

const TOLD: Record<Way, (context: Context) => string | undefined> = {
  log_group: ({ cloudwatch }) => cloudwatch?.logGroup,
  log_stream: ({ cloudwatch }) => cloudwatch?.logStream,
  log_owner: ({ cloudwatch }) => cloudwatch?.owner,
  log_event_id: ({ cloudwatch }) => cloudwatch?.id,
  log_timestamp: ({ cloudwatch }) => timeOfMillis(cloudwatch?.timestamp ?? Number.NaN),
}
