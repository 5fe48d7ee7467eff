import { z } from 'zod'
import type { Operation } from '../api/contract.ts'

type Schema = Record<string, unknown>

/** The document at `/api/openapi.json` (OpenAPI 3.1), generated from the schemas that validate input. */
export function openApi(operations: readonly Operation[], version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'loglake',
      version,
      description: 'What can be asked of a lake of audit logs. Every call is recorded in its access log.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, {}],
    paths: Object.fromEntries(operations.map((one) => [`/api/${one.name}`, pathOf(one)])),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token of loglake.' },
      },
      schemas: { Problem: PROBLEM },
    },
  }
}

const PROBLEM: Schema = {
  type: 'object',
  description: 'RFC 9457.',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
  },
  required: ['type', 'title', 'status', 'detail', 'instance'],
}

/** Statuses that any operation may answer. */
const REFUSALS: Record<string, string> = {
  400: 'The question is wrong.',
  401: 'Nobody is signed in.',
  403: 'This role may not do this.',
  404: 'There is nothing here that the reader may see.',
  409: 'Somebody else was first.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The input is wrong; `fields` says where.',
  429: 'Too many requests of one reader.',
  503: 'Too busy, or the access log cannot be written: nothing is shown.',
}

function pathOf(one: Operation): Record<string, unknown> {
  const input = schemaOf(one.input, 'input')
  const properties = (input.properties ?? {}) as Record<string, Schema>
  const required = (input.required ?? []) as string[]
  const common = {
    operationId: one.name,
    summary: one.doc,
    responses: {
      200: {
        description: 'Done.',
        content: contentOf(one),
      },
      ...Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          status,
          {
            description,
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
      // Node answers this itself, before the server sees the request.
      431: { description: 'The address and the headers are too long.' },
    },
  }
  if (one.kind === 'write')
    return {
      post: {
        ...common,
        requestBody: { required: true, content: { 'application/json': { schema: input } } },
      },
    }
  const parameters = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
    ...(typeof schema.description === 'string' ? { description: schema.description } : {}),
    // Repeated parameters: `where=a&where=b`.
    ...(schema.type === 'array' ? { style: 'form', explode: true } : {}),
  }))
  return { get: { ...common, parameters } }
}

const MEDIA_TYPES = {
  json: 'application/json',
  lines: 'application/x-ndjson',
  download: 'application/octet-stream',
  // The schema is that of an event's data.
  events: 'text/event-stream',
} as const

function contentOf({ answers, mediaTypes, output }: Operation): Record<string, unknown> {
  if (mediaTypes) return Object.fromEntries(mediaTypes.map((type) => [type, {}]))
  return { [MEDIA_TYPES[answers ?? 'json']]: { schema: schemaOf(output, 'output') } }
}

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' })
  return schema
}
