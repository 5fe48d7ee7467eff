/** DuckDB's column types in the terms of other engines. */

/** A parsed type, from DuckDB's name for it in small letters, as `describe` gives it. */
export type Type =
  | { kind: 'plain'; name: string }
  | { kind: 'list'; of: Type }
  | { kind: 'map'; key: Type; value: Type }
  | { kind: 'struct'; fields: { name: string; type: Type }[] }

/** By DuckDB's name: the names of Iceberg, Trino and Spark. */
const PLAIN: Record<string, readonly [iceberg: string, trino: string, spark: string]> = {
  varchar: ['string', 'varchar', 'string'],
  json: ['string', 'varchar', 'string'],
  uuid: ['string', 'varchar', 'string'],
  boolean: ['boolean', 'boolean', 'boolean'],
  integer: ['int', 'integer', 'int'],
  bigint: ['long', 'bigint', 'bigint'],
  // DuckDB's type of counts and sums; none of ours comes near the limit of a bigint.
  hugeint: ['long', 'bigint', 'bigint'],
  double: ['double', 'double', 'double'],
  date: ['date', 'date', 'date'],
  timestamptz: ['timestamptz', 'timestamp(6) with time zone', 'timestamp'],
  blob: ['binary', 'varbinary', 'binary'],
}

/** @throws Error on a type that our views must not have */
export function readType(text: string): Type {
  let at = 0
  const type = one()
  if (at < text.length) throw new Error(`a type that is not known: ${text}`)
  return type

  function one(): Type {
    let type = single()
    while (take('[]')) type = { kind: 'list', of: type }
    return type
  }

  function single(): Type {
    if (take('struct(')) {
      const fields: { name: string; type: Type }[] = []
      do fields.push({ name: name(), type: one() })
      while (take(', '))
      expect(')')
      return { kind: 'struct', fields }
    }
    if (take('map(')) {
      const key = one()
      expect(', ')
      const value = one()
      expect(')')
      return { kind: 'map', key, value }
    }
    const [found = ''] = /^[a-z]+/.exec(text.slice(at)) ?? []
    if (!Object.hasOwn(PLAIN, found)) throw new Error(`a type that is not known: ${text}`)
    at += found.length
    return { kind: 'plain', name: found }
  }

  function name(): string {
    const [whole = '', quoted, bare] = /^(?:"((?:[^"]|"")+)"|(\w+)) /.exec(text.slice(at)) ?? []
    if (whole === '') throw new Error(`a type that is not known: ${text}`)
    at += whole.length
    return quoted?.replaceAll('""', '"') ?? (bare as string)
  }

  function take(part: string): boolean {
    if (!text.startsWith(part, at)) return false
    at += part.length
    return true
  }

  function expect(part: string): void {
    if (!take(part)) throw new Error(`a type that is not known: ${text}`)
  }
}

export function trinoType(type: Type): string {
  if (type.kind === 'plain') return PLAIN[type.name]?.[1] as string
  if (type.kind === 'list') return `array(${trinoType(type.of)})`
  if (type.kind === 'map') return `map(${trinoType(type.key)}, ${trinoType(type.value)})`
  return `row(${type.fields.map((field) => `"${field.name}" ${trinoType(field.type)}`).join(', ')})`
}

export function sparkType(type: Type): string {
  if (type.kind === 'plain') return PLAIN[type.name]?.[2] as string
  if (type.kind === 'list') return `array<${sparkType(type.of)}>`
  if (type.kind === 'map') return `map<${sparkType(type.key)}, ${sparkType(type.value)}>`
  return `struct<${type.fields.map((field) => `\`${field.name}\`: ${sparkType(field.type)}`).join(', ')}>`
}

/** The type as Hive and Glue write it: for display only, the engine uses the table's metadata. */
export function hiveType(type: Type): string {
  return sparkType(type).replaceAll('`', '').replaceAll(': ', ':').replaceAll(', ', ',')
}

/** The type as JSON of an Iceberg schema; each nested field takes the next id. */
export function icebergType(type: Type, nextId: () => number): unknown {
  if (type.kind === 'plain') return PLAIN[type.name]?.[0]
  if (type.kind === 'list') {
    const id = nextId()
    return {
      type: 'list',
      'element-id': id,
      element: icebergType(type.of, nextId),
      'element-required': false,
    }
  }
  if (type.kind === 'map') {
    const [key, value] = [nextId(), nextId()]
    return {
      type: 'map',
      'key-id': key,
      key: icebergType(type.key, nextId),
      'value-id': value,
      value: icebergType(type.value, nextId),
      'value-required': false,
    }
  }
  const fields = type.fields.map((field) => ({ id: nextId(), ...field }))
  return {
    type: 'struct',
    fields: fields.map(({ id, name, type: inner }) => ({
      id,
      name,
      required: false,
      type: icebergType(inner, nextId),
    })),
  }
}
