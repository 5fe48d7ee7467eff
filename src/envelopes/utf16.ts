import type { Damage } from './contract.ts'
import { bytesText } from './expanded.ts'

/** How text is written in UTF-16: which byte of a unit comes first, and how many bytes the mark has. */
export interface Utf16 {
  isBigEndian: boolean
  mark: 0 | 2
}

/**
 * Whether bytes are UTF-16: by its byte order mark, unless it is UTF-32's; without one, JSON is recognised by
 * its first two characters, which are ASCII (RFC 4627, section 3). Undefined for all others.
 */
export function utf16Of(bytes: Uint8Array): Utf16 | undefined {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe)
    return third !== 0 || fourth !== 0 ? { isBigEndian: false, mark: 2 } : undefined
  if (first === 0xfe && second === 0xff) return { isBigEndian: true, mark: 2 }
  const isBigEndian = first === 0
  const [zero, begin, nextZero, next] = isBigEndian
    ? [first, second, third, fourth]
    : [second, first, fourth, third]
  const isJson = zero === 0 && nextZero === 0 && next !== 0 && isBegin(begin)
  return isJson ? { isBigEndian, mark: 0 } : undefined
}

/** Whether JSON begins so: with a bracket, a brace, or white space. */
function isBegin(byte: number | undefined): boolean {
  return byte !== undefined && '{[ \t\r\n'.includes(String.fromCharCode(byte))
}

/**
 * Converts UTF-16 to UTF-8; PowerShell 5 writes command output so. Half a surrogate pair, which has no bytes
 * in UTF-8, becomes its JSON escape. Offsets count in the UTF-8.
 */
export function fromUtf16(
  bytes: Uint8Array,
  { isBigEndian, mark }: Utf16,
): { bytes: Uint8Array; cut?: Damage } {
  const length = bytes.length - (bytes.length % 2)
  const units = Buffer.from(bytes.subarray(mark, length))
  if (isBigEndian) units.swap16()
  const parts: Buffer[] = []
  // A JavaScript string has a maximum length, so the text is converted in parts.
  for (let at = 0; at < units.length; ) {
    let end = Math.min(at + PIECE_BYTES, units.length)
    if (end < units.length && isHigh(units.readUInt16LE(end - 2))) end -= 2
    parts.push(Buffer.from(units.toString('utf16le', at, end).replace(HALF, escaped)))
    at = end
  }
  const reason = `UTF-16 breaks off inside a character after ${bytesText(bytes.length)}`
  const cut: Damage = { code: 'malformed-json', reason }
  return { bytes: Buffer.concat(parts), ...(length < bytes.length ? { cut } : {}) }
}

const PIECE_BYTES = 64 << 20
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

function escaped(half: string): string {
  return `\\u${half.charCodeAt(0).toString(16)}`
}
