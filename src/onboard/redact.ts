import { createHmac } from 'node:crypto'
import type { Sensitive, Store } from './definition.ts'
import { isNested, said, scan, space } from './scan.ts'

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
 * @returns takes and gives a record as JSON
 */
export function redactor(sensitive: readonly Sensitive[], key: string): (record: string) => string {
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
  return (record) => {
    const edits: Edit[] = []
    find(record, space(record, 0), [root], edits, key)
    let redacted = ''
    let from = 0
    for (const { start, end, text } of edits) {
      redacted += record.slice(from, start) + text
      from = end
    }
    return edits.length === 0 ? record : redacted + record.slice(from)
  }
}

interface Edit {
  start: number
  end: number
  text: string
}

/** A field that is there twice is taken out twice: members are looked at one by one, as they were delivered. */
function find(text: string, at: number, nodes: readonly Node[], edits: Edit[], key: string): void {
  scan(text, at, (name, start, end) => {
    const next: Node[] = []
    for (const { below } of nodes) {
      const named = below.get(name)
      const any = below.get('*')
      if (named) next.push(named)
      if (any) next.push(any)
    }
    const store = next.find((node) => node.store !== undefined)?.store
    if (store !== undefined) edits.push({ start, end, text: instead(store, text.slice(start, end), key) })
    else if (next.length > 0 && isNested(text, start)) find(text, start, next, edits, key)
  })
}

/** What is stored in place of a value, as JSON. Null says nothing, and stays null. */
function instead(store: Store, text: string, key: string): string {
  if (store === 'nothing' || text === 'null') return 'null'
  if (store === 'mask') return '"***"'
  // Hashed is what a text says, however it is spelled: "é" and "\u00e9" are the same person.
  return `"${createHmac('sha256', key).update(said(text)).digest('hex')}"`
}
