import { didYouMean } from '../../lib/nearest.ts'
import { entryOf, type Fault, type Written, type WrittenMap } from './yaml.ts'

/**
 * What Sigma's JSON schemas and its list of tags call invalid, and loglake takes all the same: other tools
 * may not. What loglake refuses itself is not repeated here.
 *
 * https://github.com/SigmaHQ/sigma-specification, json-schema/ and sigma-appendix-tags.md (2.1.0). Two forms
 * that no schema has are left alone: `rules: any` of a filter, and search identifiers of a filter that are
 * not called `selection`; docs/rules.md names them.
 */
export function schemaFaults(document: WrittenMap, file: string, rule?: string): Fault[] {
  const found = [
    ...entryFaults(document, entryOf(document, 'correlation') ? OF_CORRELATION : SHAPES),
    ...entryFaults(mapAt(document, 'logsource'), LOGSOURCE, 'logsource.'),
    ...entryFaults(mapAt(document, 'correlation'), CORRELATION, 'correlation.'),
    ...relatedFaults(document),
    ...tagFaults(document),
  ]
  const filter = mapAt(document, 'filter')
  if (filter) {
    const rules = entryOf(filter, 'rules')
    const isAny = rules?.value.kind === 'scalar' && String(rules.value.value).toLowerCase() === 'any'
    if (rules && !isAny) found.push(...faultsOf(rules.value, TEXTS, 'filter.rules', rules.line))
  }
  for (const [name, section] of Object.entries({ detection: mapAt(document, 'detection'), filter }))
    if (section) found.push(...identifierFaults(section, name))
  return found.map((one) => ({ file, ...one, ...(rule === undefined ? {} : { rule }), kind: 'warning' }))
}

type Found = Pick<Fault, 'line' | 'message'>

type Shape = TextShape | ListShape

interface TextShape {
  kind: 'text'
  least?: number
  most?: number
  form?: RegExp
  /** What the form is, for people. */
  wanted?: string
}

interface ListShape {
  kind: 'list'
  of: TextShape
  /** Whether a single text is valid, too. */
  single?: boolean
  /** Whether the same item may be there twice. */
  repeats?: boolean
}

const TEXT: TextShape = { kind: 'text' }
const UUID: TextShape = {
  kind: 'text',
  form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  wanted: 'a UUID',
}
const DATE: TextShape = {
  kind: 'text',
  form: /^\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])$/,
  wanted: 'a date like 2026-01-31',
}
const TEXTS: ListShape = { kind: 'list', of: TEXT }
const WORDS: ListShape = { kind: 'list', of: { kind: 'text', least: 2 } }
const TAGS: ListShape = {
  kind: 'list',
  of: {
    kind: 'text',
    // The list of tags has `d3fend.d3f-WindowsNtOpenFile`, which the schema's letters exclude.
    form: /^([a-z0-9_-]+\.[a-z0-9._-]+|d3fend\.d3f-[A-Za-z0-9]+)$/,
    wanted: 'a namespace, a dot and small letters, as in attack.t1098',
  },
}

const SHAPES: Readonly<Record<string, Shape>> = {
  title: { kind: 'text', most: 256 },
  id: UUID,
  name: { kind: 'text', most: 256 },
  taxonomy: TEXT,
  status: TEXT,
  description: { kind: 'text', most: 65_535 },
  license: TEXT,
  author: TEXT,
  references: TEXTS,
  date: DATE,
  modified: DATE,
  fields: TEXTS,
  falsepositives: WORDS,
  level: TEXT,
  tags: TAGS,
  scope: { ...WORDS, repeats: true },
}

/** Keys of a document with a correlation. */
const OF_CORRELATION: typeof SHAPES = { ...SHAPES, falsepositives: { ...WORDS, single: true } }
const LOGSOURCE: typeof SHAPES = { category: TEXT, product: TEXT, service: TEXT, definition: TEXT }
const CORRELATION: typeof SHAPES = { rules: WORDS, 'group-by': TEXTS }

function entryFaults(map: WrittenMap | undefined, shapes: typeof SHAPES, before = ''): Found[] {
  return (map?.entries ?? []).flatMap(({ key, line, value }) => {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined
    return shape ? faultsOf(value, shape, `${before}${key}`, line) : []
  })
}

function mapAt(document: WrittenMap, key: string): WrittenMap | undefined {
  const value = entryOf(document, key)?.value
  return value?.kind === 'map' ? value : undefined
}

