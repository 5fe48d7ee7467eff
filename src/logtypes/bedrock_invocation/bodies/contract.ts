import type { JsonObject, JsonValue } from '../../../json/values.ts'

/** The content of a body in one vocabulary for all models. Absent fields were not in the body. */

export interface Question {
  system?: string | undefined
  /** The text of the user's last turn that has one. */
  prompt?: string | undefined
  /** The conversation so far, the oldest message first; without the system prompt. */
  messages?: readonly Message[] | undefined
  /** The names of the offered tools. */
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
  /** Results of tools that ran at the provider. */
  results?: readonly ToolResult[] | undefined
  /** The blocks of the message, when they were combined from chunks. */
  content?: JsonValue[] | undefined
}

/** Token counts. `input` excludes tokens read from or written to the cache. */
export interface Usage {
  input?: number | undefined
  output?: number | undefined
  cacheRead?: number | undefined
  cacheWrite?: number | undefined
  /** The part of `cacheWrite` that was written for an hour, where the answer separates it. */
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
  /** Absent in some dialects. */
  id?: string | undefined
  name?: string | undefined
  input?: JsonValue | undefined
  /** It ran at the provider, as a web search does. */
  server?: true
}

export interface ToolResult {
  id?: string | undefined
  /** `success` or `error`, if the dialect has a status. */
  status?: string | undefined
  content?: JsonValue | undefined
}

/**
 * How a family of models writes its bodies. Each dialect recognizes a body by its shape, never by the
 * operation or the model's id, and returns undefined for a body of another dialect.
 */
export interface Dialect {
  name: string
  question?(body: JsonObject): Question | undefined
  answer?(body: JsonObject): Answer | undefined
  /** Reads a streamed answer from all its chunks, at least one. */
  chunks?(chunks: readonly JsonObject[]): Answer | undefined
}
