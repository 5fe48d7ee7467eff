/**
 * Table metadata as a file: writes it, and reads it only when it is complete and of a supported kind.
 * Additions of other engines are kept as they are.
 *
 * Iceberg specification: "Table Metadata Fields", Appendix C.
 */
import { z } from 'zod'
import type { TableMetadata } from './types.ts'

const columnTypes = ['string', 'boolean', 'int', 'long', 'double', 'date', 'timestamptz', 'binary'] as const

const operations: string[] = ['append', 'replace', 'overwrite', 'delete']

/** An id or a count: `JSON.parse` has already rounded larger numbers. */
const whole = z.number().refine(Number.isSafeInteger, 'is not a whole number below 2^53')

const schemaShape = z.looseObject({
  type: z.literal('struct'),
  'schema-id': whole,
  fields: z.array(
    z.looseObject({
      id: whole,
      name: z.string(),
      required: z.boolean(),
      type: z.enum(columnTypes, `is none of the supported column types (${columnTypes.join(', ')})`),
      doc: z.string().optional(),
    }),
  ),
})

const specShape = z.looseObject({
  'spec-id': whole,
  fields: z.array(
    z.looseObject({ 'source-id': whole, 'field-id': whole, name: z.string(), transform: z.string() }),
  ),
})

const sortOrderShape = z.looseObject({
  'order-id': whole,
  fields: z.array(
    z.looseObject({
      transform: z.string(),
      'source-id': whole,
      direction: z.enum(['asc', 'desc']),
      'null-order': z.enum(['nulls-first', 'nulls-last']),
    }),
  ),
})

const snapshotShape = z.looseObject({
  'snapshot-id': whole,
  'parent-snapshot-id': whole.optional(),
  'sequence-number': whole,
  'timestamp-ms': whole,
  'manifest-list': z.string(),
  summary: z.record(z.string(), z.string()),
  'schema-id': whole.optional(),
})

const statisticsShape = z.array(z.looseObject({ 'snapshot-id': whole })).default([])

const metadataShape = z.looseObject({
  'format-version': z.literal(2),
  'table-uuid': z.string(),
  location: z.string(),
  'last-sequence-number': whole,
  'last-updated-ms': whole,
  'last-column-id': whole,
  'current-schema-id': whole,
  schemas: z.array(schemaShape),
  'default-spec-id': whole,
  'partition-specs': z.array(specShape),
  'last-partition-id': whole,
  'default-sort-order-id': whole,
  'sort-orders': z.array(sortOrderShape),
  properties: z.record(z.string(), z.string()).default({}),
  'current-snapshot-id': whole.nullish().transform((id) => id ?? -1),
  refs: z
    .record(z.string(), z.looseObject({ 'snapshot-id': whole, type: z.enum(['branch', 'tag']) }))
    .default({}),
  snapshots: z.array(snapshotShape).default([]),
  statistics: statisticsShape,
  'partition-statistics': statisticsShape,
  'snapshot-log': z.array(z.looseObject({ 'timestamp-ms': whole, 'snapshot-id': whole })).default([]),
  'metadata-log': z.array(z.looseObject({ 'timestamp-ms': whole, 'metadata-file': z.string() })).default([]),
})

export function serialise(metadata: TableMetadata): Uint8Array {
  return Buffer.from(`${JSON.stringify(metadata)}\n`)
}

/** Throws an Error with the fault; the caller adds the name of the file. */
export function parse(bytes: Uint8Array): TableMetadata {
  const json = readJson(bytes)
  const version = (json as { 'format-version'?: unknown } | null)?.['format-version']
  if (version === undefined) throw new Error('not Iceberg table metadata: it has no format-version')
  if (version !== 2)
    throw new Error(`Iceberg format version ${JSON.stringify(version)} is not supported, only 2 is`)
  const parsed = metadataShape.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`invalid Iceberg table metadata: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  // The schema above guarantees the type, except for the operation, which `inconsistency` checks.
  const metadata = parsed.data as unknown as TableMetadata
  const problem = inconsistency(metadata)
  if (problem) throw new Error(`invalid Iceberg table metadata: ${problem}`)
  return metadata
}

function readJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new Error('not Iceberg table metadata: the file is empty')
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw new Error('gzip-compressed table metadata is not supported')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new Error(`not Iceberg table metadata, or cut short: ${(error as Error).message}`)
  }
}

/** Checks that the parts of the metadata agree with each other. */
function inconsistency(metadata: TableMetadata): string | null {
  const schemas = metadata.schemas.map((schema) => schema['schema-id'])
  const specs = metadata['partition-specs'].map((spec) => spec['spec-id'])
  const orders = metadata['sort-orders'].map((order) => order['order-id'])
  const snapshots = metadata.snapshots.map((snapshot) => snapshot['snapshot-id'])
  const current = metadata['current-snapshot-id']
  const main = metadata.refs.main?.['snapshot-id'] ?? current
  const pointers: [key: string, id: number, known: number[]][] = [
    ['current-schema-id', metadata['current-schema-id'], schemas],
    ['default-spec-id', metadata['default-spec-id'], specs],
    ['default-sort-order-id', metadata['default-sort-order-id'], orders],
    ['current-snapshot-id', current, [-1, ...snapshots]],
    ...Object.entries(metadata.refs).map(([name, ref]): [string, number, number[]] => [
      `refs.${name}`,
      ref['snapshot-id'],
      snapshots,
    ]),
  ]
  for (const [key, id, known] of pointers) {
    if (!known.includes(id)) return `${key} is ${id}, which is not there`
  }
  for (const { summary, 'snapshot-id': id } of metadata.snapshots) {
    if (!operations.includes(summary.operation))
      return `snapshot ${id} has the operation ${summary.operation}`
  }
  if (main !== current) return `refs.main is ${main}, but current-snapshot-id is ${current}`
  for (const [what, ids] of [
    ['schema-id', schemas],
    ['spec-id', specs],
    ['snapshot-id', snapshots],
  ] as const) {
    const twice = ids.find((id, index) => ids.indexOf(id) !== index)
    if (twice !== undefined) return `${what} ${twice} is there twice`
  }
  for (const schema of metadata.schemas) {
    const ids = schema.fields.map((field) => field.id)
    const twice = ids.find((id, index) => ids.indexOf(id) !== index)
    if (twice !== undefined) return `schema ${schema['schema-id']} has two columns with id ${twice}`
    const beyond = ids.find((id) => id > metadata['last-column-id'])
    if (beyond !== undefined)
      return `column id ${beyond} is above last-column-id ${metadata['last-column-id']}`
  }
  return null
}
