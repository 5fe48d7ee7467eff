import type { CallToolResult, ContentBlock, Tool } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { answerShape, type Line } from '../../agent/contract.ts'
import { type Caller, call, mayCall } from '../../api/call.ts'
import type { Services } from '../../api/context.ts'
import { answersOnce, changesNothing, type Operation } from '../../api/contract.ts'
import { failure, Problem } from '../../api/problem.ts'
import { visible } from '../../lib/terminal.ts'
import type { Tools } from './contract.ts'
import { bytesOf, pagesOf } from './fit.ts'
import { pageOf, type Result, type Results } from './results.ts'
import { pageUri } from './uri.ts'

type Schema = Record<string, unknown>
type Answer = Record<string, unknown>

/**
 * Operations as tools, without those that change something: a model reads text that others wrote into logs,
 * and an injected instruction to close a finding must find no tool for it.
 */
export function operationTools(
  services: Services,
  operations: readonly Operation[],
  results: Results,
  onFailure: (requestId: string, thrown: unknown) => void,
): Tools {
  const offered = operations.filter(isTool)
  const described = new Map(offered.map((one) => [one.name, toolOf(one)]))

  async function answerOf(
    one: Operation,
    given: unknown,
    caller: Caller,
    tell: (line: string) => Promise<void>,
  ): Promise<Answer> {
    const called = await call(services, operations, one, given, caller)
    if (called.kind === 'events') throw new Error(`${one.name} has no answer that ends`)
    return called.kind === 'json' ? JSON.parse(called.body) : await lastOf(called.pieces, tell)
  }

  return {
    list: async ({ reader }) =>
      offered.flatMap((one) => (mayCall(one, reader) ? (described.get(one.name) ?? []) : [])),
    async call(name, given, caller, tell) {
      const one = offered.find((other) => other.name === name)
      if (!one) return undefined
      try {
        const whole = await answerOf(one, given, caller, tell)
        const answer = BRIEF[name]?.short(whole, given) ?? whole
        const paged = pagesOf(answer)
        const [first] = paged.pages
        if (paged.pages.length === 1 && one.queue !== 'question') return shown(first.value)
        const version = typeof answer.version === 'number' ? answer.version : null
        const kept = results.keep(caller.reader, { tool: one.name, version, paged, bytes: bytesOf(answer) })
        const page = paged.pages.length > 1 ? { page: pageOf(kept, 1) } : {}
        return shown({ ...first.value, ...page }, linkTo(kept))
      } catch (thrown) {
        if (!(thrown instanceof Problem)) onFailure(caller.requestId, thrown)
        const { title, detail } =
          thrown instanceof Problem ? { title: thrown.title, detail: thrown.message } : failure(thrown)
        return { isError: true, content: [{ type: 'text', text: shownText(`${title}: ${detail}`) }] }
      }
    },
  }
}

/** Whether MCP offers the operation. */
export function isTool(one: Operation): boolean {
  return changesNothing(one) && answersOnce(one) && one.noTool !== true
}

/** Shortens long lists for a model to names and kinds; one named entry has all details. */
const BRIEF: Record<string, { doc: string; short(answer: Answer, given: Answer): Answer }> = {
  tables: {
    doc: 'Columns are told of one table at a time, by its `name`.',
    short: ({ tables, ...rest }, { name }) =>
      name === undefined
        ? { ...rest, tables: (tables as Answer[]).map(shortTable) }
        : { ...rest, tables, functions: [] },
  },
  queries: {
    doc: 'SQL is told of one question at a time, by its `name`; ask it with `named`.',
    short: ({ queries, ...rest }, { name }) =>
      name === undefined
        ? { ...rest, queries: (queries as Answer[]).map((one) => ({ ...one, sql: '' })) }
        : { ...rest, queries },
  },
}

/** Without its title, which begins its `doc`, and its sizes: the list is to be one page. */
function shortTable({ title: _, files: __, bytes: ___, ...one }: Answer): Answer {
  return { ...one, columns: [] }
}

