import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { streamEvent, streamException } from './event-stream.ts'
import { google, ollama } from './other-wires.ts'

/** What a scripted model does when it is called. */
export interface Move {
  text?: string
  tools?: readonly { name: string; input?: unknown; raw?: string }[]
  /** What it answers where an object is wanted. */
  object?: unknown
  /** An answer of HTTP in place of one of the model. */
  status?: number
  body?: string
  headers?: Readonly<Record<string, string>>
  /** The connection breaks off in the middle of the answer. */
  cut?: boolean
  /** A stream ends with an exception of the service in it. */
  exception?: string
  finish?: 'stop' | 'length' | 'guardrail' | 'context'
  usage?: { input: number; output: number }
}

/** A call that it got. */
export interface Asked {
  wire: 'converse' | 'invoke' | 'anthropic' | 'openai' | 'google' | 'ollama'
  streams: boolean
  /** The whole body, as it was sent. */
  body: string
  /** Texts of results of tools in the last message. */
  results: string[]
  /** Who it says that it is. */
  agent: string
  /** Whether tools may be called: then it is the planner, else the reader of texts. */
  hasTools: boolean
  number: number
}

export interface Scripted {
  url: string
  asked: Asked[]
  /** Each call is answered by the next move; a function decides by the call. Beyond the end it says `That is all.` */
  script: readonly Move[] | ((asked: Asked) => Move | Promise<Move>)
  close(): Promise<void>
}

