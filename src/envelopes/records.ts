import type { Envelope } from './contract.ts'
import { CLOSE_ARRAY, CLOSE_OBJECT, members, OPEN_ARRAY, OPEN_OBJECT, skipSpace, valueEnd } from './json.ts'

const HEAD = Buffer.from('{"Records":[')

/** `{"Records":[…]}`, as CloudTrail delivers to S3: the array is cut out with two slices. */
export const records: Envelope = {
  name: 'records',
  doc: 'One JSON object with an array of records in its field `Records`: CloudTrail files in S3.',
  open(bytes) {
    const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD.length))
    if (head.equals(HEAD)) {
      const end = lastIndexBesideSpace(bytes)
      const whole = bytes[end] === CLOSE_OBJECT && bytes[end - 1] === CLOSE_ARRAY
      return { kind: 'records', records: bytes.subarray(HEAD.length - 1, whole ? end : bytes.length) }
    }
    const start = skipSpace(bytes, 0)
    if (bytes[start] !== OPEN_OBJECT) return undefined
    const field = members(bytes, start)?.find(({ key }) => key === 'Records') ?? brokenOff(bytes, start)
    if (field === undefined || bytes[field.start] !== OPEN_ARRAY) return undefined
    return { kind: 'records', records: bytes.subarray(field.start, field.end) }
  },
}

function lastIndexBesideSpace(bytes: Uint8Array): number {
  let at = bytes.length - 1
  while (at > 0 && (bytes[at] as number) <= 0x20) at--
  return at
}

/** The array of a document that ends before its `]`: pretty-printed, so that HEAD did not match. */
function brokenOff(bytes: Uint8Array, start: number): { start: number; end: number } | undefined {
  const head = /^\s*\{\s*"Records"\s*:\s*\[/.exec(
    Buffer.from(bytes.subarray(0, start + 200)).toString('latin1'),
  )
  if (!head || valueEnd(bytes, start) >= 0) return undefined
  return { start: head[0].length - 1, end: bytes.length }
}
