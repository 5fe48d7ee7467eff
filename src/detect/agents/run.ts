import type { DuckDBValue } from '@duckdb/node-api'
import { isoTime, textOf } from '../stream.ts'

/** A tool call of an agent, as in `bedrock_invocation`. */
export interface ToolUse {
  id?: string
  name: string
  /** As JSON text. */
  input: string
  /** `output`: this invocation's answer asks for it; `input`: its history contains it. */
  seen: string
  turn: number
}

export interface ToolResult {
  id?: string
  status?: string
  /** As JSON text. */
  content: string
  seen: string
  turn: number
}

/** One model call of an agent: its input, its answer, and the earlier tool calls of its conversation. */
export interface AgentCall {
  id: string
  time: string
  account?: string
  region?: string
  actor?: string
  /** The role or user, which all runs of one agent share. */
  agent?: string
  modelid?: string
  system: string
  /** What the user said in all turns, without results of tools. */
  user: string
  answer: string
  /** The tools that the model was offered. */
  offered: readonly string[]
  /** Tool calls in this answer. */
  calls: readonly ToolUse[]
  /** Earlier tool calls, in order. */
  before: readonly ToolUse[]
  results: readonly ToolResult[]
}

export const AGENT_COLUMNS = [
  'requestid',
  isoTime('"timestamp"'),
  'accountid',
  'region',
  'identity_arn',
  'identity_name',
  'modelid',
  'system',
  'prompt',
  'completion',
  'tools',
  'tool_uses',
  'tool_results',
  'input_inputbodyjson',
]

export function agentCall(values: readonly DuckDBValue[]): AgentCall | undefined {
  const [
    id,
    time,
    account,
    region,
    actor,
    agent,
    modelid,
    system,
    prompt,
    answer,
    tools,
    uses,
    results,
    body,
  ] = values.map(textOf)
  if (id === undefined || time === undefined) return undefined
  const all = listOf(uses).map(useOf)
  const optional = { account, region, actor, agent, modelid }
  return {
    id,
    time,
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as object),
    system: system ?? '',
    user: userText(body) || (prompt ?? ''),
    answer: answer ?? '',
    offered: listOf(tools).filter((one) => typeof one === 'string'),
    calls: all.filter(({ seen }) => seen === 'output'),
    before: all.filter(({ seen }) => seen !== 'output').sort((one, other) => one.turn - other.turn),
    results: listOf(results).map(resultOf),
  }
}

/** Parses a JSON array; log text may be anything else. */
export function listOf(text: string | undefined): unknown[] {
  if (text === undefined) return []
  try {
    const found: unknown = JSON.parse(text)
    return Array.isArray(found) ? found : []
  } catch {
    return []
  }
}

function useOf(entry: unknown): ToolUse {
  const { id, name, input, seen, turn } = fieldsOf(entry)
  return {
    ...idOf(id),
    name: wordOf(name),
    input: jsonOf(input),
    seen: wordOf(seen),
    turn: Number(turn ?? 0),
  }
}

function resultOf(entry: unknown): ToolResult {
  const { id, status, content, seen, turn } = fieldsOf(entry)
  const how = typeof status === 'string' ? { status } : {}
  return { ...idOf(id), ...how, content: jsonOf(content), seen: wordOf(seen), turn: Number(turn ?? 0) }
}

function idOf(id: unknown): { id?: string } {
  return typeof id === 'string' ? { id } : {}
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function jsonOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** The text of a body's user messages, without the results of tools that are sent in them. */
function userText(body: string | undefined): string {
  if (body === undefined) return ''
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return ''
  }
  const { messages } = fieldsOf(parsed)
  if (!Array.isArray(messages)) return ''
  return messages
    .map(fieldsOf)
    .filter(({ role }) => role === 'user')
    .flatMap(({ content }) => (Array.isArray(content) ? content.map(blockText) : [wordOf(content)]))
    .filter((text) => text !== '')
    .join('\n')
}

function blockText(block: unknown): string {
  const { text, type } = fieldsOf(block)
  return type === 'tool_result' ? '' : wordOf(text)
}
