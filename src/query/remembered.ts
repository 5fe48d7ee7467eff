/** Longer ones are rare, and not kept. */
const LONGEST = 20_000

/**
 * What was made of the last texts, for who asks with the same text again and again, as pages do: their values are bound. What
 * failed is made anew.
 *
 * @param most texts that are kept
 */
export function remembered<Made>(
  most: number,
  make: (text: string) => Promise<Made>,
): (text: string) => Promise<Made> {
  const kept = new Map<string, Promise<Made>>()
  return (text) => {
    const found = kept.get(text)
    const made = found ?? make(text)
    if (text.length > LONGEST) return made
    // The newest used come last.
    kept.delete(text)
    kept.set(text, made)
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    if (!found) made.catch(() => kept.get(text) === made && kept.delete(text))
    return made
  }
}
