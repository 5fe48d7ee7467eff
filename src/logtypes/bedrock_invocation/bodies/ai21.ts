import { joined, objectOf, objectsOf, textOf } from '../json.ts'
import type { Dialect } from './contract.ts'

/** AI21 Jurassic: `completions` that list the tokens, which are counted here. Jamba uses OpenAI's form. */
export const ai21: Dialect = {
  name: 'ai21',
  answer(body) {
    const completions = objectsOf(body.completions)
    const data = completions.map((completion) => objectOf(completion.data) ?? {})
    if (!data.some(({ text }) => typeof text === 'string')) return undefined
    const { tokens } = objectOf(body.prompt) ?? {}
    const written = data.flatMap((completion) =>
      Array.isArray(completion.tokens) ? completion.tokens.length : [],
    )
    return {
      text: joined(
        data.map(({ text }) => textOf(text)),
        '\n',
      ),
      stopReason: textOf(objectOf(completions[0]?.finishReason)?.reason),
      usage: {
        input: Array.isArray(tokens) ? tokens.length : undefined,
        output: written.length > 0 ? written.reduce((total, count) => total + count, 0) : undefined,
      },
    }
  },
}
