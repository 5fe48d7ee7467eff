import { createHash } from 'node:crypto'
import type { Passage, Scorer } from '../scan/contract.ts'

export interface BatchOptions {
  /** Passages in one call; 32 by default. */
  batch?: number
  /** Number of passages whose scores are cached; 10,000 by default. */
  remembered?: number
  /** Characters of a passage that are sent; 4,000 by default. */
  longest?: number
  /** Milliseconds that a call may take; 30,000 by default. */
  timeout?: number
}

/**
 * Wraps a scorer: sends passages in batches, and each passage only once: a repeated one, in one call or in
 * several, is answered from a cache. The cache holds only hashes of passages. A call that fails fails for all
 * its passages, and is not cached.
 *
 * @throws TypeError when the other scorer does not return a number from 0 to 1 for each passage
 */
export function batched(scorer: Scorer, options: BatchOptions = {}): Scorer {
  const { batch = 32, remembered = 10_000, longest = 4_000, timeout = 30_000 } = options
  const known = new Map<string, Promise<number>>()

  async function ask(
    passages: readonly Passage[],
    signal: AbortSignal | undefined,
  ): Promise<readonly number[]> {
    const limit = AbortSignal.timeout(timeout)
    const scores = await scorer.score(passages, signal ? AbortSignal.any([signal, limit]) : limit)
    if (scores.length !== passages.length || !scores.every((score) => score >= 0 && score <= 1))
      throw new TypeError(
        `the scorer ${scorer.name} did not answer a score from 0 to 1 for each of ${passages.length} passages`,
      )
    return scores
  }

  function keep(key: string, score: Promise<number>): void {
    known.set(key, score)
    score.catch(() => known.delete(key))
    // Evict the oldest: a map keeps the order of insertion.
    if (known.size > remembered) known.delete(known.keys().next().value as string)
  }

  return {
    name: scorer.name,
    version: scorer.version,
    async score(passages, signal) {
      const cut = passages.map(({ text, role }) => ({ role, text: text.slice(0, longest) }))
      const keys = cut.map(keyOf)
      const answers = new Map<string, Promise<number>>()
      const asked: { key: string; passage: Passage }[] = []
      for (const [index, key] of keys.entries()) {
        const old = answers.get(key) ?? known.get(key)
        if (old) answers.set(key, old)
        else if (!asked.some((one) => one.key === key)) asked.push({ key, passage: cut[index] as Passage })
      }
      for (let from = 0; from < asked.length; from += batch) {
        const part = asked.slice(from, from + batch)
        const scores = ask(
          part.map(({ passage }) => passage),
          signal,
        )
        for (const [index, { key }] of part.entries()) {
          const score = scores.then((all) => all[index] as number)
          answers.set(key, score)
          keep(key, score)
        }
        // One call at a time: a heavy scorer has one processor.
        await scores
      }
      return Promise.all(keys.map((key) => answers.get(key) as Promise<number>))
    },
  }
}

function keyOf({ role, text }: Passage): string {
  return createHash('sha256').update(role).update('\0').update(text).digest('base64')
}
