import { firstText, joined, numberOf, objectOf, textOf } from '../json.ts'
import type { Answer, Dialect } from './contract.ts'

/** A prompt that is one text, for any model, and answers of imported models and of Pegasus. */
export const generated: Dialect = {
  name: 'generated',
  question({ prompt, inputs, inputPrompt, input, text }) {
    const asked = firstText(prompt, inputs, inputPrompt, input, text)
    return asked === undefined ? undefined : { prompt: asked }
  },
  answer(body): Answer | undefined {
    if (typeof body.message === 'string' && typeof body.finishReason === 'string') {
      return { text: body.message, stopReason: body.finishReason }
    }
    const details = objectOf(body.details)
    if (typeof body.generated_text !== 'string') return undefined
    return {
      text: body.generated_text,
      stopReason: textOf(details?.finish_reason),
      usage: details && { output: numberOf(details.generated_tokens) },
    }
  },
  chunks(chunks) {
    const last = chunks.findLast(({ generated_text }) => typeof generated_text === 'string')
    const pieces = chunks.map(({ token }) => textOf(objectOf(token)?.text))
    const details = objectOf(last?.details)
    const text = textOf(last?.generated_text) ?? joined(pieces, '')
    if (text === undefined) return undefined
    return {
      text,
      stopReason: textOf(details?.finish_reason),
      usage: details && { output: numberOf(details.generated_tokens) },
    }
  },
}
