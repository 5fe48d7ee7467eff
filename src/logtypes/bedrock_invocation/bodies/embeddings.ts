import { joined, numberOf, objectOf, objectsOf, textOf } from '../json.ts'
import type { Answer, Dialect } from './contract.ts'

/** Embeddings (Titan, Cohere, Nova, Marengo) and reranking: their answers are numbers, without text. */
export const embeddings: Dialect = {
  name: 'embeddings',
  question(body) {
    if (typeof body.query === 'string') return { prompt: body.query }
    const params = objectOf(body.singleEmbeddingParams) ?? objectOf(body.segmentedEmbeddingParams)
    const nova = textOf(objectOf(params?.text)?.value)
    const texts = Array.isArray(body.texts) ? body.texts : objectsOf(body.inputs).flatMap(contentTexts)
    const prompt =
      nova ??
      joined(
        texts.map((text) => textOf(text)),
        '\n',
      )
    return prompt === undefined ? undefined : { prompt }
  },
  answer(body): Answer | undefined {
    const isRanking = objectsOf(body.results).some((result) => 'relevance_score' in result)
    if (!isRanking && !VECTORS.some((field) => typeof body[field] === 'object' && body[field] !== null))
      return undefined
    const counts = objectOf(objectOf(body.meta)?.billed_units)
    const input = numberOf(body.inputTextTokenCount) ?? numberOf(counts?.input_tokens)
    return { usage: input === undefined ? undefined : { input } }
  },
}

const VECTORS = ['embedding', 'embeddings', 'embeddingsByType', 'data']

/** Cohere's fourth version mixes texts with images. */
function contentTexts(input: ReturnType<typeof objectsOf>[number]) {
  return objectsOf(input.content)
    .map(({ text }) => (text as string | undefined) ?? null)
    .filter((text) => text !== null)
}
