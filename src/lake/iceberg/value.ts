/**
 * Single values as bytes: stores, compares and truncates column bounds and partition bounds.
 *
 * Iceberg specification: Appendix D, "Binary single-value serialization"; "Schema Evolution" for the bounds
 * that were written before a column's type was widened.
 */
import { asBuffer } from './avro.ts'
import { daysOf, microsOf } from './time.ts'
import type { ColumnType } from './types.ts'

/** A value as SQL writes it: a date or timestamptz is ISO text, or days or microseconds since 1970. */
export type Value = string | number | bigint | boolean | Uint8Array

const smallestLong = -(2n ** 63n)
const largestLong = 2n ** 63n - 1n

/** Throws when the type cannot hold the value exactly: no rounding, no wrapping. */
export function toBytes(type: ColumnType, value: Value): Uint8Array {
  const decoded = toStored(type, value)
  if (decoded === null) throw new Error(`${describe(value)} is not a value of type ${type}`)
  switch (type) {
    case 'boolean':
      return Uint8Array.of(decoded ? 1 : 0)
    case 'int':
    case 'date': {
      const bytes = Buffer.alloc(4)
      bytes.writeInt32LE(decoded as number)
      return bytes
    }
    case 'long':
    case 'timestamptz': {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64LE(decoded as bigint)
      return bytes
    }
    case 'double': {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleLE(decoded as number)
      return bytes
    }
    case 'string':
      return Buffer.from(decoded as string)
    case 'binary':
      return decoded as Uint8Array
  }
}

/**
 * Gives a boolean; a number for int, date (days) and double; a bigint for long and timestamptz
 * (microseconds); a string; or bytes.
 */
export function fromBytes(type: ColumnType, bytes: Uint8Array): Value {
  const buffer = asBuffer(bytes)
  switch (type) {
    case 'boolean':
      expectLength(type, buffer, 1)
      return buffer[0] !== 0
    case 'int':
    case 'date':
      expectLength(type, buffer, 4)
      return buffer.readInt32LE()
    case 'long':
    case 'timestamptz':
      // A bound of four bytes was written when the column was an int.
      if (type === 'long' && buffer.length === 4) return BigInt(buffer.readInt32LE())
      expectLength(type, buffer, 8)
      return buffer.readBigInt64LE()
    case 'double':
      if (buffer.length === 4) return buffer.readFloatLE()
      expectLength(type, buffer, 8)
      return buffer.readDoubleLE()
    case 'string':
      return buffer.toString()
    case 'binary':
      return bytes
  }
}

/**
 * The value in the form that `fromBytes` returns, or null when the type cannot hold it exactly. A number is
 * accepted for an int, long, double or date only; text is never read as a number.
 */
export function toStored(type: ColumnType, value: Value): Value | null {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'int': {
      const whole = wholeNumber(value)
      return whole !== null && whole >= -(2n ** 31n) && whole < 2n ** 31n ? Number(whole) : null
    }
    case 'long': {
      const whole = wholeNumber(value)
      return whole !== null && whole >= smallestLong && whole <= largestLong ? whole : null
    }
    case 'double':
      return typeof value === 'number' ? value : null
    case 'date': {
      if (typeof value === 'string') return daysOf(value)
      const days = wholeNumber(value)
      return days !== null && days >= -(2n ** 31n) && days < 2n ** 31n ? Number(days) : null
    }
    case 'timestamptz': {
      if (typeof value === 'string') return microsOf(value)
      return typeof value === 'bigint' && value >= smallestLong && value <= largestLong ? value : null
    }
    case 'string':
      // A lone surrogate has no UTF-8 form: it would silently become U+FFFD.
      return typeof value === 'string' && !/\p{Surrogate}/u.test(value) ? value : null
    case 'binary':
      return value instanceof Uint8Array ? value : null
  }
}

function wholeNumber(value: Value): bigint | null {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null
}

/** Negative, zero or positive, in the order of the type. Strings are ordered by their UTF-8 bytes. */
export function compareBounds(type: ColumnType, a: Uint8Array, b: Uint8Array): number {
  if (type === 'string' || type === 'binary') return Buffer.compare(a, b)
  const left = fromBytes(type, a)
  const right = fromBytes(type, b)
  if (left < right) return -1
  if (left > right) return 1
  // -0.0 comes before +0.0: a bound must not skip one of them.
  if (left === 0 && right === 0) return (Object.is(left, -0) ? 0 : 1) - (Object.is(right, -0) ? 0 : 1)
  return 0
}

/** The first `length` code points (bytes for binary), which is still a lower bound. */
export function truncateLower(type: ColumnType, bytes: Uint8Array, length: number): Uint8Array {
  if (type === 'binary') return bytes.subarray(0, length)
  if (type === 'string') return bytes.subarray(0, endOfCodePoints(bytes, length))
  return bytes
}

/**
 * The first `length` code points (bytes for binary), with the last one raised so that it is still an upper
 * bound; null when all of them are the largest already.
 */
export function truncateUpper(type: ColumnType, bytes: Uint8Array, length: number): Uint8Array | null {
  if (type !== 'string' && type !== 'binary') return bytes
  const end = type === 'string' ? endOfCodePoints(bytes, length) : Math.min(length, bytes.length)
  if (end === bytes.length) return bytes
  return type === 'string' ? raiseText(bytes.subarray(0, end)) : raiseBytes(bytes.subarray(0, end))
}

function endOfCodePoints(bytes: Uint8Array, length: number): number {
  let position = 0
  for (let n = 0; n < length && position < bytes.length; n++) {
    position += 1
    while (position < bytes.length && isContinuation(bytes[position])) position += 1
  }
  return position
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

function raiseText(bytes: Uint8Array): Uint8Array | null {
  const text = asBuffer(bytes).toString()
  // Bytes that are not UTF-8 may sort above every raised text.
  if (!Buffer.from(text).equals(bytes)) return null
  const points = Array.from(text, (c) => c.codePointAt(0) ?? 0)
  for (let last = points.length - 1; last >= 0; last--) {
    let raised = (points[last] ?? 0) + 1
    // Surrogates are not characters: U+E000 follows U+D7FF.
    if (raised >= 0xd800 && raised <= 0xdfff) raised = 0xe000
    if (raised <= 0x10ffff) {
      const kept = points.slice(0, last)
      kept.push(raised)
      return Buffer.from(kept.map((point) => String.fromCodePoint(point)).join(''))
    }
  }
  return null
}

function raiseBytes(bytes: Uint8Array): Uint8Array | null {
  for (let last = bytes.length - 1; last >= 0; last--) {
    const byte = bytes[last] ?? 0
    if (byte < 0xff) {
      const raised = bytes.slice(0, last + 1)
      raised[last] = byte + 1
      return raised
    }
  }
  return null
}

function expectLength(type: ColumnType, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new Error(`a ${type} bound has ${bytes.length} bytes, not ${length}`)
}

function describe(value: Value): string {
  if (value instanceof Uint8Array) return `binary of ${value.length} bytes`
  const text = String(value)
  return typeof value === 'string' ? JSON.stringify(text.slice(0, 100)) : text
}
