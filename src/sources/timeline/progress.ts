/**
 * Tracks the spans being read, in order. A timeline has been read up to the end of the last span that is
 * completely in the lake.
 */
export interface Progress {
  /** Starts the next span, or the last one again if it was not finished. */
  begin(): Reading
  /**
   * Time up to which everything is in the lake, once the objects of these URIs are; undefined while nothing
   * is.
   */
  settledMs(done: ReadonlySet<string>): number | undefined
  acknowledge(uri: string): void
  /** Objects, and their bytes, that are neither in the lake nor released. */
  objects(): number
  bytes(): number
}

export interface Reading {
  add(uri: string, bytes: number): void
  /** All of the span's objects have been named. */
  finish(settledMs: number): void
}

interface Part {
  open: Map<string, number>
  /** The span's end; undefined until it has been read completely. */
  endMs: number | undefined
}

export function progress(): Progress {
  const parts: Part[] = []
  let settledMs: number | undefined

  /** Forgets spans that are complete. */
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