function said(line: number, message: string): Found[] {
  return [{ line, message }]
}

function faultsOf(value: Written, shape: Shape, key: string, line: number): Found[] {
  if (shape.kind === 'text') return textFaults(value, shape, key, line)
  if (value.kind !== 'list') {
    if (shape.single && value.kind === 'scalar') return textFaults(value, shape.of, key, line)
    return said(line, `${key}: a list is wanted`)
  }
  const seen = new Set<unknown>()
  return value.items.flatMap((item) => {
    const text = item.kind === 'scalar' ? item.value : undefined
    const again = text !== undefined && seen.has(text) && !shape.repeats
    seen.add(text)
    return [
      ...textFaults(item, shape.of, key, item.line),
      ...(again ? said(item.line, `${key}: "${text}" is there twice`) : []),
    ]
  })
}

function textFaults(value: Written, { least, most, form, wanted }: TextShape, key: string, line: number) {
  if (value.kind !== 'scalar' || value.value === null) return said(line, `${key}: a text is wanted`)
  const { value: text } = value
  if (typeof text !== 'string')
    return said(line, `${key}: a text is wanted: put ${value.source ?? text} into quotes`)
  const length = [...text].length
  if (most !== undefined && length > most) return said(line, `${key}: it is longer than ${most} characters`)
  if (least !== undefined && length < least)
    return said(line, `${key}: "${text}" is shorter than ${least} characters`)
  if (form && !form.test(text)) return said(line, `${key}: ${wanted} is wanted, not "${text}"`)
  return []
}

const RELATIONS = ['derived', 'obsolete', 'merged', 'renamed', 'similar']

function relatedFaults(document: WrittenMap): Found[] {
  const found = entryOf(document, 'related')
  if (!found) return []
  if (found.value.kind !== 'list') return said(found.line, 'related: a list is wanted')
  return found.value.items.flatMap((item) => {
    if (item.kind !== 'map') return said(item.line, 'related: maps with `id` and `type` are wanted')
    const id = entryOf(item, 'id')
    const type = entryOf(item, 'type')
    if (!id || !type) return said(item.line, `related: ${id ? 'type' : 'id'} is missing`)
    const name = type.value.kind === 'scalar' ? String(type.value.value) : ''
    return [
      ...textFaults(id.value, UUID, 'related.id', id.line),
      ...(RELATIONS.includes(name)
        ? []
        : said(
            type.line,
            `related.type: ${RELATIONS.join(', ')} are known, not "${name}"${didYouMean(name, RELATIONS)}`,
          )),
    ]
  })
}

/** The namespaces that have their forms in Sigma's list; ids of ATT&CK are looked up in its own. */
const NAMESPACES: Readonly<Record<string, RegExp>> = {
  car: /^\d{4}-\d{2}-\d{3}$/,
  cve: /^\d{4}[-.]\d{4,}$/,
  d3fend: /^(d3-[a-z0-9]+|d3f-[A-Za-z0-9]+|model|harden|detect|isolate|deceive|evict)$/,
  detection: /^(dfir|emerging-threats|threat-hunting)$/,
  stp: /^[1-5][auk]?$/,
  tlp: /^(red|amber|amber-strict|green|clear)$/,
}

function tagFaults(document: WrittenMap): Found[] {
  const value = entryOf(document, 'tags')?.value
  const items = value?.kind === 'list' ? value.items : []
  return items.flatMap((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') return []
    const [namespace = '', ...rest] = item.value.split('.')
    const form = Object.hasOwn(NAMESPACES, namespace) ? NAMESPACES[namespace] : undefined
    return !form || form.test(rest.join('.'))
      ? []
      : said(item.line, `tags: \`${item.value}\` is not among Sigma's tags of ${namespace}`)
  })
}

/** A search identifier is a map, or a list of texts, whole numbers and maps. */
function identifierFaults(section: WrittenMap, name: string): Found[] {
  return section.entries.flatMap(({ key, line, value }) => {
    if (key === 'condition' || (name === 'filter' && key === 'rules')) return []
    if (value.kind === 'scalar') return said(line, `${name}.${key}: a map or a list is wanted`)
    if (value.kind === 'map') return []
    return value.items.flatMap((item) => {
      const isKeyword =
        item.kind === 'scalar' && (typeof item.value === 'string' || Number.isInteger(item.value))
      return isKeyword || item.kind === 'map'
        ? []
        : said(item.line, `${name}.${key}: texts, whole numbers or maps are wanted in a list`)
    })
  })
}
