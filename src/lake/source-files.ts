import type { Lake } from './lake.ts'

/** Small files about sources, one for each, in a folder of `control/`: `control/stop/<source>.json`. */
export interface SourceFiles {
  keyOf(source: string): string
  /** The sources that have a file, with its bytes. */
  all(lake: Lake): AsyncGenerator<[source: string, bytes: Uint8Array]>
}

export function sourceFiles(folder: string): SourceFiles {
  return {
    keyOf: (source) => `${folder}/${encodeURIComponent(source)}.json`,
    async *all({ storage }) {
      for await (const { key } of storage.list(folder)) {
        const bytes = await storage.find(key)
        if (bytes) yield [decodeURIComponent(key.slice(folder.length + 1).replace(/\.json$/, '')), bytes]
      }
    },
  }
}
