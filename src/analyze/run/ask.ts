import type { z } from 'zod'
import type { Model, Usage } from '../../model/contract.ts'
import { ModelError } from '../../model/errors.ts'

/** A call of the model on demand. */
export interface Call {
  id: string
  system: string
  text: string
  schema: z.ZodType
  maxTokens: number
}

/** The outcome of a call. */
export type Called =
  | { kind: 'answer'; text: string; usage: Usage }
  /** Whether it may be repeated. */
  | { kind: 'failed'; why: string; usage: Usage | undefined }

/**
 * Makes one call.
 *
 * @throws ModelError when no call can succeed: the key is refused, or the model does not exist
 */
async function askOne(model: Model, call: Call, signal: AbortSignal): Promise<Called> {
  try {
    const reply = await model.generate({
      system: call.system,
      messages: [{ role: 'user', text: call.text }],
      schema: call.schema,
      maxOutputTokens: call.maxTokens,
      signal,
    })
    return { kind: 'answer', text: JSON.stringify(reply.object ?? null), usage: reply.usage }
  } catch (thrown) {
    if (!(thrown instanceof ModelError) || thrown.fault === 'refused' || thrown.fault === 'wrong')
      throw thrown
    return { kind: 'failed', why: thrown.message, usage: thrown.usage }
  }
}

/** Makes many calls, several at once. Answers are in the order of the calls. */
export async function askMany(
  model: Model,
  calls: readonly Call[],
  atOnce: number,
  signal: AbortSignal,
): Promise<Called[]> {
  const answers = new Array<Called>(calls.length)
  let next = 0
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  async function work(): Promise<void> {
    for (let at = next++; at < calls.length; at = next++) {
      both.throwIfAborted()
      answers[at] = await askOne(model, calls[at] as Call, both)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, calls.length) }, work))
  } catch (thrown) {
    stop.abort(thrown)
    throw thrown
  }
  return answers
}
