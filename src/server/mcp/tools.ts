import type { CallToolResult, ContentBlock, Tool } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { answerShape, type Line } from '../../agent/contract.ts'
import { type Caller, call, mayCall } from '../../api/call.ts'
import type { Services } from '../../api/context.ts'
import { changesNothing, type Operation } from '../../api/contract.ts'
import { failure, Problem } from '../../api/problem.ts'
import { withoutSecrets } from '../../lib/secrets.ts'
import type { Tools } from './contract.ts'
import { bytesOf, pagesOf } from './fit.ts'
import { pageOf, type Result, type Results } from './results.ts'
import { pageUri } from './uri.ts'

type Schema = Record<string, unknown>
type Answer = Record<string, unknown>

/**
 * Operations as tools. Those that change something are none of them: a model reads text that others wrote into logs, and what
 * talks a model into closing a finding must find nothing to do it with.
 */
export function operationTools(
  services: Services,
  operations: readonly Operation[],
  results: Results,
  onFailure: (requestId: string, thrown: unknown) => void,
): Tools {
  const offered = operations.filter((one) => changesNothing(one) && one.answers !== 'download')
  const described = new Map(offered.map((one) => [one.name, toolOf(one)]))

  async function answerOf(
    one: Operation,
    given: unknown,
    caller: Caller,
    tell: (line: string) => Promise<void>,
  ): Promise<Answer> {
    const called = await call(services, operations, one, given, caller)
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
        return { isError: true, content: [{ type: 'text', text: withoutSecrets(`${title}: ${detail}`) }] }
      }
    },
  }
}

/** What a model needs of long lists: names and what they are; all of one when it is named. */
const BRIEF: Record<string, { doc: string; short(answer: Answer, given: Answer): Answer }> = {
  tables: {
    doc: 'Columns are told of one table at a time, by its `name`.',
    short: ({ tables, ...rest }, { name }) =>
      name === undefined
        ? { ...rest, tables: (tables as Answer[]).map((one) => ({ ...one, columns: [] })) }
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

/** The answer, as structure and as text. */
function shown(structuredContent: Answer, link?: ContentBlock): CallToolResult {
  const text: ContentBlock = { type: 'text', text: JSON.stringify(structuredContent) }
  return { content: link ? [text, link] : [text], structuredContent }
}

/** The page to read next; of an answer on one page, itself. */
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

/** The last of lines that come as an answer is made; those before it tell what is being done. */
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
  const output = schemaOf(one.answers === 'lines' ? answerShape : one.output, 'output')
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

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Schema {
  return z.toJSONSchema(shape, {
    io,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // Its format says it, in fewer tokens than all leap years.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
      // A later version may tell more.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  }) as Schema
}
