// The exchanges between an agent and its model, call by call: each call sends the history again.
import {
  CODE_TASKS,
  CODE_TOOLS,
  SUPPORT_SYSTEM,
  SUPPORT_TOOLS,
  TICKETS,
  type Ticket,
  type ToolCall,
  TRAP,
} from './conversations.ts'
import type { Json, JsonObject } from './organisation.ts'
import { LETTERS_AND_DIGITS, type Random } from './random.ts'

export interface Tokens {
  input: number
  output: number
  cached: number
}

export interface Exchange {
  input: JsonObject
  output(tokens: Tokens): Json
  metadata?: JsonObject
  cached?: true
  large?: true
}

// Converse: the agent of a ticket. It ends with its calls, with or without an answer.
export function supportRun(random: Random, failed: boolean[], session: string, trapped: boolean): Exchange[] {
  const ticket = trapped ? TRAP : random.pick(TICKETS)
  const toolConfig = {
    tools: SUPPORT_TOOLS.map(({ name, description, schema }) => ({
      toolSpec: { name, description, inputSchema: { json: schema } },
    })),
  }
  const messages: JsonObject[] = [{ role: 'user', content: [{ text: ticket.question }] }]
  let turn = 0
  return failed.map((refused, place) => {
    const tool = place < failed.length - 1 ? ticket.tools[turn] : undefined
    const toolUseId = `tooluse_${random.text(LETTERS_AND_DIGITS, 22)}`
    const content: JsonObject[] = tool
      ? [{ text: 'One moment.' }, { toolUse: { toolUseId, name: tool.name, input: tool.input } }]
      : [{ text: lastWord(ticket, turn) }]
    const input = {
      system: [{ text: SUPPORT_SYSTEM }],
      messages: [...messages],
      toolConfig,
      inferenceConfig: { maxTokens: 2048 },
    }
    // A failed call returned nothing: the next one repeats the request.
    if (!refused) {
      turn++
      const next = tool ? converseResult(toolUseId, tool) : { text: 'Thank you.' }
      messages.push({ role: 'assistant', content }, { role: 'user', content: [next] })
    }
    const latencyMs = random.between(700, 5200)
    return {
      input,
      metadata: { team: 'support', ticket: session },
      output: (tokens) => ({
        output: { message: { role: 'assistant', content } },
        stopReason: tool ? 'tool_use' : 'end_turn',
        metrics: { latencyMs },
        usage: {
          inputTokens: tokens.input,
          outputTokens: tokens.output,
          totalTokens: tokens.input + tokens.output,
        },
      }),
    }
  })
}

function lastWord({ tools, answer }: Ticket, turn: number): string {
  if (turn < tools.length) return 'Please wait for a colleague.'
  return turn === tools.length ? answer : 'You are welcome. Is there anything else?'
}

function converseResult(toolUseId: string, { result, failed }: ToolCall): JsonObject {
  const status = failed ? 'error' : 'success'
  return { toolResult: { toolUseId, content: [{ text: result }], status } }
}

// InvokeModelWithResponseStream: an employee's coding agent, in Anthropic's own format. The log has the
// chunks.
export function codeRun(random: Random, failed: boolean[]): Exchange[] {
  const task = random.pick(CODE_TASKS)
  const tools = CODE_TOOLS.map(({ name, description, schema }) => ({
    name,
    description,
    input_schema: schema,
  }))
  const messages: JsonObject[] = [{ role: 'user', content: task.prompt }]
  let turn = 0
  return failed.map((refused, place) => {
    const tool = place < failed.length - 1 ? task.tools[turn] : undefined
    const id = `toolu_bdrk_${random.text(LETTERS_AND_DIGITS, 24)}`
    const text = turn < task.tools.length ? 'Let me look.' : task.answer
    const input = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 8192,
      system: 'You are a careful programmer. Say what you do before you do it.',
      tools,
      messages: [...messages],
    }
    const used = tool && { input: tool.input, name: tool.name, id, type: 'tool_use' }
    if (!refused) {
      turn++
      const next = tool ? anthropicResult(id, tool) : { role: 'user', content: 'Go on.' }
      const content = [...(used ? [used] : []), { type: 'text', text }]
      messages.push({ role: 'assistant', content }, next)
    }
    const first = random.between(320, 1400)
    const latency = first + random.between(900, 9000)
    return {
      input,
      cached: true,
      ...(place === 6 && { large: true }),
      output: (tokens) => chunks(tokens, text, tool && { ...tool, id }, { first, latency }),
    }
  })
}

function anthropicResult(id: string, { result, failed }: ToolCall): JsonObject {
  return {
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: id, content: result, ...(failed && { is_error: true }) }],
  }
}

function chunks(
  { input, output, cached }: Tokens,
  text: string,
  tool: (ToolCall & { id: string }) | undefined,
  { first, latency }: { first: number; latency: number },
): JsonObject[] {
  const middle = Math.ceil(text.length / 2)
  const usage = { input_tokens: input, cache_read_input_tokens: cached, cache_creation_input_tokens: 0 }
  const delta = (index: number, of: JsonObject) => ({ type: 'content_block_delta', index, delta: of })
  const json = JSON.stringify(tool?.input ?? {})
  return [
    {
      type: 'message_start',
      message: {
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-4-5-20250929',
        content: [],
        usage: { ...usage, output_tokens: 2 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    delta(0, { type: 'text_delta', text: text.slice(0, middle) }),
    delta(0, { type: 'text_delta', text: text.slice(middle) }),
    { type: 'content_block_stop', index: 0 },
    ...(tool
      ? [
          {
            type: 'content_block_start',
            index: 1,
            content_block: { type: 'tool_use', id: tool.id, name: tool.name, input: {} },
          },
          delta(1, { type: 'input_json_delta', partial_json: json.slice(0, 9) }),
          delta(1, { type: 'input_json_delta', partial_json: json.slice(9) }),
          { type: 'content_block_stop', index: 1 },
        ]
      : []),
    {
      type: 'message_delta',
      delta: { stop_reason: tool ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { output_tokens: output },
    },
    {
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: input,
        outputTokenCount: output,
        invocationLatency: latency,
        firstByteLatency: first,
        cacheReadInputTokenCount: cached,
      },
    },
  ]
}

// InvokeModel: the index of the documents, and the small model that titles them.
export function embedding(random: Random, modelId: string): Exchange {
  const page = `Help page ${random.between(1, 400)}: how an order is changed, returned or paid.`
  if (!modelId.includes('embed')) {
    const messages = [{ role: 'user', content: `Give this page a title: ${page}` }]
    return {
      input: { anthropic_version: 'bedrock-2023-05-31', max_tokens: 64, messages },
      output: ({ input, output }) => ({
        type: 'message',
        role: 'assistant',
        model: 'claude-haiku-4-5-20251001',
        content: [{ type: 'text', text: 'Changing, returning and paying for an order' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: input, output_tokens: output },
      }),
    }
  }
  const vector = Array.from({ length: 8 }, () => random.between(-999, 999) / 10_000)
  return {
    input: { inputText: page, dimensions: 8, normalize: true },
    output: ({ input }) => ({ embedding: vector, inputTextTokenCount: input }),
  }
}
