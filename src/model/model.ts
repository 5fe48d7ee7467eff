import { setTimeout as pause } from 'node:timers/promises'
import type { FinishReason, LanguageModel, LanguageModelUsage, ModelMessage, ToolSet } from 'ai'
import type { z } from 'zod'
import type { Message, Model, ModelRequest, Reply, ToolCall, Usage } from './contract.ts'
import { isPassing } from './errors.ts'
import { faultOf, modelError } from './faults.ts'
import { providerModel } from './providers.ts'
import { jsonSchemaOf, requestTokens } from './request-size.ts'
import type { ModelSettings } from './settings.ts'
import { tokensOf } from './tokens.ts'

/** The first pause before a retry; each further one is twice as long, with a random part. */
const PAUSE_MS = 500
const LONGEST_PAUSE_MS = 20_000

export interface OpenOptions {
  /** For tests: the first pause. */
  pauseMs?: number
}

/**
 * Opens the model in the settings, without sending a request.
 *
 * @throws UserError when a setting or a key is missing
 */
export async function openModel(
  settings: ModelSettings,
  { pauseMs = PAUSE_MS }: OpenOptions = {},
): Promise<Model> {
  const { name, model } = await providerModel(settings)
  ;(globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false
  return {
    name,
    async generate(request) {
      for (let tries = 0; ; tries++) {
        try {
          return await once(name, model, request)
        } catch (thrown) {
          const error = faultOf(name, thrown, request.signal)
          if (!isPassing(error) || tries >= settings.retries) throw error
          const doubled = pauseMs * 2 ** tries * (0.5 + Math.random() / 2)
          const wait = Math.min(Math.max(doubled, (error.waitSeconds ?? 0) * 1000), LONGEST_PAUSE_MS)
          request.onRetry?.(error.message, wait / 1000)
          await pause(wait, undefined, request.signal ? { signal: request.signal } : {}).catch(() => {
            throw request.signal?.reason
          })
        }
      }
    },
  }
}

/** The result of both ways to call, whole or streamed. */
interface Answered {
  text: string
  toolCalls: readonly SdkCall[]
  usage: LanguageModelUsage
  finish: FinishReason
  rawFinish: string | undefined
}

interface SdkCall {
  toolCallId: string
  toolName: string
  input: unknown
  invalid?: boolean | undefined
}

async function once(name: string, model: LanguageModel, request: ModelRequest): Promise<Reply> {
  const ai = await import('ai')
  const { schema, tools = [], maxOutputTokens, signal, onText } = request
  const options = {
    model,
    system: request.system,
    messages: request.messages.map(asSdk),
    maxRetries: 0,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(signal ? { abortSignal: signal } : {}),
    ...(tools.length === 0
      ? {}
      : {
          tools: Object.fromEntries(
            tools.map((tool) => [
              tool.name,
              ai.tool({
                description: tool.description,
                inputSchema: ai.jsonSchema(jsonSchemaOf(tool.input)),
              }),
            ]),
          ) as ToolSet,
        }),
    ...(schema ? { output: ai.Output.object({ schema: ai.jsonSchema(jsonSchemaOf(schema)) }) } : {}),
  }
  const answered = onText ? await streamed(ai, options, onText) : await whole(ai, options)
  return replyOf(name, request, answered)
}

type Ai = typeof import('ai')
type Options = Parameters<Ai['generateText']>[0] & Parameters<Ai['streamText']>[0]

async function whole(ai: Ai, options: Options): Promise<Answered> {
  try {
    const result = await ai.generateText(options)
    return {
      text: result.text,
      toolCalls: result.toolCalls,
      usage: result.usage,
      finish: result.finishReason,
      rawFinish: result.rawFinishReason ?? result.finishReason,
    }
  } catch (thrown) {
    // The text is not a valid object: this is judged below, for all providers alike.
    if (!ai.NoObjectGeneratedError.isInstance(thrown)) throw thrown
    const { text = '', usage, finishReason = 'other' } = thrown
    return {
      text,
      toolCalls: [],
      usage: usage ?? ({} as LanguageModelUsage),
      finish: finishReason,
      rawFinish: finishReason,
    }
  }
}

async function streamed(ai: Ai, options: Options, onText: (piece: string) => void): Promise<Answered> {
  const answered: Answered & { toolCalls: SdkCall[] } = {
    text: '',
    toolCalls: [],
    usage: {} as LanguageModelUsage,
    finish: 'other',
    rawFinish: undefined,
  }
  const result = ai.streamText({ ...options, onError() {} })
  for await (const part of result.fullStream) {
    if (part.type === 'text-delta') {
      answered.text += part.text
      onText(part.text)
    } else if (part.type === 'tool-call') answered.toolCalls.push(part as SdkCall)
    else if (part.type === 'error') throw part.error
    else if (part.type === 'abort') throw options.abortSignal?.reason ?? new Error('aborted')
    else if (part.type === 'finish-step') {
      answered.usage = part.usage
      answered.finish = part.finishReason
      answered.rawFinish = part.rawFinishReason
    }
  }
  return answered
}

function replyOf(name: string, request: ModelRequest, answered: Answered): Reply {
  const usage = usageOf(request, answered)
  const fail = (fault: Parameters<typeof modelError>[1]) => modelError(name, fault, { usage })
  const { finish, rawFinish, text } = answered
  // A stream without a finish reason was cut.
  if (rawFinish === undefined) throw fail('cut')
  if (finish === 'content-filter' || /guardrail|refusal/i.test(rawFinish)) throw fail('guardrail')
  if (/context_window|context_length/i.test(rawFinish)) throw fail('too-long')
  if (finish === 'error') throw fail('unavailable')
  const toolCalls = answered.toolCalls.map(callOf)
  return {
    text,
    toolCalls,
    object: request.schema ? objectIn(text, request.schema, () => fail('malformed')) : undefined,
    usage,
    finish:
      finish === 'length' ? 'length' : toolCalls.length > 0 ? 'tools' : finish === 'stop' ? 'stop' : 'other',
  }
}

function callOf({ toolCallId, toolName, input, invalid }: SdkCall): ToolCall {
  const call = { id: toolCallId, name: toolName, input }
  if (!invalid) return call
  return { ...call, fault: typeof input === 'string' ? 'its input is no JSON' : 'there is no such tool' }
}

function objectIn(text: string, schema: z.ZodType, fail: () => Error): unknown {
  let value: unknown
  try {
    // Some models put it between Markdown fences, even unasked.
    value = JSON.parse(text.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, '$1'))
  } catch {
    throw fail()
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw fail()
  return parsed.data
}

function usageOf(request: ModelRequest, { usage, text, toolCalls }: Answered): Usage {
  const { inputTokens, outputTokens } = usage
  const estimated = inputTokens === undefined || outputTokens === undefined
  const written = () => tokensOf(text + JSON.stringify(toolCalls.map(({ input }) => input)))
  return { input: inputTokens ?? requestTokens(request), output: outputTokens ?? written(), estimated }
}

function asSdk(message: Message): ModelMessage {
  if (message.role === 'user') return { role: 'user', content: message.text }
  if (message.role === 'tool')
    return {
      role: 'tool',
      content: message.results.map(({ id, name, text }) => ({
        type: 'tool-result' as const,
        toolCallId: id,
        toolName: name,
        output: { type: 'text' as const, value: text },
      })),
    }
  const text = message.text.trim() === '' ? [] : [{ type: 'text' as const, text: message.text }]
  const calls = message.toolCalls.map(({ id, name, input }) => ({
    type: 'tool-call' as const,
    toolCallId: id,
    toolName: name,
    // Providers require an object, even where the model wrote something else.
    input: typeof input === 'object' && input !== null ? input : {},
  }))
  return { role: 'assistant', content: [...text, ...calls] }
}
