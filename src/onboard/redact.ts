import { createHmac } from 'node:crypto'
import { elements, members, OPEN_ARRAY, OPEN_OBJECT, textOf } from '../envelopes/json.ts'
import type { Sensitive, Store } from './definition.ts'

/** Fields that must not be stored in the clear, as a tree; `*` is any field or element. */
interface Node {
  store?: Store
  below: Map<string, Node>
}

/**
 * What takes sensitive values out of records, before anything is done with them: no column, nothing in `unmapped`, no
 * id and no reject is made of what it took out.
 *
 * @param key the secret of the hashes
 */
export function redactor(sensitive: readonly Sensitive[], key: string): (bytes: Uint8Array) => Uint8Array {
  const root: Node = { below: new Map() }
  for (const { path, store } of sensitive) {
    let node = root
    for (const field of path) {
      const next = node.below.get(field) ?? { below: new Map() }
      node.below.set(field, next)
      node = next
    }
    node.store = store
  }
  return (bytes) => {
    const edits: Edit[] = []
    find(bytes, 0, [root], edits, key)
    if (edits.length === 0) return bytes
    const pieces: Uint8Array[] = []
    let from = 0
    for (const { start, end, text } of edits) {
      pieces.push(bytes.subarray(from, start), Buffer.from(text))
      from = end
    }
    return Buffer.concat([...pieces, bytes.subarray(from)])
  }
}

interface Edit {
  start: number
  end: number
  text: string
}

/** A field that is there twice is taken out twice: members are looked at one by one, as they were delivered. */
function find(bytes: Uint8Array, at: number, nodes: readonly Node[], edits: Edit[], key: string): void {
  for (const { name, start, end } of inside(bytes, at)) {
    const next = nodes.flatMap(({ below }) =>
      [below.get(name), below.get('*')].filter((node) => node !== undefined),
    )
    const store = next.find((node) => node.store !== undefined)?.store
    if (store !== undefined) edits.push({ start, end, text: instead(store, bytes, start, end, key) })
    else if (next.length > 0) find(bytes, start, next, edits, key)
  }
}

function inside(bytes: Uint8Array, at: number): { name: string; start: number; end: number }[] {
  if (bytes[at] === OPEN_OBJECT)
    return (members(bytes, at) ?? []).map(({ key: name, start, end }) => ({ name, start, end }))
  if (bytes[at] !== OPEN_ARRAY) return []
  return elements(bytes, at).spans.map(({ start, end }, index) => ({ name: String(index), start, end }))
}

/** What is stored in place of a value, as JSON. Null says nothing, and stays null. */
function instead(store: Store, bytes: Uint8Array, start: number, end: number, key: string): string {
  const text = textOf(bytes, start, end)
  if (store === 'nothing' || text === 'null') return 'null'
  if (store === 'mask') return '"***"'
  // Hashed is what a text says, however it is spelled: "é" and "\u00e9" are the same person.
  const said = text.startsWith('"') ? String(JSON.parse(text)) : text
  return `"${createHmac('sha256', key).update(said).digest('hex')}"`
}
