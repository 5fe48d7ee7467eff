import { OPEN_OBJECT } from './bytes.ts'
import { holdsHalf, mayHoldHalf } from './halves.ts'
import type { Check } from './text-column.ts'

/** Conditions on new values of a column, by the kind of the field. They run once per distinct value. */
export const CHECKS: Record<string, Check | undefined> = {
  json: { holds: (written) => !holdsHalf(written), onlyEscaped: true },
  parsed: { holds: (written) => !holdsHalf(written), onlyEscaped: true },
  whole: { holds: (written) => !mayHoldHalf(written), onlyEscaped: true },
  canonical: { holds: (written) => isCanonical(written) },
  jsonText: {
    holds(written, meant = written) {
      return meant[0] === OPEN_OBJECT && isCanonical(meant)
    },
  },
}

/** Whether JSON equals its own parsed and re-written form. */
function isCanonical(json: Buffer): boolean {
  const text = json.toString()
  try {
    return !mayHoldHalf(json) && JSON.stringify(JSON.parse(text)) === text
  } catch {
    return false
  }
}
