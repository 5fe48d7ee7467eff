import { createHmac } from 'node:crypto'
import { isJson } from '../lib/is-json.ts'
import type { Sensitive, Store } from './definition.ts'
import { isNested, isObjectAt, said, scan, space } from './scan.ts'

/** Fields that must not be stored in the clear, as a tree; `*` is any field or element. */
interface Node {
  store?: Store
  below: Map<string, Node>
}

/** 200 levels below a sensitive path: deeper values are removed as a whole. */
const DEEPEST = 200

/**
 * Removes sensitive values from records before any other step, so that no column, no `unmapped`, no id and no
 * reject contains them. A path matches in any case of its letters, through lists of any depth, for a single
 * value in place of a list, and inside texts that are JSON.
 *
 * @param key the secret key of the hashes
 * @returns a function from a record's JSON to its redacted JSON
 */
export function redactor(sensitive: readonly Sensitive[], key: string): (record: string) => string {
  const root: Node = { below: new Map() }
  for (const { path, store } of sensitive) {
    let node = root
    for (const field of path) {
      const name = field.toLowerCase()
      const next = node.below.get(name) ?? { below: new Map() }
      node.below.set(name, next)
      node = next
    }
    node.store = store
  }
  return (record) => redacted(record, [root], { key, depth: 0 })
}

interface Way {
  key: string
  depth: number
}

/** A JSON text without its sensitive values. */
function redacted(text: string, nodes: readonly Node[], way: Way): string {
  const edits: Edit[] = []
  find(text, space(text, 0), nodes, edits, way)
  if (edits.length === 0) return text
  let result = ''
  let from = 0
  for (const { start, end, text: instead } of edits) {
    result += text.slice(from, start) + instead
    from = end
  }
  return result + text.slice(from)
}

interface Edit {
  start: number
  end: number
  text: string
}

/**
 * Finds the values to replace. Members are read one by one as delivered, so both copies of a duplicate field
 * are redacted.
 */
function find(text: string, at: number, nodes: readonly Node[], edits: Edit[], way: Way): void {
  const isList = !isObjectAt(text, at)
  // A single value in place of a list is treated like an element of the list.
  const here = isList ? nodes : nodes.flatMap((node) => [node, ...starOf(node)])
  scan(text, at, (name, start, end) => {
    // In a list, a path that names no element applies to each.
    const next: Node[] = isList ? [...nodes] : []
    const field = name.toLowerCase()
    for (const { below } of here) {
      const named = below.get(field)
      const any = below.get('*')
      if (named) next.push(named)
      if (any) next.push(any)
    }
    if (next.length === 0) return
    const store = next.find((node) => node.store !== undefined)?.store
    if (store !== undefined) edits.push({ start, end, text: instead(store, text.slice(start, end), way.key) })
    else if (isNested(text, start)) {
      if (way.depth === DEEPEST) edits.push({ start, end, text: 'null' })
      else find(text, start, next, edits, { ...way, depth: way.depth + 1 })
    } else if (text[start] === '"') inText(text.slice(start, end), start, next, edits, way)
  })
}

function starOf({ below }: Node): Node[] {
  const star = below.get('*')
  return star && star.store === undefined ? [star] : []
}

/** A text on a sensitive path may itself be JSON. */
function inText(json: string, start: number, nodes: readonly Node[], edits: Edit[], way: Way): void {
  const inner = said(json)
  if (!/^\s*[[{]/.test(inner) || way.depth === DEEPEST || !isJson(inner)) return
  const clean = redacted(inner, nodes, { ...way, depth: way.depth + 1 })
  if (clean !== inner) edits.push({ start, end: start + json.length, text: JSON.stringify(clean) })
}

/** The JSON that replaces a value. Null has no information, and stays null. */
function instead(store: Store, text: string, key: string): string {
  if (store === 'nothing' || text === 'null') return 'null'
  if (store === 'mask') return '"***"'
  // The decoded text is hashed, so that "é" and "\u00e9" give one hash.
  return `"${createHmac('sha256', key).update(said(text)).digest('hex')}"`
}
