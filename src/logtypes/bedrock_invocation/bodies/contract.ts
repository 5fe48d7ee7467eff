import type { JsonObject, JsonValue } from '../../../json/values.ts'

/** What a body says, in one set of words, whichever model it was written for or by. What it does not say is left out. */

export interface Question {
  system?: string | undefined
  /** The text of the last turn of the user that has one. */
  prompt?: string | undefined
  /** The conversation so far, the oldest message first; without the system prompt. */
  messages?: readonly Message[] | undefined
  /** The names of the tools that are offered. */
  tools?: readonly string[] | undefined
}

export interface Answer {
  text?: string | undefined
  reasoning?: string | undefined
  stopReason?: string | undefined
  /** The model's own name for itself. */
  model?: string | undefined
  usage?: Usage | undefined
  latencyMs?: number | undefined
  firstByteMs?: number | undefined
  role?: string | undefined
  calls?: readonly ToolCall[] | undefined
  /** Of tools that ran at the model's side. */
  results?: readonly ToolResult[] | undefined
  /** The blocks of the message, when they were put together from chunks. */
  content?: JsonValue[] | undefined
}

/** Tokens. `input` is without what was read from or written to the cache. */
export interface Usage {
  input?: number | undefined
  output?: number | undefined
  cacheRead?: number | undefined
  cacheWrite?: number | undefined
  /** Those of `cacheWrite` that were written for an hour, where the answer tells them apart. */
  cacheWriteHour?: number | undefined
}

export interface Message {
  role: string
  text?: string | undefined
  reasoning?: string | undefined
  calls: readonly ToolCall[]
  results: readonly ToolResult[]
}

export interface ToolCall {
  /** Some dialects name no calls. */
  id?: string | undefined
  name?: string | undefined
  input?: JsonValue | undefined
  /** It ran at the model's side, as a web search. */
  server?: true
}

export interface ToolResult {
  id?: string | undefined
  /** `success` or `error`, where the dialect says. */
  status?: string | undefined
  content?: JsonValue | undefined
}

/**
 * How a family of models writes its bodies. Each looks at a body's shape, never at the operation or the model's id, and
 * gives undefined for one that is not its own.
 */
export interface Dialect {
  name: string
  question?(body: JsonObject): Question | undefined
  answer?(body: JsonObject): Answer | undefined
  /** A streamed answer: all its chunks, at least one. */
  chunks?(chunks: readonly JsonObject[]): Answer | undefined
}
