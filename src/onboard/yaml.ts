import type { Document } from 'yaml'
import { z } from 'zod'
import { sentence, UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { yaml } from '../lib/yaml.ts'

/** A mistake in a YAML file, at the key or list item that `path` leads to. */
export interface Fault {
  path: readonly (string | number)[]
  fault: string
}

/** A parsed YAML file: its value, and the positions of its keys. */
export interface Parsed<Value> {
  value: Value
  line(path: readonly (string | number)[]): number
  /** Throws a UserError that names the line of every fault, in order. */
  refuse(faults: readonly Fault[]): void
}

/**
 * Parses a YAML text by a schema. Throws a UserError that names every line at fault.
 *
 * @param file the file's name in errors
 */
export function parseYaml<Schema extends z.ZodType>(
  source: string,
  file: string,
  schema: Schema,
): Parsed<z.output<Schema>> {
  const { LineCounter, parseDocument } = yaml()
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number) => lines.linePos(offset).line
  const line = (path: Fault['path']) => lineAt(offsetOf(document, path))
  const refuse = (faults: readonly Fault[]) => {
    const placed = faults.map(({ path, fault }) => ({ at: line(path), fault }))
    placed.sort((one, other) => one.at - other.at)
    if (placed.length > 0)
      throw new UserError(placed.map(({ at, fault }) => `${file}:${at}: ${fault}`).join('\n'))
  }
  const [broken] = document.errors
  if (broken) throw new UserError(`${file}:${lineAt(broken.pos[0])}: ${broken.message}`)
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (thrown) {
    throw new UserError(`${file}:1: ${sentence(thrown)}`, { cause: thrown })
  }
  const parsed = schema.safeParse(value ?? {})
  if (!parsed.success) refuse(parsed.error.issues.flatMap((issue) => faultsOf(issue, value, schema)))
  return { value: parsed.data as z.output<Schema>, line, refuse }
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): Fault[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)))
  const name = shown(path)
  if (issue.code === 'unrecognized_keys') {
    const inside = name === '' ? '' : ` in "${name}"`
    return issue.keys.map((key) => ({
      path: [...path, key],
      fault: `there is no key "${key}"${inside}${didYouMean(key, keysOf(schema, path))}`,
    }))
  }
  const found = path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key],
    value,
  )
  if (found === undefined) return [{ path, fault: `the key "${name}" is missing` }]
  const text = JSON.stringify(found)
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text
  return [{ path, fault: `${name === '' ? '' : `${name}: `}${issue.message}, not ${short}` }]
}

/** `columns.0.type`: items of a list are counted from 1. */
function shown(path: readonly (string | number)[]): string {
  return path.map((key) => (typeof key === 'number' ? key + 1 : key)).join('.')
}

/** The position of a path's last part; where the path does not exist, of its last existing part. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  const { isMap, isPair, isSeq } = yaml()
  let node: unknown = document.contents
  let offset = startOf(node)
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === String(key))
      if (!isPair(pair)) return offset
      offset = startOf(pair.key) || offset
      node = pair.value
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(key)]
      if (item === undefined) return offset
      offset = startOf(item) || offset
      node = item
    } else return offset
  }
  return offset
}

function startOf(node: unknown): number {
  return yaml().isNode(node) ? (node.range?.[0] ?? 0) : 0
}

/** The keys that are allowed at a path. */
function keysOf(schema: unknown, path: readonly (string | number)[]): string[] {
  let inner = bare(schema)
  for (const key of path) {
    if (inner instanceof z.ZodObject) inner = bare(inner.shape[String(key)])
    else if (inner instanceof z.ZodArray) inner = bare(inner.element)
    else return []
  }
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
}

function bare(schema: unknown): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? bare(schema.unwrap()) : schema
}