/** A model server that says what it is told to, in the words of Bedrock, Anthropic and OpenAI. It listens on this machine only. */
export async function scriptedServer(): Promise<Scripted> {
  const scripted: Scripted = { url: '', asked: [], script: [], close: async () => undefined }
  const server = createServer((request, response) => {
    answer(scripted, request, response).catch((thrown) => {
      response.writeHead(599).end(String(thrown))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  scripted.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  scripted.close = async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  return scripted
}

async function answer(scripted: Scripted, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const body = Buffer.concat(pieces).toString('utf8')
  const path = decodeURIComponent(request.url ?? '')
  const sent = JSON.parse(body)
  const [, operation] =
    /^\/model\/.+\/(converse|converse-stream|invoke|invoke-with-response-stream)$/.exec(path) ?? []
  const wire = operation?.startsWith('converse')
    ? 'converse'
    : operation
      ? 'invoke'
      : path.endsWith('/messages')
        ? 'anthropic'
        : path.endsWith('/chat/completions')
          ? 'openai'
          : /:(?:streamG|g)enerateContent$/.test(path.split('?')[0] ?? '')
            ? 'google'
            : path.endsWith('/chat')
              ? 'ollama'
              : undefined
  if (!wire) return void response.writeHead(404).end('{}')
  const streams = operation
    ? operation.includes('stream')
    : sent.stream === true || path.includes(':streamGenerateContent')
  const names = toolNames(wire, sent)
  const wantsObject = names.includes('json')
  const asked: Asked = {
    ...{ wire, streams, body, number: scripted.asked.length, hasTools: names.length > 0 && !wantsObject },
    results: resultsIn(sent),
    agent: request.headers['user-agent'] ?? '',
  }
  scripted.asked.push(asked)
  const { script } = scripted
  const move: Move =
    typeof script === 'function' ? await script(asked) : (script[asked.number] ?? { text: 'That is all.' })
  if (move.status !== undefined) {
    response.writeHead(move.status, { 'content-type': 'application/json', ...move.headers })
    return void response.end(move.body ?? '{}')
  }
  const made = move.object === undefined ? move : objectMove(move, wantsObject)
  const full = { ...made, usage: made.usage ?? { input: Math.ceil(body.length / 4), output: 50 } }
  const parts = WIRES[wire](full, streams)
  response.writeHead(200, { 'content-type': parts.type })
  const sentParts = move.cut
    ? parts.pieces.slice(0, Math.max(1, Math.floor(parts.pieces.length / 2)))
    : parts.pieces
  for (const piece of sentParts)
    response.write(move.cut && !streams ? piece.subarray(0, piece.length / 2) : piece)
  if (move.cut) setTimeout(() => response.destroy(), 20)
  else response.end()
}

function objectMove(move: Move, asTool: boolean): Move {
  const { object, ...rest } = move
  return asTool
    ? { ...rest, tools: [{ name: 'json', input: object }] }
    : { ...rest, text: JSON.stringify(object) }
}

export type Full = Move & { usage: { input: number; output: number } }
export interface Parts {
  type: string
  pieces: Buffer[]
}

const raw = (tool: { input?: unknown; raw?: string }) => tool.raw ?? JSON.stringify(tool.input ?? {})
const inputOf = (tool: { input?: unknown; raw?: string }) =>
  tool.raw === undefined ? (tool.input ?? {}) : tool.raw
export const json = (value: unknown): Parts => ({
  type: 'application/json',
  pieces: [Buffer.from(JSON.stringify(value))],
})
export const halves = (text: string) => [
  text.slice(0, Math.ceil(text.length / 2)),
  text.slice(Math.ceil(text.length / 2)),
]

const WIRES: Record<Asked['wire'], (move: Full, streams: boolean) => Parts> = {
  converse,
  invoke,
  anthropic,
  openai,
  google,
  ollama,
}

export function reasonOf(
  move: Move,
  names: { stop: string; tools: string; length: string; guardrail: string; context: string },
): string {
  if (move.finish !== undefined) return names[move.finish]
  return (move.tools?.length ?? 0) > 0 ? names.tools : names.stop
}

function converse(move: Full, streams: boolean): Parts {
  const stopReason = reasonOf(move, {
    ...{ stop: 'end_turn', tools: 'tool_use', length: 'max_tokens', guardrail: 'guardrail_intervened' },
    context: 'model_context_window_exceeded',
  })
  const usage = {
    inputTokens: move.usage.input,
    outputTokens: move.usage.output,
    totalTokens: move.usage.input + move.usage.output,
  }
  const tools = (move.tools ?? []).map((tool) => ({ ...tool, id: `tooluse_${randomUUID()}` }))
  if (!streams) {
    const content = [
      ...(move.text === undefined ? [] : [{ text: move.text }]),
      ...tools.map((tool) => ({ toolUse: { toolUseId: tool.id, name: tool.name, input: inputOf(tool) } })),
    ]
    return json({
      output: { message: { role: 'assistant', content } },
      stopReason,
      usage,
      metrics: { latencyMs: 1 },
    })
  }
  const pieces = [streamEvent('messageStart', { role: 'assistant' })]
  let contentBlockIndex = 0
  if (move.text !== undefined) {
    for (const text of halves(move.text))
      pieces.push(streamEvent('contentBlockDelta', { contentBlockIndex, delta: { text } }))
    pieces.push(streamEvent('contentBlockStop', { contentBlockIndex: contentBlockIndex++ }))
  }
  for (const tool of tools) {
    pieces.push(
      streamEvent('contentBlockStart', {
        contentBlockIndex,
        start: { toolUse: { toolUseId: tool.id, name: tool.name } },
      }),
    )
    for (const input of halves(raw(tool)))
      pieces.push(streamEvent('contentBlockDelta', { contentBlockIndex, delta: { toolUse: { input } } }))
    pieces.push(streamEvent('contentBlockStop', { contentBlockIndex: contentBlockIndex++ }))
  }
  if (move.exception !== undefined) pieces.push(streamException(move.exception, 'as the script wants'))
  else
    pieces.push(
      streamEvent('messageStop', { stopReason }),
      streamEvent('metadata', { usage, metrics: { latencyMs: 1 } }),
    )
  return { type: 'application/vnd.amazon.eventstream', pieces }
}

/** The body is that of Anthropic's models. */
function invoke(move: Full, streams: boolean): Parts {
  if (!streams) return anthropic(move, false)
  const chunks = anthropicEvents(move).map((event) =>
    streamEvent('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') }),
  )
  return { type: 'application/vnd.amazon.eventstream', pieces: chunks }
}

const ANTHROPIC = {
  stop: 'end_turn',
  tools: 'tool_use',
  length: 'max_tokens',
  guardrail: 'refusal',
  context: 'model_context_window_exceeded',
}

function anthropic(move: Full, streams: boolean): Parts {
  if (streams)
    return {
      type: 'text/event-stream',
      pieces: anthropicEvents(move).map((event) =>
        Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
      ),
    }
  const content = [
    ...(move.text === undefined ? [] : [{ type: 'text', text: move.text }]),
    ...(move.tools ?? []).map((tool) => ({
      type: 'tool_use',
      id: `toolu_${randomUUID()}`,
      name: tool.name,
      input: inputOf(tool),
    })),
  ]
  return json({
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'scripted', content },
    ...{ stop_reason: reasonOf(move, ANTHROPIC), stop_sequence: null },
    usage: { input_tokens: move.usage.input, output_tokens: move.usage.output },
  })
}

function anthropicEvents(move: Full): { type: string }[] {
  const events: { type: string; [more: string]: unknown }[] = [
    {
      type: 'message_start',
      message: {
        ...{
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'scripted',
          content: [],
          stop_reason: null,
          stop_sequence: null,
        },
        usage: { input_tokens: move.usage.input, output_tokens: 1 },
      },
    },
  ]
  let index = 0
  if (move.text !== undefined) {
    events.push({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } })
    for (const text of halves(move.text))
      events.push({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } })
    events.push({ type: 'content_block_stop', index: index++ })
  }
  for (const tool of move.tools ?? []) {
    const block = { type: 'tool_use', id: `toolu_${randomUUID()}`, name: tool.name, input: {} }
    events.push({ type: 'content_block_start', index, content_block: block })
    for (const partial_json of halves(raw(tool)))
      events.push({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } })
    events.push({ type: 'content_block_stop', index: index++ })
  }
  if (move.exception !== undefined)
    events.push({ type: 'error', error: { type: move.exception, message: 'as the script wants' } })
  else
    events.push(
      {
        type: 'message_delta',
        delta: { stop_reason: reasonOf(move, ANTHROPIC), stop_sequence: null },
        usage: { output_tokens: move.usage.output },
      },
      { type: 'message_stop' },
    )
  return events
}

