import { OPEN_OBJECT } from './bytes.ts'
import type { Check } from './columns.ts'
import { holdsHalf, mayHoldHalf } from './halves.ts'

/** What new values of a column must be beyond their form, by the kind of the field. They are asked once per distinct value. */
export const CHECKS: Record<string, Check | undefined> = {
  json: { holds: (written) => !holdsHalf(written), onlyEscaped: true },
  whole: { holds: (written) => !mayHoldHalf(written), onlyEscaped: true },
  canonical: { holds: (written) => isCanonical(written) },
  told: {
    holds(written, meant = written) {
      return meant[0] === OPEN_OBJECT && isCanonical(meant)
    },
  },
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
