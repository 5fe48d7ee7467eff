/**
 * Masks rows before anything else sees them: shapes, templates, errors, dead letters and dry runs are all made of what comes out
 * here. What a column holds says its log type, what is inside text the scanners, and what becomes of it `scan/mask.ts` and `scan/policy.ts`.
 */
import { randomUUID } from 'node:crypto'
import type { TableColumn, TableDefinition } from '../lake/table.ts'
import { kindsOf } from '../logtypes/contract.ts'
import {
  mask,
  type Policy,
  type PolicyName,
  placeholderOf,
  type Redaction,
  scan,
  type TextRole,
  type Treatment,
  treatmentOf,
} from '../scan/index.ts'

/** A row in plain values: times as `2026-01-07T22:16:43Z`, bytes as base64, JSON as text. Null columns are absent. */
export type Row = Record<string, string | number | boolean>

/** What was masked in a row, without the value. */
export interface Masking {
  column: string
  kind: string
  rule: string
  version: string
  spans: number
}

export interface MaskedRow {
  /** Undefined when the policy lets nothing of the row leave. */
  row: Row | undefined
  maskings: readonly Masking[]
}

export type Redactor = (row: Row) => MaskedRow

/** Scanners by themselves, so that a test can put others in their place. */
export type Scan = typeof scan

/** Whole columns are masked by what their log type says of them: this is the version of these words. */
const COLUMN_VERSION = '1'
/** JSON within JSON within JSON: deeper, the whole text is masked. */
const MOST_DEPTH = 6

export function redactor(table: TableDefinition, policy: Policy, find: Scan = scan): Redactor {
  if (policy.name === 'full') return (row) => ({ row, maskings: [] })
  // What tells rows apart is made up by AWS or by loglake; it is sent beside the row in any case.
  const plain = (column: TableColumn): TableColumn =>
    column.holds === undefined && table.key?.includes(column.name) ? { ...column, holds: 'key' } : column
  const columns = table.columns.map((column) => treated(plain(column), policy.name))
  return (row) => {
    const kept: Row = {}
    const maskings: Masking[] = []
    let found = 0
    for (const { name: column, kinds, role, treatment, isBinary, remembered } of columns) {
      const value = row[column]
      if (value === undefined) continue
      if (treatment === 'keep') kept[column] = value
      else if (treatment === 'remove' || (treatment === 'scan' && isBinary)) {
        maskings.push(whole(column, kinds))
      } else if (treatment === 'token') {
        kept[column] = remembered(value, () => ({
          value: tokenOf(kinds, value, policy),
          redactions: [],
        })).value
        maskings.push(whole(column, kinds))
      } else {
        const masked = remembered(value, () => maskValue(value, { role, policy, find }))
        kept[column] = masked.value
        found += masked.redactions.length
        maskings.push(...summed(column, masked.redactions))
      }
    }
    return { row: policy.name === 'drop' && found > 0 ? undefined : kept, maskings }
  }
}

interface Treated {
  name: string
  kinds: readonly string[]
  role: TextRole
  treatment: Treatment
  isBinary: boolean
  /** What is known already of a value: names, programs and parameters come again and again. */
  remembered(value: Row[string], make: () => MaskedValue): MaskedValue
}

/** So many values of a column, and none that is longer. */
const MOST_REMEMBERED = 2_000
const LONGEST_REMEMBERED = 1_000

function memory(): Treated['remembered'] {
  const known = new Map<Row[string], MaskedValue>()
  return (value, make) => {
    if (typeof value === 'string' && value.length > LONGEST_REMEMBERED) return make()
    const found = known.get(value) ?? make()
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(value, found)
    return found
  }
}

function tokenOf(kinds: readonly string[], value: Row[string], policy: Policy): string {
  return placeholderOf((kinds[0] ?? 'value').toUpperCase(), String(value), policy)
}

function treated(column: TableColumn, policy: PolicyName): Treated {
  const kinds = kindsOf(column as Parameters<typeof kindsOf>[0])
  const text = column.text as TextRole | undefined
  return {
    name: column.name,
    kinds,
    // What models were asked and what outsiders wrote may be anything: the role with the most scanners.
    role: text ?? 'user',
    treatment: treatmentOf(policy, { kinds, text }),
    isBinary: column.type === 'binary',
    remembered: memory(),
  }
}