/** An error may quote a value of a log or of the caller: many clients write it to a terminal. */
function shownText(text: string): string {
  return text.split('\n').map(visible).join('\n')
}

/** The answer, as structure and as text. */
function shown(structuredContent: Answer, link?: ContentBlock): CallToolResult {
  const text: ContentBlock = { type: 'text', text: JSON.stringify(structuredContent) }
  return { content: link ? [text, link] : [text], structuredContent }
}

/** The page to read next; for an answer of one page, that page. */
function linkTo({ id, tool, paged }: Result): ContentBlock {
  const { length } = paged.pages
  return {
    type: 'resource_link',
    uri: pageUri(id, Math.min(2, length)),
    name: `${tool} ${id}`,
    mimeType: 'application/json',
    description:
      length === 1
        ? 'This result, for as long as the server keeps it.'
        : `The next page of this result, 2 of ${length}.`,
  }
}

/** The last line of an answer in lines; the earlier ones report progress. */
async function lastOf(
  pieces: AsyncIterable<Uint8Array | string>,
  tell: (line: string) => Promise<void>,
): Promise<Answer> {
  let answer: Answer | undefined
  // Each piece is a line.
  for await (const piece of pieces) {
    const line = JSON.parse(String(piece)) as Line
    if (line.kind === 'progress') await tell(line.text)
    else if (line.kind === 'answer') answer = line.answer
    else throw new Problem(503, 'No answer', line.detail)
  }
  if (!answer) throw new Problem(503, 'No answer', 'The answer broke off: ask again.')
  return answer
}

const PAGE: Schema = {
  type: 'object',
  description:
    'Present when the answer is longer than a page: `next` is the resource with the next part of `list`.',
  properties: {
    number: { type: 'integer' },
    of: { type: 'integer' },
    list: { type: 'string' },
    from: { type: 'integer' },
    to: { type: 'integer' },
    members: { type: 'integer' },
    next: { type: 'string' },
  },
  required: ['number', 'of'],
}

function toolOf(one: Operation): Tool {
  const output = outlineOf(schemaOf(one.answers === 'lines' ? answerShape : one.output, 'output'), DEPTH)
  const title = `${one.name[0]?.toUpperCase()}${one.name.slice(1).replaceAll('-', ' ')}`
  return {
    name: one.name,
    title,
    description: [one.doc, BRIEF[one.name]?.doc].filter(Boolean).join(' '),
    inputSchema: { ...schemaOf(one.input, 'input'), type: 'object', additionalProperties: false },
    outputSchema: {
      ...output,
      type: 'object',
      properties: { ...(output.properties as Schema), page: PAGE },
    } as Tool['outputSchema'],
    annotations: {
      title,
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
  }
}

/** Levels of an answer's form that the description shows. */
const DEPTH = 2

/**
 * A schema without descriptions, to some depth: each client holds those of all tools in its context, and an
 * answer shows its form itself.
 */
function outlineOf(schema: Schema, depth: number): Schema {
  const { type, properties, required, items, anyOf, enum: values } = schema
  if (depth === 0) return type === undefined ? {} : { type }
  const inner = (one: unknown) => outlineOf(one as Schema, depth - 1)
  return {
    ...(type === undefined ? {} : { type }),
    ...(values === undefined ? {} : { enum: values }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties as Schema).map(([name, one]) => [name, inner(one)]),
          ),
        }),
    ...(required === undefined ? {} : { required }),
    ...(items === undefined ? {} : { items: inner(items) }),
    ...(Array.isArray(anyOf) ? { anyOf: anyOf.map((one) => outlineOf(one as Schema, depth)) } : {}),
  }
}

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Schema {
  return z.toJSONSchema(shape, {
    io,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // The format describes it in fewer tokens than a pattern that knows leap years.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
      // A later version may add fields.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  }) as Schema
}
