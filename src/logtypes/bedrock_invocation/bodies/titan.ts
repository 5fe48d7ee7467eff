import type { JsonObject } from '../../../json/values.ts'
import { firstText, joined, numberOf, objectsOf, textOf } from '../json.ts'
import type { Dialect } from './contract.ts'

/** Amazon Titan Text: requests with `inputText`, answers with `results`, or chunks with `outputText`. */
export const titan: Dialect = {
  name: 'titan',
  question: ({ inputText }) => (typeof inputText === 'string' ? { prompt: inputText } : undefined),
  answer(body) {
    const results = objectsOf(body.results).filter((result) => 'outputText' in result)
    if (results.length === 0) return undefined
    const counts = results.map(({ tokenCount }) => numberOf(tokenCount))
    return {
      text: joined(
        results.map(({ outputText }) => textOf(outputText)),
        '\n',
      ),
      stopReason: firstText(results[0]?.completionReason),
      usage: { input: numberOf(body.inputTextTokenCount), output: sum(counts) },
    }
  },
  chunks(chunks) {
    if (!chunks.some((chunk) => 'outputText' in chunk)) return undefined
    const last = (field: string) => chunks.findLast((chunk: JsonObject) => chunk[field] != null)?.[field]
    return {
      text: joined(
        chunks.map(({ outputText }) => textOf(outputText)),
        '',
      ),
      stopReason: textOf(last('completionReason')),
      usage: {
        input: chunks.map(({ inputTextTokenCount }) => numberOf(inputTextTokenCount)).find(isThere),
        output: numberOf(last('totalOutputTextTokenCount')),
      },
    }
  },
}

function isThere(count: number | undefined): boolean {
  return count !== undefined
}

function sum(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined)
  return known.length > 0 ? known.reduce((total, count) => total + count, 0) : undefined
}
