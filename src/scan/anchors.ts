/** Finds many words in one pass (Aho and Corasick, 1975), ignoring case. */
export interface Anchors {
  /** Calls `found` for each occurrence of a word, with the word's number and the index after it. */
  each(text: string, found: (word: number, end: number) => void): void
}

/** At most 65,535 states; the words' total length in characters bounds them. */
export function anchorsOf(words: readonly string[]): Anchors {
  const classes = new Uint8Array(0x10000)
  let letters = 1
  for (const character of new Set(words.join(''))) {
    classes[character.charCodeAt(0)] = letters
    classes[character.toUpperCase().charCodeAt(0)] = letters++
  }
  const next: number[] = new Array<number>(letters).fill(0)
  const ends: number[][] = [[]]
  for (const [word, text] of words.entries()) {
    let state = 0
    for (const character of text) {
      const at = state * letters + (classes[character.charCodeAt(0)] as number)
      if (next[at] === 0) {
        next[at] = ends.length
        ends.push([])
        for (let letter = 0; letter < letters; letter++) next.push(0)
      }
      state = next[at] as number
    }
    ends[state]?.push(word)
  }
  const table = completed(Uint16Array.from(next), ends, letters)
  const has = Uint8Array.from(ends, (own) => (own.length > 0 ? 1 : 0))
  return {
    each(text, found) {
      let state = 0
      for (let at = 0; at < text.length; at++) {
        state = table[state * letters + (classes[text.charCodeAt(at)] as number)] as number
        if (has[state] === 1) for (const word of ends[state] as number[]) found(word, at + 1)
      }
    },
  }
}

/** Every state's step for every letter: on a mismatch, the longest suffix that begins another word. */
function completed(next: Uint16Array, ends: number[][], letters: number): Uint16Array {
  const fallback = new Uint16Array(ends.length)
  const queue: number[] = []
  for (let letter = 0; letter < letters; letter++) if (next[letter] !== 0) queue.push(next[letter] as number)
  for (const state of queue) {
    const shorter = fallback[state] as number
    ends[state]?.push(...(ends[shorter] as number[]))
    for (let letter = 0; letter < letters; letter++) {
      const at = state * letters + letter
      const step = next[at] as number
      const other = next[shorter * letters + letter] as number
      if (step === 0) {
        next[at] = other
        continue
      }
      fallback[step] = other
      queue.push(step)
    }
  }
  return next
}
