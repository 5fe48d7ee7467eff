import { QUOTE } from '../json/bytes.ts'
import { lineEnd, textBetween } from '../json/lines.ts'
import { plainTime } from '../json/time.ts'
import type { Context, Envelope, Text } from './contract.ts'

/**
 * Objects of SageMaker batch transform jobs that are not JSON records.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-batch.html
 */

/** The manifest of a transform job's data capture: names of the objects that went in or came out, no log. */
export const transformManifest: Envelope = {
  name: 'transform-manifest',
  doc: 'Capture manifest of a batch transform job: `[{"prefix":"s3://…/"},"file",…]`.',
  open(bytes) {
    if (!MANIFEST.test(textBetween(bytes, 0, 64)) || !isManifest(bytes)) return undefined
    return {
      kind: 'skipped',
      reason: 'a manifest of a batch transform: names of objects, no payloads',
    }
  },
}

const LINE_FEED = 0x0a

const MANIFEST = /^\s*\[\s*\{\s*"prefix"\s*:/

function isManifest(bytes: Uint8Array): boolean {
  try {
    const lists = parsedLists(Buffer.from(bytes).toString())
    return lists.every(
      ([first, ...names]) => isPrefix(first) && names.every((name) => typeof name === 'string'),
    )
  } catch {
    return false
  }
}

/** One list, or one on each line. */
function parsedLists(text: string): unknown[][] {
  try {
    return [JSON.parse(text) as unknown[]]
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    return lines.map((line) => JSON.parse(line) as unknown[])
  }
}

function isPrefix(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.keys(value).length === 1 && 'prefix' in value && typeof value.prefix === 'string'
}

/**
 * The CSV output of a transform job that generates inference ids: its own columns, then the id and the time.
 */
export const transformOutput: Envelope = {
  name: 'transform-output',
  doc: 'CSV of a batch transform job with inference ids: `<columns>,<inference id>,<time>`.',
  open(bytes, context) {
    if (!isTransformLine(bytes.subarray(0, lineEnd(bytes, 0)))) return undefined
    return { kind: 'texts', texts: [...linesOf(bytes, context)] }
  },
}

function* linesOf(bytes: Uint8Array, context: Context): Generator<Text> {
  for (let start = 0; start < bytes.length; ) {
    const end = rowEnd(bytes, start)
    const text = textBetween(bytes, start, end).replace(/\r?\n?$/, '')
    if (text !== '') yield { bytes: Buffer.from(text), record: undefined, context, offset: start }
    start = end
  }
}

/** A line break between quotes is part of its field. */
function rowEnd(bytes: Uint8Array, from: number): number {
  let isQuoted = false
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted
    else if (bytes[at] === LINE_FEED && !isQuoted) return at + 1
  }
  // A quote that is never closed was not escaped by its writer.
  return isQuoted ? lineEnd(bytes, from) : bytes.length
}

export function isTransformLine(bytes: Uint8Array): boolean {
  return readTransformLine(textBetween(bytes, Math.max(0, bytes.length - 128), bytes.length)) !== undefined
}

/** @param line the line's end is enough for the id and the time */
export function readTransformLine(
  line: string,
): { data: string; inferenceId: string; time: string } | undefined {
  const [, data = '', inferenceId = '', time = ''] = LINE.exec(line) ?? []
  return plainTime(time) === undefined ? undefined : { data, inferenceId, time }
}

const LINE =
  /^(.*),"?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"?,"?(\d{4}-\d\d-\d\d[T ][\d:.]+ ?(?:Z|UTC|[+-]\d\d:?\d\d)?)"?\s*$/s
