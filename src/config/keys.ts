import { z } from 'zod'
import { configSchema } from './schema.ts'

/** The keys of a section; in a section with user-chosen names, those of the values. */
export function keysOf(path: readonly string[], values: unknown): string[] {
  let schema: unknown = configSchema
  for (const [at, key] of path.entries()) {
    const inner = unwrapped(schema, valueAt(values, path.slice(0, at)))
    schema = inner instanceof z.ZodRecord ? inner.valueType : (inner as z.ZodObject | undefined)?.shape[key]
  }
  const found = valueAt(values, path)
  const inner = unwrapped(schema, found)
  return Object.keys(
    inner instanceof z.ZodObject ? inner.shape : inner instanceof z.ZodRecord ? (found ?? {}) : {},
  )
}

/** The schema of a section; among several, the one for the value's type. */
function unwrapped(schema: unknown, value: unknown): z.ZodObject | z.ZodRecord | undefined {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return unwrapped(schema.unwrap(), value)
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { type } = (value ?? {}) as { type?: unknown }
    return schema.options.find(
      (option): option is z.ZodObject =>
        option instanceof z.ZodObject && (option.shape.type as z.ZodLiteral).value === type,
    )
  }
  return schema instanceof z.ZodObject || schema instanceof z.ZodRecord ? schema : undefined
}

/** All keys with a value, as in `ingest.batch.bytes`; with `values`, also those with user-chosen names. */
export function configKeys(values: unknown = {}, path: readonly string[] = []): string[] {
  return keysOf(path, values).flatMap((key) => {
    const below = configKeys(values, [...path, key])
    if (below.length > 0 || isNamed([...path, key])) return below
    return [[...path, key].join('.')]
  })
}

/** Whether a section has user-chosen names, and may be empty. */
function isNamed(path: readonly string[]): boolean {
  return path.length === 1 && ['sources', 'variables', 'destinations', 'routes'].includes(path[0] as string)
}

/** The JSON Schema of `loglake.yaml`, for editors. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' })
  return { $schema: schema.$schema, title: 'loglake.yaml', ...schema }
}

/** The value at a path of keys; undefined when there is none. */
export function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], values)
}