function openai(move: Full, streams: boolean): Parts {
  const finish_reason = reasonOf(move, {
    stop: 'stop',
    tools: 'tool_calls',
    length: 'length',
    guardrail: 'content_filter',
    context: 'length',
  })
  const usage = {
    prompt_tokens: move.usage.input,
    completion_tokens: move.usage.output,
    total_tokens: move.usage.input + move.usage.output,
  }
  const base = { id: 'chatcmpl-1', created: 1_767_225_600, model: 'scripted' }
  const tools = (move.tools ?? []).map((tool, index) => ({
    ...{ index, id: `call_${randomUUID()}`, type: 'function' },
    function: { name: tool.name, arguments: raw(tool) },
  }))
  if (!streams) {
    const message = {
      role: 'assistant',
      content: move.text ?? null,
      ...(tools.length > 0 ? { tool_calls: tools } : {}),
    }
    return json({
      ...base,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason }],
      usage,
    })
  }
  const chunk = (delta: object, finish: string | null = null) => ({
    ...{ ...base, object: 'chat.completion.chunk' },
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const chunks: object[] = [chunk({ role: 'assistant', content: '' })]
  if (move.text !== undefined) for (const content of halves(move.text)) chunks.push(chunk({ content }))
  for (const tool of tools) {
    chunks.push(chunk({ tool_calls: [{ ...tool, function: { name: tool.function.name, arguments: '' } }] }))
    for (const part of halves(tool.function.arguments))
      chunks.push(chunk({ tool_calls: [{ index: tool.index, function: { arguments: part } }] }))
  }
  if (move.exception !== undefined)
    chunks.push({ error: { message: 'as the script wants', type: move.exception } })
  else chunks.push(chunk({}, finish_reason), { ...base, object: 'chat.completion.chunk', choices: [], usage })
  const lines = chunks.map((one) => Buffer.from(`data: ${JSON.stringify(one)}\n\n`))
  return { type: 'text/event-stream', pieces: [...lines, Buffer.from('data: [DONE]\n\n')] }
}

interface SentTool {
  name?: string
  functionDeclarations?: { name: string }[]
  toolSpec?: { name: string }
  function?: { name: string }
}

function toolNames(
  wire: Asked['wire'],
  sent: { tools?: SentTool[]; toolConfig?: { tools?: SentTool[] } },
): string[] {
  const tools = (wire === 'converse' ? sent.toolConfig?.tools : sent.tools) ?? []
  return tools.flatMap(
    (tool) =>
      tool.functionDeclarations?.map((one) => one.name) ?? [
        tool.toolSpec?.name ?? tool.function?.name ?? tool.name ?? '',
      ],
  )
}

/** Texts of results of tools in the last message or messages, in their order, on any wire. */
function resultsIn({
  messages = [],
  contents = [],
}: {
  messages?: { role: string; content: unknown }[]
  contents?: { parts: { functionResponse?: { response: { content: string } } }[] }[]
}): string[] {
  // As Google has them.
  const found = (contents.at(-1)?.parts ?? []).flatMap(
    (part) => part.functionResponse?.response.content ?? [],
  )
  for (const { role, content } of [...messages].reverse()) {
    if (role === 'assistant') break
    if (role === 'tool') found.unshift(String(content))
    if (!Array.isArray(content)) continue
    const here: string[] = []
    for (const part of content) {
      const text =
        part.toolResult?.content?.[0]?.text ??
        (part.type === 'tool_result' ? textOf(part.content) : undefined)
      if (text !== undefined) here.push(text)
    }
    found.unshift(...here)
  }
  return found
}

function textOf(content: unknown): string {
  return Array.isArray(content) ? content.map((part) => part.text ?? '').join('') : String(content)
}
