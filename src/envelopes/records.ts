import { again } from '../json/again.ts'
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  documents,
  joinSpans,
  members,
  OPEN_ARRAY,
  OPEN_OBJECT,
  type Span,
  skipSpace,
} from '../json/bytes.ts'
import type { Envelope, Run } from './contract.ts'
import { headOf } from './footing.ts'

const LETTER_R = 0x52

const HEAD = Buffer.from('{"Records":[')

/**
 * `{"Records":[…]}`, as CloudTrail delivers to S3; also several of them, as in files of several gzip members.
 */
export const records: Envelope = {
  name: 'records',
  doc: 'One JSON object with an array of records in its field `Records`: CloudTrail files in S3.',
  open(bytes) {
    const { spans, stop } = documents(bytes)
    let isOther = false
    const runs = again(function* () {
      for (const span of spans) {
        const lists = listsOf(bytes, span)
        isOther ||= lists.length === 0
        if (isOther) return
        yield* lists
      }
    })
    const [only] = runs
    const isBroken = stop < bytes.length && isHead(bytes, stop)
    if (!only && !isBroken) return undefined
    if (isOther) return undefined
    const source = { bytes, runs, stop }
    if (only && !runs.atLeast(2))
      return { kind: 'records', records: bytes.subarray(only.start, only.end), source }
    const joined = joinSpans(bytes, runs)
    return isOther ? undefined : { kind: 'records', records: joined, source }
  },
}

/**
 * The array of `{"Records":[…]}`, cut out with two slices, without reading the bytes between: with it, an
 * object of CloudTrail takes an eighth less processor time (`npm run bench`, on an idle machine). Only `fit`
 * can decide whether the cut was right: there may be several such objects, or other fields after the array.
 */
export function cutRecords(bytes: Uint8Array): Uint8Array | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD.length))
  if (!head.equals(HEAD)) return undefined
  let end = bytes.length - 1
  while (end > 0 && (bytes[end] as number) <= 0x20) end--
  const whole = bytes[end] === CLOSE_OBJECT && bytes[end - 1] === CLOSE_ARRAY
  return whole ? bytes.subarray(HEAD.length - 1, end) : undefined
}

/** Every `Records` field of a document: one that is there twice is read twice. */
export function listsOf(bytes: Uint8Array, { start }: Span): Run[] {
  if (bytes[start] !== OPEN_OBJECT) return []
  return (members(bytes, start) ?? [])
    .filter((field) => field.key === 'Records' && bytes[field.start] === OPEN_ARRAY)
    .map((field) => ({
      start: field.start,
      end: field.end,
      around: { start, head: headOf(bytes, start), inObject: true },
    }))
}

/** Whether a document begins with `Records` as its first field. */
export function isHead(bytes: Uint8Array, start: number): boolean {
  // Checked first, because there may be millions of tiny documents, and decoding a key costs more.
  if (bytes[start] !== OPEN_OBJECT || bytes[skipSpace(bytes, start + 1) + 1] !== LETTER_R) return false
  const head = Buffer.from(bytes.subarray(start, start + 200)).toString('latin1')
  return /^\{\s*"Records"\s*:\s*\[/.test(head)
}
