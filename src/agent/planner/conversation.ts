import type { Message, Reply, Tool, ToolResult } from '../../model/contract.ts'
import { ModelError } from '../../model/errors.ts'
import { requestTokens } from '../../model/request-size.ts'
import type { PlannerStep, Run } from './contract.ts'

/** What the model is sent, and what was said so far. */
export interface Conversation {
  system: string
  messages: Message[]
  tools: readonly Tool[]
}

/** Calls the model; a context that has become too long is compacted, before or when the provider says so. */
export async function nextReply(
  conversation: Conversation,
  contextTokens: number,
  { bench, onStep }: Run,
): Promise<Reply> {
  const { messages } = conversation
  for (let tries = 0; ; tries++) {
    while (requestTokens(conversation) > contextTokens && compact(messages)) onStep(COMPACTED)
    bench.tell({ step: 'thinking', text: `the model is thinking (call ${bench.spending.turns + 1})` })
    try {
      return await bench.spending.call({ ...conversation, onText() {} })
    } catch (thrown) {
      if (!(thrown instanceof ModelError && thrown.fault === 'too-long') || tries > 6) throw thrown
      bench.tell({
        step: 'compacting',
        text: 'earlier results become references: the model cannot take so much',
      })
      if (!compact(messages)) throw thrown
      onStep(COMPACTED)
    }
  }
}

const COMPACTED: PlannerStep = {
  ...{ kind: 'compacted', tool: '', input: '', outcome: 'done' },
  said: 'the longest earlier result became a reference',
}

/** A result that became a reference keeps its ids, and can be read again. */
const STUB = /^(r\d+): [^\n]*\n/

/** Replaces the longest earlier result by a reference. False when none would become shorter. */
function compact(messages: Message[]): boolean {
  let longest: { message: Extract<Message, { role: 'tool' }>; at: number; length: number } | undefined
  for (const message of messages) {
    if (message.role !== 'tool') continue
    for (const [at, { text }] of message.results.entries())
      if (text.length > 400 && text.length > (longest?.length ?? 0))
        longest = { message, at, length: text.length }
  }
  if (!longest) return false
  const { message, at } = longest
  const results = [...message.results]
  const old = results[at] as ToolResult
  const [first = '', id] = STUB.exec(old.text) ?? []
  const columns = old.text.split('\n')[1]?.slice(0, 200) ?? ''
  const text =
    id === undefined
      ? `${old.text.slice(0, 200)}… (left out here: call the tool again for it)`
      : `${first}${columns}\n(left out here: read(${id}) shows the rows)`
  results[at] = { ...old, text }
  messages[messages.indexOf(message)] = { role: 'tool', results }
  return true
}
