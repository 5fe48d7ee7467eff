/**
 * The table metadata of an Iceberg v2 table: creating it, evolving its schema, logging its changes. Every
 * function takes metadata and returns new metadata, without changing its argument.
 *
 * Iceberg specification: "Table Metadata", "Schema Evolution", "Name Mapping Serialization".
 */
import { firstPartitionId } from './manifest-schema.ts'
import type { Field, NewField, PartitionSpec, Schema, TableMetadata } from './types.ts'

const nameMappingProperty = 'schema.name-mapping.default'
const keptMetadataProperty = 'write.metadata.previous-versions-max'
const keptMetadataDefault = 100

export interface NewTable {
  uuid: string
  /** The folder of the table, without a slash at its end. */
  location: string
  fields: NewField[]
  /** The column that partitions the table: all rows of a file share its value. */
  partitionBy?: string | null
  properties?: Record<string, string>
  nowMs: number
}

export function createTable(table: NewTable): TableMetadata {
  const fields = table.fields.map((field, index) => withId(field, index + 1))
  checkNames(fields)
  const schema: Schema = { type: 'struct', 'schema-id': 0, fields }
  const spec = partitionSpec(fields, table.partitionBy ?? null)
  return {
    'format-version': 2,
    'table-uuid': table.uuid,
    location: table.location.replace(/(?<=[^/])\/+$/, ''),
    'last-sequence-number': 0,
    'last-updated-ms': table.nowMs,
    'last-column-id': fields.length,
    'current-schema-id': 0,
    schemas: [schema],
    'default-spec-id': 0,
    'partition-specs': [spec],
    'last-partition-id': firstPartitionId - 1 + spec.fields.length,
    // Order 0 means "not sorted": the metadata does not say how a file's rows are sorted.
    'default-sort-order-id': 0,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    properties: { ...table.properties, [nameMappingProperty]: nameMapping(schema) },
    'current-snapshot-id': -1,
    refs: {},
    snapshots: [],
    statistics: [],
    'partition-statistics': [],
    'snapshot-log': [],
    'metadata-log': [],
  }
}

function withId(field: NewField, id: number): Field {
  const { name, type, required = false, doc } = field
  return { id, name, required, type, ...(doc === undefined ? {} : { doc }) }
}

/** Engines fold case, each in its own way, so names must differ by more than case. */
function checkNames(fields: Field[]): void {
  const seen = new Set<string>()
  for (const { name } of fields) {
    const folded = name.toLowerCase()
    if (name === '') throw new Error('a column has no name')
    if (seen.has(folded)) throw new Error(`column ${name} is there twice`)
    seen.add(folded)
  }
}

function partitionSpec(fields: Field[], column: string | null): PartitionSpec {
  if (column === null) return { 'spec-id': 0, fields: [] }
  const source = fields.find(({ name }) => name === column)
  if (!source) throw new Error(`the partition column ${column} is not a column of the table`)
  if (source.type === 'binary') throw new Error(`cannot partition by ${column}: it is binary`)
  const field = { 'source-id': source.id, 'field-id': firstPartitionId, name: column, transform: 'identity' }
  return { 'spec-id': 0, fields: [field] }
}

export function currentSchema(metadata: TableMetadata): Schema {
  const id = metadata['current-schema-id']
  const schema = metadata.schemas.find((candidate) => candidate['schema-id'] === id)
  if (!schema) throw new Error(`the current schema ${id} is not among the schemas`)
  return schema
}

/** @throws Error when there is no such spec */
export function specById(metadata: TableMetadata, id: number): PartitionSpec {
  const spec = metadata['partition-specs'].find((candidate) => candidate['spec-id'] === id)
  if (!spec) throw new Error(`the partition spec ${id} is not among the specs`)
  return spec
}

export function currentSpec(metadata: TableMetadata): PartitionSpec {
  return specById(metadata, metadata['default-spec-id'])
}

/** The spec of files that have no partition; undefined when the table has none yet. */
export function unpartitionedSpec(metadata: TableMetadata): PartitionSpec | undefined {
  return metadata['partition-specs'].find(({ fields }) => fields.length === 0)
}