function whole(column: string, kinds: readonly string[]): Masking {
  return { column, kind: kinds.join(' ') || 'text', rule: 'column', version: COLUMN_VERSION, spans: 1 }
}

function summed(column: string, redactions: readonly Redaction[]): Masking[] {
  const byRule = new Map<string, Masking>()
  for (const { kind, rule, scanner, version } of redactions) {
    const name = `${scanner}/${rule}`
    const one = byRule.get(name) ?? { column, kind, rule: name, version, spans: 0 }
    one.spans++
    byRule.set(name, one)
  }
  return [...byRule.values()]
}

interface How {
  role: TextRole
  policy: Policy
  find: Scan
}

interface MaskedValue {
  value: string | number | boolean
  redactions: Redaction[]
}

function maskValue(value: string | number | boolean, how: How): MaskedValue {
  if (typeof value === 'boolean') return { value, redactions: [] }
  const { text, redactions } = maskText(String(value), how, 0)
  return redactions.length === 0 ? { value, redactions } : { value: text, redactions }
}

interface MaskedText {
  text: string
  redactions: Redaction[]
}

/** JSON is masked text by text, so that it is JSON afterwards, and no escape hides a value; base64 is looked into. */
function maskText(text: string, how: How, depth: number): MaskedText {
  const inside = jsonIn(text)
  if (inside !== undefined) {
    if (depth === MOST_DEPTH) return tokenFor(text, 'NESTED_JSON', how)
    const redactions: Redaction[] = []
    const masked = maskJson(inside, how, depth + 1, redactions)
    return redactions.length === 0 ? { text, redactions } : { text: exactText(masked), redactions }
  }
  const hidden = base64In(text)
  if (hidden !== undefined && depth < MOST_DEPTH) {
    const { redactions } = maskText(hidden, how, depth + 1)
    if (redactions.length > 0) return { text: placeholderOf('BASE64', text, how.policy), redactions }
  }
  const spans = how.find(text, how.role)
  const masked = mask(text, spans, how.policy)
  return { text: masked.text ?? '', redactions: masked.redactions }
}

function tokenFor(text: string, rule: string, { policy }: How): MaskedText {
  const placeholder = placeholderOf(rule, text, policy)
  const redaction: Redaction = {
    from: 0,
    to: text.length,
    kind: 'secret',
    rule,
    scanner: 'column',
    version: COLUMN_VERSION,
    placeholder,
  }
  return { text: placeholder, redactions: [redaction] }
}

function maskJson(value: unknown, how: How, depth: number, found: Redaction[]): unknown {
  if (typeof value === 'string') {
    const { text, redactions } = maskText(
      value.startsWith(MARK) ? value.slice(MARK.length) : value,
      how,
      depth,
    )
    found.push(...redactions)
    return redactions.length === 0 ? value : text
  }
  if (typeof value === 'number') {
    const { text, redactions } = maskText(String(value), how, depth)
    found.push(...redactions)
    return redactions.length === 0 ? value : text
  }
  if (Array.isArray(value)) return value.map((one) => maskJson(one, how, depth, found))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => {
    const name = maskText(key, how, depth)
    found.push(...name.redactions)
    return [name.text, maskJson(one, how, depth, found)] as const
  })
  return Object.fromEntries(entries)
}

function jsonIn(text: string): unknown {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[' && first !== '"') return undefined
  try {
    return parsedExactly(text)
  } catch {
    return undefined
  }
}

const BASE64 = /^[A-Za-z0-9+/\r\n]{24,}={0,2}\s*$/
const UTF8 = new TextDecoder('utf-8', { fatal: true })

function base64In(text: string): string | undefined {
  if (!BASE64.test(text)) return undefined
  try {
    return UTF8.decode(Buffer.from(text, 'base64'))
  } catch {
    return undefined
  }
}

/** Stands before a number that JavaScript would round. No text of a log holds it by chance. */
const MARK = `number ${randomUUID()} `
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs

function parsedExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  return JSON.parse(
    text.replace(TOKEN, (token) =>
      token.startsWith('"') || String(Number(token)) === token ? token : `"${MARK}${token}"`,
    ),
  )
}

function exactText(value: unknown): string {
  return JSON.stringify(value).replaceAll(new RegExp(`"${MARK}([^"]*)"`, 'g'), '$1')
}
