import { saysNothing, wordsOf } from '../../claims/asked-words.ts'
import { nearTo } from './near-words.ts'

/** An entry of the index. */
export interface Entry {
  /** Its texts, each with the weight of a word in it. */
  texts: readonly { text: string; weight: number }[]
}

export interface Ranked<One extends Entry> {
  entry: One
  score: number
  /** Share of the question's words that it has, or has a synonym of; rare words count more. */
  covered: number
}

/** As in Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009). */
const K1 = 1.2
const B = 0.6
/** Weight of a synonym, relative to the word itself. */
const SYNONYM = 0.45

/** An index of entries. */
export interface Ranking<One extends Entry> {
  /** The entries that have any of the words, the best first. */
  rank(question: string, boost?: (entry: One) => number): Ranked<One>[]
  /** Whether a word is in any entry. */
  knows(word: string): boolean
}

/** BM25 over weighted texts, with synonyms. */
export function rankingOf<One extends Entry>(entries: readonly One[]): Ranking<One> {
  const documents = entries.map((entry) => {
    const counts = new Map<string, number>()
    let length = 0
    for (const { text, weight } of entry.texts) {
      const words = wordsOf(text)
      length += words.length * weight
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + weight)
    }
    return { entry, counts, length }
  })
  const mean = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length)
  const frequency = new Map<string, number>()
  for (const { counts } of documents)
    for (const word of counts.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  const rarity = (word: string) => {
    const seen = frequency.get(word) ?? 0
    return Math.log(1 + (documents.length - seen + 0.5) / (seen + 0.5))
  }

  return {
    knows: (word) => wordsOf(word).some((one) => frequency.has(one)),
    rank(question, boost = () => 1) {
      const every = [...new Set(wordsOf(question))]
      // `Who touched the bucket`: only the bucket is looked for. A question of such words alone has nothing
      // else.
      const telling = every.filter((word) => !saysNothing(word))
      const words = telling.length > 0 ? telling : every
      const all = words.reduce((sum, word) => sum + rarity(word), 0)
      return documents
        .map(({ entry, counts, length }) => {
          const one = (word: string) => {
            const count = counts.get(word) ?? 0
            return (rarity(word) * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / mean))
          }
          let score = 0
          let covered = 0
          for (const word of words) {
            const own = one(word)
            const other = Math.max(0, ...nearTo(word).map(one)) * SYNONYM
            score += Math.max(own, other)
            covered += (own > 0 ? 1 : other > 0 ? 0.7 : 0) * rarity(word)
          }
          return { entry, score: score * boost(entry), covered: all === 0 ? 0 : covered / all }
        })
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
    },
  }
}
