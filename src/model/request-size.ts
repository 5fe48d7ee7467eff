import { z } from 'zod'
import type { ModelRequest } from './contract.ts'
import { tokensOf } from './tokens.ts'

const known = new WeakMap<z.ZodType, Record<string, unknown>>()

/** The JSON Schema of a shape, as providers take it. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const found = known.get(schema)
  if (found) return found
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })
  known.set(schema, json as Record<string, unknown>)
  return json as Record<string, unknown>
}

/**
 * How many tokens a call reads at most: instructions, messages, and the schemas of its tools and of the
 * object that is wanted. All of it is counted as data, of which a token is shortest.
 */
export function requestTokens({ system, messages, tools = [], schema }: ModelRequest): number {
  const described = tools.map(({ name, description, input }) => ({
    name,
    description,
    input: jsonSchemaOf(input),
  }))
  const parts = [system, messages, described, ...(schema ? [jsonSchemaOf(schema)] : [])]
  return tokensOf(JSON.stringify(parts))
}
