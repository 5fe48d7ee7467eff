/** Spans that are being read, in their order: a place has been read as far as the last one that is whole in the lake. */
export interface Progress {
  /** The span that is being read; the same again when it was not finished. */
  begin(): Reading
  /** Up to where everything is in the lake, once the objects of these URIs are; undefined as long as nothing is. */
  settledMs(done: ReadonlySet<string>): number | undefined
  acknowledge(uri: string): void
  /** Objects and their bytes that are neither in the lake nor given back. */
  objects(): number
  bytes(): number
}

export interface Reading {
  add(uri: string, bytes: number): void
  /** All of it has been named. */
  finish(settledMs: number): void
}

interface Part {
  open: Map<string, number>
  /** Where it ends; undefined until it has been read to its end. */
  endMs: number | undefined
}

export function progress(): Progress {
  const parts: Part[] = []
  let settledMs: number | undefined

  /** Forgets parts that are whole. */
  function shorten(): void {
    while (parts[0]?.endMs !== undefined && parts[0].open.size === 0) settledMs = parts.shift()?.endMs
  }

  return {
    begin() {
      const last = parts.at(-1)
      const part =
        last && last.endMs === undefined ? last : { open: new Map<string, number>(), endMs: undefined }
      if (part !== last) parts.push(part)
      return {
        add: (uri, bytes) => void part.open.set(uri, bytes),
        finish(endMs) {
          part.endMs = endMs
          shorten()
        },
      }
    },
    settledMs(done) {
      let reached = settledMs
      for (const { open, endMs } of parts) {
        if (endMs === undefined || [...open.keys()].some((uri) => !done.has(uri))) break
        reached = endMs
      }
      return reached
    },
    acknowledge(uri) {
      for (const { open } of parts) if (open.delete(uri)) break
      shorten()
    },
    objects: () => parts.reduce((sum, { open }) => sum + open.size, 0),
    bytes: () => parts.reduce((sum, { open }) => sum + [...open.values()].reduce((a, b) => a + b, 0), 0),
  }
}
