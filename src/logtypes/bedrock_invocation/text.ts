import { wellFormedJson } from '../../json/halves.ts'
import type { JsonValue } from '../../json/values.ts'

export { wellFormed, wellFormedJson } from '../../json/halves.ts'

/**
 * JSON text without halves of surrogate pairs; undefined when the value is nested too deeply to be written.
 */
export function jsonText(value: JsonValue): string | undefined {
  try {
    return wellFormedJson(JSON.stringify(value))
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}
