import { gzipSync } from 'node:zlib'
import type { Random } from '../../samples/random.ts'
import type { MadeFile } from './made.ts'
import { ACCOUNTS, hourPath, iso, pieces, prose, REGIONS } from './words.ts'

const MODELS = [
  'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'anthropic.claude-haiku-4-5-20251001-v1:0',
] as const
const TOOLS = ['list_files', 'read_file', 'write_file', 'run_query', 'send_message'] as const

/** Model invocation logs: agents whose conversations re-send their history, single questions, some of them streamed. */
export function bedrockFile(random: Random, at: number): MadeFile {
  const account = random.pick(ACCOUNTS)
  const region = random.pick(REGIONS)
  const lines: string[] = []
  for (let next = at; lines.length < 120; next += random.below(8)) {
    const shared = { account, region, at: next }
    if (random.chance(0.4)) lines.push(...conversation(random, shared))
    else lines.push(random.chance(0.3) ? streamed(random, shared) : asked(random, shared))
  }
  const text = lines.join('\n')
  const name = `${iso(at).replaceAll(/[-:]/g, '').slice(0, 15)}123Z_${random.hex(16)}.json.gz`
  const key = `logs/AWSLogs/${account}/BedrockModelInvocationLogs/${region}/${hourPath(at)}/${name}`
  return { key, bytes: gzipSync(text), expanded: Buffer.byteLength(text) }
}

interface Shared {
  account: string
  region: string
  at: number
}

function record(
  random: Random,
  { account, region, at }: Shared,
  operation: string,
  input: object,
  output: object,
) {
  const [asked, answered] = [JSON.stringify(input).length >> 2, JSON.stringify(output).length >> 2]
  return JSON.stringify({
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: iso(at),
    accountId: account,
    identity: { arn: `arn:aws:sts::${account}:assumed-role/AgentRole/session-${random.below(20)}` },
    region,
    requestId: random.uuid(),
    operation,
    modelId: `us.${random.pick(MODELS)}`,
    requestMetadata: { team: random.pick(['search', 'support', 'billing']) },
    input: {
      inputContentType: 'application/json',
      inputBodyJson: input,
      inputTokenCount: asked,
      cacheReadInputTokenCount: random.below(2000),
      cacheWriteInputTokenCount: random.below(300),
    },
    output: { outputContentType: 'application/json', outputBodyJson: output, outputTokenCount: answered },
  })
}

/** An agent at work by Converse: each call brings all that was said before. */
function conversation(random: Random, shared: Shared): string[] {
  const system = [{ text: prose(random, 1200) }]
  const tools = TOOLS.map((name) => ({
    toolSpec: {
      name,
      description: prose(random, 120),
      inputSchema: { json: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
    },
  }))
  const messages: object[] = [{ role: 'user', content: [{ text: prose(random, 300) }] }]
  const lines: string[] = []
  const turns = random.between(2, 7)
  for (let turn = 0; turn < turns; turn++) {
    const last = turn === turns - 1
    const toolUseId = `tooluse_${random.text('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', 22)}`
    const use = { toolUse: { toolUseId, name: random.pick(TOOLS), input: { path: prose(random, 40) } } }
    const content = last ? [{ text: prose(random, 900) }] : [{ text: prose(random, 80) }, use]
    const message = { role: 'assistant', content }
    const usage = { inputTokens: 400 + turn * 300, outputTokens: 120, totalTokens: 520 + turn * 300 }
    const output = {
      output: { message },
      stopReason: last ? 'end_turn' : 'tool_use',
      usage,
      metrics: { latencyMs: random.between(400, 9000) },
    }
    const input = {
      messages: [...messages],
      system,
      toolConfig: { tools },
      inferenceConfig: { maxTokens: 2048 },
    }
    lines.push(record(random, { ...shared, at: shared.at + turn * 4 }, 'Converse', input, output))
    const result = {
      toolUseId,
      content: [{ text: prose(random, random.between(100, 2500)) }],
      status: 'success',
    }
    messages.push(message, { role: 'user', content: [{ toolResult: result }] })
  }
  return lines
}

function question(random: Random): object {
  return {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 1024,
    system: prose(random, 400),
    messages: [{ role: 'user', content: prose(random, random.between(200, 3000)) }],
  }
}

function asked(random: Random, shared: Shared): string {
  const output = {
    id: `msg_bdrk_${random.hex(20)}`,
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'text', text: prose(random, random.between(200, 2500)) }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: random.below(900), output_tokens: random.below(700) },
  }
  return record(random, shared, 'InvokeModel', question(random), output)
}

function streamed(random: Random, shared: Shared): string {
  const deltas = pieces(random, prose(random, random.between(200, 1500))).map((text) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text },
  }))
  const message = { id: `msg_bdrk_${random.hex(20)}`, type: 'message', role: 'assistant', content: [] }
  const output = [
    { type: 'message_start', message: { ...message, usage: { input_tokens: 40, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...deltas,
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: deltas.length } },
    {
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: 40,
        outputTokenCount: deltas.length,
        invocationLatency: random.between(500, 9000),
        firstByteLatency: random.between(100, 900),
      },
    },
  ]
  return record(random, shared, 'InvokeModelWithResponseStream', question(random), output)
}
