import { isDeadLetter, type Source, Unreadable } from '../../sources/contract.ts'

/** Limits on how much one run reads. */
export interface Bounds {
  /** Delivered bytes: an object that would exceed them is not read. */
  bytes?: number | undefined
  /** Records: the run ends with the commit that reaches this number. */
  rows?: number | undefined
}

/**
 * Ends a source when a run has read enough. Objects that are in the lake already do not count, so the next
 * run continues where this one stopped.
 *
 * @param rows returns how many records have been committed
 */
export function bounded(source: Source, bounds: Bounds, rows: () => number): Source {
  const { bytes: maxBytes = Number.POSITIVE_INFINITY, rows: maxRows = Number.POSITIVE_INFINITY } = bounds
  let bytes = 0
  let enough = false
  return {
    ...source,
    async *objects(signal) {
      for await (const found of source.objects(signal)) {
        enough ||= rows() >= maxRows
        if (enough) return
        if (isDeadLetter(found)) {
          yield found
          continue
        }
        yield {
          ...found,
          async read(end, max) {
            enough ||= bytes + found.bytes > maxBytes || rows() >= maxRows
            if (enough) throw new Unreadable('released', 'enough has been read')
            bytes += found.bytes
            return await found.read(end, max)
          },
        }
      }
    },
  }
}
