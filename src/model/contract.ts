import type { z } from 'zod'

/** A model behind an interface of our own: nothing outside of this folder knows whose it is. */
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
  /** What it may call; it is not called here, but told in the reply. */
  tools?: readonly Tool[]
  /** The shape of the object that is wanted in place of text. */
  schema?: z.ZodType
  maxOutputTokens?: number
  signal?: AbortSignal
  /** Called with text as it comes; then the answer is streamed. */
  onText?(piece: string): void
  /** Called before a call is made again. */
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
  /** As the model wrote it: nobody has checked it. */
  input: unknown
  /** Why it cannot be run: there is no such tool, or its input is no JSON. */
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
  /** Fits the schema that was given; undefined without one. */
  object: unknown
  usage: Usage
  /** `length`: it wrote as many tokens as it may, and what is there is its beginning. */
  finish: 'stop' | 'tools' | 'length' | 'other'
}

/** Tokens, as the provider counted them. */
export interface Usage {
  input: number
  output: number
  /** Whether we had to estimate because the provider does not say. */
  estimated: boolean
}
