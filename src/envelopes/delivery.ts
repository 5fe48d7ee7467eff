import { isAscii, isUtf8 } from 'node:buffer'
import { OPEN_OBJECT, skipSpace } from '../json/bytes.ts'
import type { JsonObject } from '../json/values.ts'
import type { Context, Delivery } from './contract.ts'

/**
 * Parses a record. Throws SyntaxError for bytes that begin like JSON but are malformed, TypeError for bytes
 * that are not UTF-8.
 */
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

/**
 * Parses a record that is a text; malformed JSON stays a text. The bytes of a record begin with its brace,
 * whatever space is before it in the text.
 */
export function deliveryOfText(text: string, context: Context): Delivery {
  const bytes = Buffer.from(text)
  const start = skipSpace(bytes, 0)
  const record = bytes[start] === OPEN_OBJECT ? objectOf(text) : undefined
  return { bytes: record ? bytes.subarray(start) : bytes, record, context, text }
}

function objectOf(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return undefined
  }
}
