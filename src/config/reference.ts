/** The parts of JSON Schema (draft 7) that are used here. */
interface Schema {
  type?: string | string[]
  const?: string
  enum?: string[]
  default?: unknown
  description?: string
  minimum?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
}

/**
 * All keys of `loglake.yaml` as Markdown, from the JSON Schema: a part for each section, a line for each key.
 */
export function configReference(schema: object): string {
  const sections = Object.entries((schema as Schema).properties ?? {})
  const alone = sections.filter(([, section]) => !isSection(section))
  return `${[
    '# Every key of loglake.yaml',
    '`npm run schema` writes this page from the schema that the configuration is checked by, which `loglake schema` prints. What the sections are for, with an example of each, is in [configuration.md](configuration.md). A key without a default is optional where nothing else is said. A section `identity` has the keys of [`storage.identity`](#storage).',
    table(alone.flatMap(([key, one]) => linesOf(key, one, false))),
    ...sections.filter(([, section]) => isSection(section)).flatMap(([key, one]) => part(key, one)),
  ].join('\n\n')}\n`
}

function isSection({ properties, additionalProperties }: Schema): boolean {
  return (
    properties !== undefined || (typeof additionalProperties === 'object' && isNested(additionalProperties))
  )
}

function isNested({ properties, oneOf }: Schema): boolean {
  return properties !== undefined || oneOf !== undefined
}

function part(key: string, section: Schema): string[] {
  const head = [`## ${key}`, section.description ?? '']
  const { additionalProperties: named } = section
  if (typeof named !== 'object') return [...head, table(fieldsOf(key, section))]
  const kinds = named.oneOf ?? [named]
  if (kinds.length === 1) return [...head, table(fieldsOf(`${key}.NAME`, named))]
  return [
    ...head,
    ...kinds.flatMap((kind) => {
      const { type, ...others } = kind.properties ?? {}
      return [
        `### type: ${type?.const}`,
        kind.description ?? '',
        table(fieldsOf('', { ...kind, properties: others })),
      ]
    }),
  ]
}

type Line = [key: string, value: string, byDefault: string, doc: string]

function fieldsOf(place: string, { properties = {}, required = [] }: Schema): Line[] {
  return Object.entries(properties).flatMap(([key, one]) =>
    linesOf(place === '' ? key : `${place}.${key}`, one, required.includes(key)),
  )
}

function linesOf(key: string, one: Schema, isRequired: boolean): Line[] {
  // These keys repeat in many sections, so they are documented once.
  const isTold = key.endsWith('identity') && key !== 'storage.identity'
  if (one.properties && !isTold) return fieldsOf(key, one)
  const { additionalProperties: named } = one
  if (typeof named === 'object' && named.properties) return fieldsOf(`${key}.NAME`, named)
  return [[`\`${key}\``, kindOf(one), isRequired ? '(required)' : defaultOf(one), one.description ?? '']]
}

function kindOf(one: Schema): string {
  if (one.enum) return one.enum.map((value) => `\`${value}\``).join(', ')
  if (one.anyOf?.some(({ type }) => type === 'integer')) return 'size'
  if (one.items)
    return `list of ${
      one.items.properties
        ? Object.keys(one.items.properties)
            .map((key) => `\`${key}\``)
            .join(', ')
        : `${kindOf(one.items)}s`
    }`
  if (one.properties) return 'section'
  if (one.type === 'object') return 'names and values'
  return WORDS[String(one.type)] ?? 'text'
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'yes or no',
}

function defaultOf({ default: value }: Schema): string {
  if (value === undefined || JSON.stringify(value) === '{}') return ''
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

function table(lines: readonly Line[]): string {
  const rows = lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
  return ['| key | value | default | |', '|---|---|---|---|', ...rows].join('\n')
}
