import type { z } from 'zod'

/** A model, whatever its provider: no code outside this folder depends on the provider. */
export interface Model {
  /** Provider and id, as in `bedrock/amazon.nova-lite-v1:0`. */
  name: string
  /**
   * One call of the model.
   *
   * @throws ModelError
   */
  generate(request: ModelRequest): Promise<Reply>
}

export interface ModelRequest {
  system: string
  messages: readonly Message[]
  /** Tools that it may ask for; a call is not run here, but returned in the reply. */
  tools?: readonly Tool[]
  /** The schema of the object to return instead of text. */
  schema?: z.ZodType
  maxOutputTokens?: number
  signal?: AbortSignal
  /** Called with pieces of text as they arrive; setting it makes the answer streamed. */
  onText?(piece: string): void
  /** Called before a retry. */
  onRetry?(fault: string, seconds: number): void
}

export type Message =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls: readonly ToolCall[] }
  | { role: 'tool'; results: readonly ToolResult[] }

export interface Tool {
  name: string
  description: string
  input: z.ZodType
}

export interface ToolCall {
  id: string
  name: string
  /** The model's own text: not validated. */
  input: unknown
  /** Why it cannot be run: the tool does not exist, or its input is not JSON. */
  fault?: string
}

export interface ToolResult {
  id: string
  name: string
  text: string
}

export interface Reply {
  text: string
  toolCalls: readonly ToolCall[]
  /** Valid for the request's schema; undefined without one. */
  object: unknown
  usage: Usage
  /** `length`: the answer reached the limit of tokens, and is only the beginning. */
  finish: 'stop' | 'tools' | 'length' | 'other'
}

/** Tokens, as the provider counted them. */
export interface Usage {
  input: number
  output: number
  /** Whether the count is our estimate because the provider reports none. */
  estimated: boolean
}
