/**
 * DER (X.690), as far as time stamps and certificates need it: values with tags below 31 and definite
 * lengths.
 */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

export interface Value {
  tag: number
  /** The value's bytes. */
  content: Buffer
  /** The same with tag and length. */
  whole: Buffer
}

export function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  if (content.length < 128) return Buffer.concat([Buffer.of(tag, content.length), content])
  const hex = content.length.toString(16)
  const length = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.of(tag, 0x80 + length.length), length, content])
}

/** The consecutive values in these bytes. Throws when they are not DER. */
export function valuesIn(bytes: Buffer): Value[] {
  const found: Value[] = []
  for (let at = 0; at < bytes.length; ) {
    const value = valueAt(bytes, at)
    found.push(value)
    at += value.whole.length
  }
  return found
}

function valueAt(bytes: Buffer, from: number): Value {
  const tag = bytes[from] as number
  const first = bytes[from + 1] ?? 0x80
  const count = first & 0x80 ? first & 0x7f : 0
  // An indefinite length is BER's; one of more than four bytes is too long for our data.
  if ((tag & 0x1f) === 0x1f || first === 0x80 || count > 4) throw new Error('it is no DER')
  const begin = from + 2 + count
  const length = count === 0 ? first : Number.parseInt(bytes.toString('hex', from + 2, begin) || 'x', 16)
  if (!(begin + length <= bytes.length)) throw new Error('it is cut short')
  return { tag, content: bytes.subarray(begin, begin + length), whole: bytes.subarray(from, begin + length) }
}

/** The single value in these bytes. */
export function onlyValue(bytes: Buffer): Value {
  const value = valueAt(bytes, 0)
  if (value.whole.length !== bytes.length) throw new Error('bytes are behind its end')
  return value
}

/** Checks a value's tag. */
export function wanted(value: Value | undefined, tag: number): Value {
  if (value?.tag !== tag) throw new Error(`a value of the kind 0x${tag.toString(16)} is wanted`)
  return value
}

/** The values inside a value with this tag. */
export function inside(value: Value | undefined, tag: number = TAG.sequence): Value[] {
  return valuesIn(wanted(value, tag).content)
}

/** An object identifier, as in `1.2.840.113549`. */
export function oidText(value: Value | undefined): string {
  const { content } = wanted(value, TAG.oid)
  const parts: bigint[] = []
  let part = 0n
  for (const byte of content) {
    part = (part << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) {
      parts.push(part)
      part = 0n
    }
  }
  const [head = 0n, ...rest] = parts
  const first = head < 80n ? head / 40n : 2n
  return [first, head - first * 40n, ...rest].join('.')
}

/** A GeneralizedTime in UTC, in milliseconds since 1970. */
export function timeOf(value: Value | undefined): number {
  const text = wanted(value, TAG.time).content.toString('latin1')
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?Z$/.exec(text)
  if (!found) throw new Error('its time is not in the form that RFC 3161 wants')
  const [, year, month, day, hour, minute, second, part = '0'] = found
  const ms = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${part.slice(0, 3).padEnd(3, '0')}Z`,
  )
  if (Number.isNaN(ms)) throw new Error('its time is none')
  return ms
}
