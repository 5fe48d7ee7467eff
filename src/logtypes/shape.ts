import type { FieldKind, Shape } from '../json/shape.ts'
import type { Column } from './contract.ts'

/** The shape of a log type's columns: every column with a path, with the kind of its type. */
export function shapeOf(columns: readonly Column[], kinds: Record<string, FieldKind> = {}): Shape {
  const shape: Shape = {}
  for (const { path, type } of columns) {
    if (path === undefined) continue
    const fields = path.split('.')
    const last = fields.pop() as string
    let node = shape
    for (const field of fields) {
      const nested = node[field] ?? {}
      if (typeof nested === 'string') throw new Error(`${path}: ${field} is a column of its own`)
      node[field] = nested
      node = nested
    }
    node[last] = kinds[path] ?? KIND_OF[type]
  }
  return shape
}

const KIND_OF: Record<Column['type'], FieldKind> = {
  string: 'string',
  boolean: 'boolean',
  long: 'long',
  double: 'number',
  timestamptz: 'time',
  date: 'string',
  json: 'json',
  binary: 'string',
}
