import { isAscii, isUtf8 } from 'node:buffer'
import { OPEN_OBJECT, skipSpace } from '../json/bytes.ts'
import type { JsonObject } from '../json/values.ts'
import type { Context, Delivery } from './contract.ts'

/** A record of its bytes. Throws SyntaxError where they begin like JSON and are none, TypeError where they are no UTF-8. */
export function deliveryOf(bytes: Uint8Array, context: Context): Delivery {
  const record = bytes[0] === OPEN_OBJECT ? (JSON.parse(decoded(bytes)) as JsonObject) : undefined
  return { bytes, record, context }
}

function decoded({ buffer, byteOffset, length }: Uint8Array): string {
  const bytes = Buffer.from(buffer, byteOffset, length)
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (!isUtf8(bytes)) throw new TypeError('no UTF-8')
  return bytes.toString()
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
