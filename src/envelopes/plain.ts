import type { Check } from './columns.ts'

/** What new values of a column must be beyond their form, by the kind of the field. They are asked once per distinct value. */
export const CHECKS: Record<string, Check | undefined> = {
  // Looking for two bytes first is much cheaper than a pattern over all of them.
  whole: {
    holds: (written) => !written.includes(ESCAPE) || !HALF.test(written.toString('latin1')),
    onlyEscaped: true,
  },
  canonical: { holds: (written) => isCanonical(written.toString()) },
  told: {
    holds(written, meant) {
      const text = (meant ?? written).toString()
      return text.startsWith('{') && isCanonical(text)
    },
  },
}

const ESCAPE = '\\u'
/** An escape that may stand for half a surrogate pair. */
const HALF = /\\u[dD][89a-fA-F]/

/** Whether JSON is written as it would be written again. */
function isCanonical(text: string): boolean {
  try {
    return !(text.includes(ESCAPE) && HALF.test(text)) && JSON.stringify(JSON.parse(text)) === text
  } catch {
    return false
  }
}
