import type { Call, Passage, TextKey } from './data.ts'

export interface Result {
  status: string | null
  passage: Passage | undefined
  text: TextKey
}

/**
 * The result of each tool call by its id. The logs hold it in the next model call's messages; the page shows
 * it with the tool call.
 */
export function resultsOf(calls: readonly Call[]): Map<string, Result> {
  const found = new Map<string, Result>()
  for (const call of calls)
    for (const message of call.messages)
      for (const [index, part] of message.parts.entries())
        if (part.kind === 'tool_result' && part.tool?.id && !found.has(part.tool.id))
          found.set(part.tool.id, {
            status: part.tool.status,
            passage: part.passage,
            text: { requestid: call.requestid, of: 'message', message: message.index, part: index },
          })
  return found
}
