import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'

/** A YAML value and its line. */
export type Written = WrittenMap | WrittenList | WrittenScalar

export interface WrittenMap {
  kind: 'map'
  line: number
  entries: readonly Entry[]
}

export interface Entry {
  key: string
  /** The line of the key. */
  line: number
  value: Written
}

export interface WrittenList {
  kind: 'list'
  line: number
  items: readonly Written[]
}

export interface WrittenScalar {
  kind: 'scalar'
  line: number
  value: string | number | boolean | null
  /**
   * Of a number that reads otherwise than it is written, as `012345678901`, `1e3` or `0x1f`: as it is
   * written.
   */
  source?: string
}

/** A fault of a rule, with its line. A rule with a warning still runs. */
export interface Fault {
  file: string
  /** From 1 on. */
  line: number
  /** The title or id of the rule, where it is known. */
  rule?: string
  kind: 'refused' | 'warning'
  message: string
}

/** A mistake at a line, thrown by readers of a rule's parts; the reader of the rule turns it into a fault. */
export class RuleError extends Error {
  override name = 'RuleError'
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/** Most nodes of a document: an alias may repeat a node, and nested aliases may repeat it endlessly. */
const MAX_NODES = 50_000
const MAX_DEPTH = 60

/** The documents of a YAML text; invalid YAML is a fault, and the documents before it are read. */
export function readDocuments(text: string, file: string): { documents: WrittenMap[]; faults: Fault[] } {
  const lines = new LineCounter()
  const faults: Fault[] = []
  const documents: WrittenMap[] = []
  const refuse = (line: number, message: string) => faults.push({ file, line, kind: 'refused', message })
  const lineOf = (node: Node) => lines.linePos(node.range?.[0] ?? 0).line
  for (const document of parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })) {
    const [broken] = document.errors
    if (broken) {
      refuse(lines.linePos(broken.pos[0]).line, `no YAML: ${broken.message}`)
      continue
    }
    if (document.contents === null) continue
    let nodes = 0
    const read = (node: Node | null, depth: number, line: number): Written => {
      if (++nodes > MAX_NODES || depth > MAX_DEPTH) throw new RuleError(line, 'the document is too large')
      if (node === null) return { kind: 'scalar', line, value: null }
      if (isAlias(node)) return read((node.resolve(document) ?? null) as Node | null, depth + 1, lineOf(node))
      const at = lineOf(node)
      if (isMap(node)) {
        const entries = node.items.map(({ key, value }) => {
          const place = isScalar(key) ? lineOf(key) : at
          if (!isScalar(key)) throw new RuleError(place, 'a key is a text')
          const name = key.value === null ? '' : String(key.value)
          return { key: name, line: place, value: read(value as Node | null, depth + 1, place) }
        })
        return { kind: 'map', line: at, entries }
      }
      if (isSeq(node))
        return {
          kind: 'list',
          line: at,
          items: node.items.map((item) => read(item as Node | null, depth + 1, at)),
        }
      const value = scalar(isScalar(node) ? node.value : null)
      const source = isScalar(node) && typeof value === 'number' ? node.source : undefined
      const isKept = source === undefined || /^-?\d+\.\d+$/.test(source) || source === String(value)
      return { kind: 'scalar', line: at, value, ...(isKept ? {} : { source }) }
    }
    try {
      const written = read(document.contents as Node, 0, 1)
      if (written.kind === 'map') documents.push(written)
      else refuse(written.line, 'a rule is a map of keys and values')
    } catch (thrown) {
      if (!(thrown instanceof RuleError)) throw thrown
      refuse(thrown.line, thrown.message)
    }
  }
  return { documents, faults }
}

function scalar(value: unknown): WrittenScalar['value'] {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value
  return String(value)
}

export function entryOf(map: WrittenMap, key: string): Entry | undefined {
  return map.entries.find((entry) => entry.key === key)
}

/** The text of a key; undefined when it is missing or empty. Throws when it is not a text. */
export function textAt(map: WrittenMap, key: string): string | undefined {
  const found = entryOf(map, key)
  if (!found || (found.value.kind === 'scalar' && found.value.value === null)) return undefined
  if (found.value.kind !== 'scalar') throw new RuleError(found.line, `${key}: a text is wanted`)
  return found.value.source ?? String(found.value.value)
}

/** The texts of a key that holds one or a list of them. */
export function textsAt(map: WrittenMap, key: string): string[] {
  const found = entryOf(map, key)
  if (!found) return []
  const { value } = found
  const items = value.kind === 'list' ? value.items : [value]
  return items.flatMap((item) => {
    if (item.kind !== 'scalar') throw new RuleError(item.line, `${key}: a text or a list of texts is wanted`)
    return item.value === null ? [] : [item.source ?? String(item.value)]
  })
}

/** A value without its lines, as a parser of YAML alone would give it. */
export function plain(written: Written): unknown {
  if (written.kind === 'scalar') return written.value
  if (written.kind === 'list') return written.items.map(plain)
  return Object.fromEntries(written.entries.map(({ key, value }) => [key, plain(value)]))
}

/** A value as JSON text that does not depend on its lines: a rule's version is a hash of it. */
export function canonical(written: Written | undefined): string {
  if (!written) return 'null'
  if (written.kind === 'scalar') return JSON.stringify(written.source ?? written.value)
  if (written.kind === 'list') return `[${written.items.map(canonical).join(',')}]`
  return `{${written.entries.map(({ key, value }) => `${JSON.stringify(key)}:${canonical(value)}`).join(',')}}`
}

/** The map of a key. Throws when it is not a map. */
export function sectionOf(document: WrittenMap, key: string): WrittenMap {
  const found = entryOf(document, key)
  if (found?.value.kind !== 'map')
    throw new RuleError(found?.line ?? document.line, `${key}: a map is wanted`)
  return found.value
}