/** The metadata with an unpartitioned spec added; the default spec stays. */
export function withUnpartitioned(metadata: TableMetadata): TableMetadata {
  if (unpartitionedSpec(metadata)) return metadata
  const specs = metadata['partition-specs']
  const id = 1 + Math.max(...specs.map((spec) => spec['spec-id']))
  return { ...metadata, 'partition-specs': [...specs, { 'spec-id': id, fields: [] }] }
}

/**
 * Changes the columns to those in `wanted`: new ones, at any position, get ids that were never used, and
 * documentation may change. Returns its argument when nothing differs. Throws on any change that would make
 * existing files unreadable, or change their meaning.
 */
export function evolveSchema(metadata: TableMetadata, wanted: NewField[]): TableMetadata {
  const schema = currentSchema(metadata)
  checkOrder(schema.fields, wanted)
  const known = new Map(schema.fields.map((field) => [field.name, field]))
  let lastId = metadata['last-column-id']
  const fields = wanted.map((field) => {
    const existing = known.get(field.name)
    known.delete(field.name)
    if (existing) return keepField(existing, field)
    if (field.required)
      throw new Error(`column ${field.name} is new, so it cannot be required: old files lack it`)
    lastId += 1
    return withId(field, lastId)
  })
  if (JSON.stringify(fields) === JSON.stringify(schema.fields)) return metadata
  checkNames(fields)
  const id = 1 + Math.max(...metadata.schemas.map((existing) => existing['schema-id']))
  const evolved: Schema = { type: 'struct', 'schema-id': id, fields }
  return {
    ...metadata,
    'last-column-id': lastId,
    'current-schema-id': id,
    schemas: [...metadata.schemas, evolved],
    properties: { ...metadata.properties, [nameMappingProperty]: nameMapping(evolved) },
  }
}

/** Existing columns stay, in their order. */
function checkOrder(fields: readonly Field[], wanted: readonly NewField[]): void {
  const order = fields.map(({ name }) => wanted.findIndex((other) => other.name === name))
  for (const [index, place] of order.entries()) {
    const { name } = fields[index] as Field
    if (place < 0) throw new Error(`column ${name} would be dropped or renamed`)
    if (index > 0 && place < (order[index - 1] as number))
      throw new Error(`column ${name} would move: columns stay in their order`)
  }
}

function keepField(field: Field, wanted: NewField): Field {
  if (wanted.type !== field.type) {
    throw new Error(`column ${field.name} would change its type from ${field.type} to ${wanted.type}`)
  }
  if ((wanted.required ?? false) !== field.required) {
    const [from, to] = field.required ? ['required', 'optional'] : ['optional', 'required']
    throw new Error(`column ${field.name} would change from ${from} to ${to}`)
  }
  return withId(wanted, field.id)
}

/** Maps names to ids, for files whose columns have no ids; loglake's own files all have them. */
function nameMapping(schema: Schema): string {
  return JSON.stringify(schema.fields.map((field) => ({ 'field-id': field.id, names: [field.name] })))
}

export interface Change {
  nowMs: number
  /** The path of the metadata file before this change; null for the table's first. */
  previousFile: string | null
}

/**
 * Dates a change and logs the previous metadata file, once for each file that is written. `addSnapshot` calls
 * it, so it is only needed for changes without a snapshot. The time never goes back: readers reject a table
 * whose logs do.
 */
export function logChange(metadata: TableMetadata, { nowMs, previousFile }: Change): TableMetadata {
  const entry = { 'timestamp-ms': metadata['last-updated-ms'], 'metadata-file': previousFile ?? '' }
  const log = previousFile === null ? metadata['metadata-log'] : [...metadata['metadata-log'], entry]
  const kept = Number(metadata.properties[keptMetadataProperty] ?? keptMetadataDefault)
  return {
    ...metadata,
    'last-updated-ms': Math.max(nowMs, metadata['last-updated-ms']),
    'metadata-log': kept > 0 ? log.slice(-kept) : [],
  }
}
