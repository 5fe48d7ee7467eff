import type { Check } from './columns.ts'
import { OPEN_OBJECT } from './json.ts'

/** What new values of a column must be beyond their form, by the kind of the field. They are asked once per distinct value. */
export const CHECKS: Record<string, Check | undefined> = {
  whole: { holds: (written) => !mayHoldHalf(written), onlyEscaped: true },
  canonical: { holds: (written) => isCanonical(written) },
  told: {
    holds(written, meant = written) {
      return meant[0] === OPEN_OBJECT && isCanonical(meant)
    },
  },
}

/** An escape that may stand for half a surrogate pair. */
const HALF = /\\u[dD][89a-fA-F]/

/** Looking for two bytes first is much cheaper than a pattern over all of them. */
function mayHoldHalf(json: Buffer): boolean {
  return json.includes('\\u') && HALF.test(json.toString('latin1'))
}

/** Whether JSON is written as it would be written again. */
function isCanonical(json: Buffer): boolean {
  const text = json.toString()
  try {
    return !mayHoldHalf(json) && JSON.stringify(JSON.parse(text)) === text
  } catch {
    return false
  }
}
