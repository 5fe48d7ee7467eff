import type { JsonObject } from '../logtypes/contract.ts'
import type { Context, Delivery } from './contract.ts'
import { OPEN_OBJECT, skipSpace } from './json.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A record of its bytes. Throws SyntaxError where they begin like JSON and are none, TypeError where they are no UTF-8. */
export function deliveryOf(bytes: Uint8Array, context: Context): Delivery {
  const record = bytes[0] === OPEN_OBJECT ? (JSON.parse(UTF8.decode(bytes)) as JsonObject) : undefined
  return { bytes, record, context }
}

/** A record of a text, which may be JSON; text that only begins like it is text. */
export function deliveryOfText(text: string, context: Context): Delivery {
  const bytes = Buffer.from(text)
  return { bytes, record: objectOf(text, bytes), context, text }
}

function objectOf(text: string, bytes: Uint8Array): JsonObject | undefined {
  if (bytes[skipSpace(bytes, 0)] !== OPEN_OBJECT) return undefined
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return undefined
  }
}
