import type { Envelope } from './contract.ts'
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  documents,
  insideArray,
  joinArray,
  members,
  OPEN_ARRAY,
  OPEN_OBJECT,
  type Span,
} from './json.ts'

const HEAD = Buffer.from('{"Records":[')

/** `{"Records":[…]}`, as CloudTrail delivers to S3; also several of them, as gzip members make them. */
export const records: Envelope = {
  name: 'records',
  doc: 'One JSON object with an array of records in its field `Records`: CloudTrail files in S3.',
  open(bytes) {
    const { spans, stop } = documents(bytes)
    const arrays: Uint8Array[] = []
    for (const span of spans) {
      const found = arraysOf(bytes, span)
      if (found.length === 0) return undefined
      arrays.push(...found)
    }
    const broken = brokenOff(bytes, stop)
    if (arrays.length === 0 && broken === undefined) return undefined
    const [only] = arrays
    if (arrays.length === 1 && stop >= bytes.length) return { kind: 'records', records: only as Uint8Array }
    const inside = arrays.map((array) => insideArray(array) ?? array).filter(({ length }) => length > 0)
    const tail = stop < bytes.length ? (broken ?? bytes.subarray(stop)) : undefined
    return { kind: 'records', records: joinArray(inside, tail) }
  },
}

/**
 * The array of `{"Records":[…]}`, cut out with two slices and no look at what is between them. Whether the cut was
 * right only `fit` can tell: there may be several such objects, or other fields behind the array.
 */
export function cutRecords(bytes: Uint8Array): Uint8Array | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD.length))
  if (!head.equals(HEAD)) return undefined
  let end = bytes.length - 1
  while (end > 0 && (bytes[end] as number) <= 0x20) end--
  const whole = bytes[end] === CLOSE_OBJECT && bytes[end - 1] === CLOSE_ARRAY
  return whole ? bytes.subarray(HEAD.length - 1, end) : undefined
}

/** Every `Records` of a document: a field that is there twice is read twice. */
function arraysOf(bytes: Uint8Array, { start }: Span): Uint8Array[] {
  if (bytes[start] !== OPEN_OBJECT) return []
  return (members(bytes, start) ?? [])
    .filter((field) => field.key === 'Records' && bytes[field.start] === OPEN_ARRAY)
    .map((field) => bytes.subarray(field.start, field.end))
}

/** What a document that does not end has behind the `[` of its records. */
function brokenOff(bytes: Uint8Array, start: number): Uint8Array | undefined {
  const head = Buffer.from(bytes.subarray(start, start + 200)).toString('latin1')
  const match = /^\{\s*"Records"\s*:\s*\[/.exec(head)
  return match ? bytes.subarray(start + match[0].length) : undefined
}
