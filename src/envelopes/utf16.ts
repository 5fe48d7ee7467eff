import type { Damage } from './contract.ts'

/** Whether text begins with UTF-16's byte order mark, and not with UTF-32's. */
export function isUtf16(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes[2] !== 0 || bytes[3] !== 0
  return bytes[0] === 0xfe && bytes[1] === 0xff
}

/**
 * UTF-16 with its mark as UTF-8, as PowerShell 5 writes what a command prints. Half of a surrogate pair, which UTF-8 has no
 * bytes for, becomes the escape that JSON has for it. Places are counted in the UTF-8.
 */
export function fromUtf16(bytes: Uint8Array): { bytes: Uint8Array; cut?: Damage } {
  const length = bytes.length - (bytes.length % 2)
  const units = Buffer.from(bytes.subarray(2, length))
  if (bytes[0] === 0xfe) units.swap16()
  const parts: Buffer[] = []
  // A text of this language has an end to its length.
  for (let at = 0; at < units.length; ) {
    let end = Math.min(at + PIECE_BYTES, units.length)
    if (end < units.length && isHigh(units.readUInt16LE(end - 2))) end -= 2
    parts.push(Buffer.from(units.toString('utf16le', at, end).replace(HALF, escaped)))
    at = end
  }
  const reason = `UTF-16 breaks off inside a character after ${bytes.length} bytes`
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
