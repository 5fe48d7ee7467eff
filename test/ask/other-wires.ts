import type { Full, Parts } from './scripted.ts'
import { halves, json, reasonOf } from './scripted.ts'

/** An answer as Google's generateContent and streamGenerateContent give it. Calls of tools are objects there, and no text of JSON. */
export function google(move: Full, streams: boolean): Parts {
  const finishReason = reasonOf(move, {
    ...{ stop: 'STOP', tools: 'STOP', length: 'MAX_TOKENS', guardrail: 'SAFETY', context: 'MAX_TOKENS' },
  })
  const usageMetadata = {
    promptTokenCount: move.usage.input,
    candidatesTokenCount: move.usage.output,
    totalTokenCount: move.usage.input + move.usage.output,
  }
  const calls = (move.tools ?? []).map(({ name, input }) => ({ functionCall: { name, args: input ?? {} } }))
  const candidate = (parts: object[], last: boolean) => ({
    candidates: [{ content: { role: 'model', parts }, ...(last ? { finishReason } : {}), index: 0 }],
    ...(last ? { usageMetadata } : {}),
  })
  if (!streams) {
    const text = move.text === undefined ? [] : [{ text: move.text }]
    return json(candidate([...text, ...calls], true))
  }
  const texts = move.text === undefined ? [] : halves(move.text).map((text) => candidate([{ text }], false))
  const chunks = [...texts, ...calls.map((call) => candidate([call], false)), candidate([{ text: '' }], true)]
  return {
    type: 'text/event-stream',
    pieces: chunks.map((chunk) => Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`)),
  }
}

/** An answer as Ollama's chat gives it: one object, or a line of JSON for each piece. */
export function ollama(move: Full, streams: boolean): Parts {
  const done_reason = reasonOf(move, {
    ...{ stop: 'stop', tools: 'stop', length: 'length', guardrail: 'content_filter', context: 'length' },
  })
  const tool_calls = (move.tools ?? []).map(({ name, input }) => ({
    function: { name, arguments: input ?? {} },
  }))
  const line = (message: object, more: object) => ({
    ...{ model: 'scripted', created_at: '2026-01-08T00:00:00Z' },
    message: { role: 'assistant', content: '', ...message },
    ...more,
  })
  const end = { done: true, done_reason, prompt_eval_count: move.usage.input, eval_count: move.usage.output }
  const called = tool_calls.length > 0 ? { tool_calls } : {}
  if (!streams) return json(line({ content: move.text ?? '', ...called }, end))
  const lines = [
    ...(move.text === undefined
      ? []
      : halves(move.text).map((content) => line({ content }, { done: false }))),
    ...(tool_calls.length > 0 ? [line(called, { done: false })] : []),
    line({}, end),
  ]
  return {
    type: 'application/x-ndjson',
    pieces: lines.map((one) => Buffer.from(`${JSON.stringify(one)}\n`)),
  }
}
