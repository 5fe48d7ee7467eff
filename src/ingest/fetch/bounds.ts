import { isDeadLetter, type Source, Unreadable } from '../../sources/contract.ts'

/** How much one run may bring in. */
export interface Bounds {
  /** Delivered bytes: an object that would go beyond it is not read. */
  bytes?: number | undefined
  /** Records: the run ends with the commit that reaches it. */
  rows?: number | undefined
}

/**
 * A source that ends when enough has been read. What is in the lake already costs nothing and does not count: run again, it
 * goes on from there.
 *
 * @param rows how many records have been committed
 */
export function bounded(source: Source, bounds: Bounds, rows: () => number): Source {
  const { bytes: mostBytes = Number.POSITIVE_INFINITY, rows: mostRows = Number.POSITIVE_INFINITY } = bounds
  let bytes = 0
  let enough = false
  return {
    ...source,
    async *objects(signal) {
      for await (const found of source.objects(signal)) {
        enough ||= rows() >= mostRows
        if (enough) return
        if (isDeadLetter(found)) {
          yield found
          continue
        }
        yield {
          ...found,
          async read(end, most) {
            enough ||= bytes + found.bytes > mostBytes || rows() >= mostRows
            if (enough) throw new Unreadable('given-back', 'enough has been read')
            bytes += found.bytes
            return await found.read(end, most)
          },
        }
      }
    },
  }
}
