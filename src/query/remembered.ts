/** Longest text that is cached; longer ones are rare. */
const LONGEST = 20_000

/**
 * Caches what was computed from the most recent texts, for pages that send the same text again and again with
 * other bound values. Failures are not cached.
 *
 * @param max number of texts in the cache
 */
export function remembered<Made>(
  max: number,
  make: (text: string) => Promise<Made>,
): (text: string) => Promise<Made> {
  const kept = new Map<string, Promise<Made>>()
  return (text) => {
    const found = kept.get(text)
    const made = found ?? make(text)
    if (text.length > LONGEST) return made
    // The most recently used are at the end.
    kept.delete(text)
    kept.set(text, made)
    const [oldest] = kept.keys()
    if (kept.size > max && oldest !== undefined) kept.delete(oldest)
    if (!found) made.catch(() => kept.get(text) === made && kept.delete(text))
    return made
  }
}
