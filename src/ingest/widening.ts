/** A batch becomes so much longer at most, and no longer than so many expanded bytes by that. */
const WIDEST = 4
const WIDEST_BYTES = 256 << 20
/** After so many commits in a row that no other writer was faster with, it becomes shorter again. */
const UNDISTURBED = 8

/**
 * Longer batches while others commit to the same lake: a commit that another writer was faster with is prepared again, and with fewer
 * commits fewer meet. Their age bounds them as before.
 */
export interface Widening {
  /** What a batch of so many bytes and objects is now. */
  full(bytes: number, objects: number): { bytes: number; objects: number }
  /** @param lost how often another writer was first */
  committed(lost: number): void
}

export function widening(): Widening {
  let factor = 1
  let undisturbed = 0
  return {
    full: (bytes, objects) => ({
      bytes: Math.max(bytes, Math.min(bytes * factor, WIDEST_BYTES)),
      objects: objects * factor,
    }),
    committed(lost) {
      undisturbed = lost > 0 ? 0 : undisturbed + 1
      if (lost > 0) factor = Math.min(WIDEST, factor * 2)
      else if (undisturbed % UNDISTURBED === 0) factor = Math.max(1, factor / 2)
    },
  }
}
