/**
 * The Avro schemas of manifests and manifest lists, with Iceberg's ids. Writers differ in the names of the
 * fields (`added_files_count` was once `added_data_files_count`), never in the ids.
 *
 * Iceberg specification: "Manifests", "Manifest Lists", Appendix A, "Avro".
 */
import type { AvroSchema } from './avro.ts'
import type { ColumnType, PartitionSpec, Schema } from './types.ts'

export interface AvroField {
  name: string
  type: AvroSchema
  'field-id': number
  default?: null
}

interface AvroRecord {
  type: 'record'
  name: string
  fields: AvroField[]
  [attribute: string]: unknown
}

export const firstPartitionId = 1000

const avroTypes: Record<ColumnType, AvroSchema> = {
  string: 'string',
  boolean: 'boolean',
  int: 'int',
  long: 'long',
  double: 'double',
  date: { type: 'int', logicalType: 'date' },
  timestamptz: { type: 'long', logicalType: 'timestamp-micros', 'adjust-to-utc': true },
  binary: 'bytes',
}

export function manifestSchema(schema: Schema, spec: PartitionSpec): AvroRecord {
  return record('manifest_entry', [
    required(0, 'status', 'int'),
    optional(1, 'snapshot_id', 'long'),
    optional(3, 'sequence_number', 'long'),
    optional(4, 'file_sequence_number', 'long'),
    required(2, 'data_file', record('r2', dataFileFields(schema, spec))),
  ])
}

function dataFileFields(schema: Schema, spec: PartitionSpec): AvroField[] {
  const partition = partitionTypes(schema, spec).map(({ id, name, type }) =>
    optional(id, avroName(name), avroTypes[type]),
  )
  return [
    required(134, 'content', 'int'),
    required(100, 'file_path', 'string'),
    required(101, 'file_format', 'string'),
    required(102, 'partition', record('r102', partition)),
    required(103, 'record_count', 'long'),
    required(104, 'file_size_in_bytes', 'long'),
    optional(108, 'column_sizes', mapOf(117, 118, 'long')),
    optional(109, 'value_counts', mapOf(119, 120, 'long')),
    optional(110, 'null_value_counts', mapOf(121, 122, 'long')),
    optional(137, 'nan_value_counts', mapOf(138, 139, 'long')),
    optional(125, 'lower_bounds', mapOf(126, 127, 'bytes')),
    optional(128, 'upper_bounds', mapOf(129, 130, 'bytes')),
    optional(131, 'key_metadata', 'bytes'),
    optional(132, 'split_offsets', { type: 'array', items: 'long', 'element-id': 133 }),
    optional(135, 'equality_ids', { type: 'array', items: 'int', 'element-id': 136 }),
    optional(140, 'sort_order_id', 'int'),
  ]
}

export function manifestListSchema(): AvroRecord {
  const summary = record('r508', [
    required(509, 'contains_null', 'boolean'),
    optional(518, 'contains_nan', 'boolean'),
    optional(510, 'lower_bound', 'bytes'),
    optional(511, 'upper_bound', 'bytes'),
  ])
  return record('manifest_file', [
    required(500, 'manifest_path', 'string'),
    required(501, 'manifest_length', 'long'),
    required(502, 'partition_spec_id', 'int'),
    required(517, 'content', 'int'),
    required(515, 'sequence_number', 'long'),
    required(516, 'min_sequence_number', 'long'),
    required(503, 'added_snapshot_id', 'long'),
    required(504, 'added_files_count', 'int'),
    required(505, 'existing_files_count', 'int'),
    required(506, 'deleted_files_count', 'int'),
    required(512, 'added_rows_count', 'long'),
    required(513, 'existing_rows_count', 'long'),
    required(514, 'deleted_rows_count', 'long'),
    optional(507, 'partitions', { type: 'array', items: summary, 'element-id': 508 }),
    optional(519, 'key_metadata', 'bytes'),
  ])
}

/**
 * The partition fields with the types of their values. With `identity`, the only transform that is written,
 * that is the type of the column.
 */
export function partitionTypes(
  schema: Schema,
  spec: PartitionSpec,
): { id: number; name: string; type: ColumnType }[] {
  return spec.fields.map((field) => {
    const source = schema.fields.find((column) => column.id === field['source-id'])
    if (!source)
      throw new Error(`partition field ${field.name} is of column ${field['source-id']}, which is not`)
    if (field.transform !== 'identity') {
      throw new Error(
        `partition field ${field.name} has transform ${field.transform}, only identity is written`,
      )
    }
    return { id: field['field-id'], name: field.name, type: source.type }
  })
}

/** Avro allows fewer characters in names; Iceberg writes the others by their code. */
export function avroName(name: string): string {
  const escaped = name.replace(
    /[^A-Za-z0-9_]/gu,
    (c) => `_x${(c.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
  )
  return /^[0-9]/.test(escaped) ? `_${escaped}` : escaped
}

/** The Avro name under which `withOwnNames` puts the value of a partition field. */
export function partitionName(fieldId: number): string {
  return `p${fieldId}`
}

/**
 * A writer's schema with our names in place of its own, matched by field id. The encoding does not contain
 * names, so the file's bytes still decode, and every writer's records look alike.
 */
export function withOwnNames(schema: AvroSchema): AvroSchema {
  if (Array.isArray(schema)) return schema.map(withOwnNames)
  if (typeof schema !== 'object') return schema
  const own = { ...schema }
  if (typeof own.type === 'object') own.type = withOwnNames(own.type as AvroSchema)
  if (own.items !== undefined) own.items = withOwnNames(own.items as AvroSchema)
  if (Array.isArray(own.fields)) {
    own.fields = (own.fields as AvroField[]).map((field) => ({
      ...field,
      name: ownName(field),
      type: withOwnNames(field.type),
    }))
  }
  return own
}

function ownName(field: AvroField): string {
  const id = field['field-id']
  if (typeof id !== 'number') return field.name
  return ownNames.get(id) ?? (id >= firstPartitionId ? partitionName(id) : field.name)
}

const ownNames = new Map<number, string>()
for (const top of [manifestListSchema(), manifestSchema(noColumns(), { 'spec-id': 0, fields: [] })]) {
  collectNames(top)
}

function noColumns(): Schema {
  return { type: 'struct', 'schema-id': 0, fields: [] }
}

function collectNames(schema: AvroSchema): void {
  if (Array.isArray(schema)) {
    for (const branch of schema) collectNames(branch)
  } else if (typeof schema === 'object') {
    for (const field of (schema.fields ?? []) as AvroField[]) {
      ownNames.set(field['field-id'], field.name)
      collectNames(field.type)
    }
    if (schema.items !== undefined) collectNames(schema.items as AvroSchema)
  }
}

function record(name: string, fields: AvroField[]): AvroRecord {
  return { type: 'record', name, fields }
}

function required(id: number, name: string, type: AvroSchema): AvroField {
  return { name, type, 'field-id': id }
}

function optional(id: number, name: string, type: AvroSchema): AvroField {
  return { name, type: ['null', type], default: null, 'field-id': id }
}

/** A map with keys other than strings is an array of key-value records. */
function mapOf(keyId: number, valueId: number, value: AvroSchema): AvroSchema {
  const pair = record(`k${keyId}_v${valueId}`, [
    required(keyId, 'key', 'int'),
    required(valueId, 'value', value),
  ])
  return { type: 'array', items: pair, logicalType: 'map' }
}
