import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { unwrap } from '../envelopes/index.ts'
import { skipSeparators } from '../json/separators.ts'
import { jsonEnd, memberValue, noFailure } from '../json/valid.ts'
import { logTypes } from '../logtypes/index.ts'
import { openGroup } from './open/open.ts'
import { readRecords } from './open/records.ts'

/** Every byte of an object is in a record or in a reject, whatever the object holds. */

const folder = mkdtempSync(join(tmpdir(), 'covered-'))
afterAll(() => rmSync(folder, { recursive: true }))
const context = { uri: '/logs/object.json', writtenMs: 0 }

/** The fixtures of all log types that are JSON, without their gzip. */
const fixtures = logTypes.flatMap(({ queries, name }) => {
  const own = new URL('../fixtures/', queries)
  return readdirSync(own)
    .filter((file) => /\.(json|jsonl|ndjson|json\.gz)$/.test(file))
    .filter((file) => !/\.(rows|rejects|made)\.json$|^(outcomes|looked)\.json$/.test(file))
    .map((file) => {
      const bytes = readFileSync(new URL(file, own))
      return { name: `${name}/${file}`, bytes: bytes[0] === 0x1f ? gunzipSync(bytes) : bytes }
    })
    .filter(({ bytes }) => bytes.length < 40_000)
})

/** The bytes of an object that are in no record and in no reject. */
function passedOver(bytes: Uint8Array): string[] | undefined {
  const opened = unwrap(bytes, context)
  if (opened.kind !== 'records' || !opened.source) return undefined
  const { source } = opened
  const covered = new Uint8Array(source.bytes.length)
  const { buffer, byteOffset } = source.bytes
  const delivered = (_: number, { bytes: record }: { bytes: Uint8Array }) => {
    expect(record.buffer).toBe(buffer)
    const start = record.byteOffset - byteOffset
    expect(covered.subarray(start, start + record.length).includes(1), 'read twice').toBe(false)
    covered.fill(1, start, start + record.length)
  }
  const found = readRecords(source, { context, wrappers: [], typeOf: () => undefined, delivered })
  const skips = [...found.skipped.values()].reduce((sum, times) => sum + times, 0)
  expect(found.read).toBe(found.rejected.length + skips)
  for (const { offset, bytes: own } of found.rejected)
    expect(Buffer.from(own).equals(source.bytes.subarray(offset, offset + own.length))).toBe(true)
  const gaps: string[] = []
  for (let at = 0; at < covered.length; ) {
    const start = skipSeparators(source.bytes, at)
    let end = start
    while (end < covered.length && covered[end] === 0) end++
    if (end > start) gaps.push(Buffer.from(source.bytes.subarray(start, end)).toString().trim())
    at = Math.max(end, start)
    while (at < covered.length && covered[at] === 1) at++
  }
  return gaps
}

/**
 * Whether the text only frames records in a sound document: brackets, commas, and the document's other
 * fields.
 */
function isFrame(text: string): boolean {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    at = skipSeparators(bytes, at)
    if (at >= bytes.length) return true
    if ('[]{},'.includes(String.fromCharCode(bytes[at] as number))) {
      at++
      continue
    }
    const value = memberValue(bytes, at)
    if (value < 0) return false
    const isList = /^"(?:Records|Events|[Ff]indings)"/.test(bytes.subarray(at).toString())
    const end = isList ? value : jsonEnd(bytes, value, noFailure())
    if (end < 0) return false
    at = end
  }
  return true
}

function random(seed: number): (below: number) => number {
  return (below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return (seed >> 8) % below
  }
}

const ODD = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  '\\',
  '\0\0',
  '\n',
  '\nSTART x\n',
  '\x1e',
  '\ufeff',
  '1',
  '{"a":1}',
  ']}',
]

/** The bytes with something cut out of them, put in, or both. */
function mutated(bytes: Buffer, next: (below: number) => number): Buffer {
  const at = next(bytes.length)
  const cut = next(3) === 0 ? 0 : next(Math.min(200, bytes.length - at))
  const put = Buffer.from(next(3) === 0 ? '' : (ODD[next(ODD.length)] as string))
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)])
}

describe('every byte of an object is in a record, in a reject, or around records', () => {
  test.each(fixtures.map(({ name, bytes }) => [name, bytes] as const))('%s', (_, bytes) => {
    for (const gap of passedOver(bytes) ?? []) expect(isFrame(gap), gap).toBe(true)
    const next = random(bytes.length)
    for (let round = 0; round < 20; round++) {
      const broken = mutated(bytes, next)
      for (const gap of passedOver(broken) ?? []) expect(isFrame(gap), `${round}: ${gap}`).toBe(true)
    }
  })
})

test('the records of mutated objects, plain and in gzip that is mutated too, add up, and none is thrown away', () => {
  const next = random(7)
  for (const { name, bytes } of fixtures) {
    const broken = mutated(bytes, next)
    const objects = [broken, mutated(gzipSync(broken), next), Buffer.concat([gzipSync(bytes), broken])]
    const { objects: opened } = openGroup({
      objects: objects.map((own, serial) => ({ ...context, serial, kind: 'bytes', bytes: own })),
      folder,
      maxBytes: 1 << 24,
      strictly: false,
    })
    for (const { read, spooled, rejected, skippedRecords, skipped, pending } of opened) {
      if (pending) continue
      const skips = [...(skippedRecords?.values() ?? [])].reduce((sum, times) => sum + times, 0)
      expect(read, name).toBe(spooled + rejected.length + skips)
      if (read === 0) expect(skipped, name).toBeDefined()
    }
    // Bytes inserted behind a sound member are either read or rejected.
    const [, , both] = opened
    const [whole] = openGroup({
      objects: [{ ...context, serial: 9, kind: 'bytes', bytes: gzipSync(bytes) }],
      folder,
      maxBytes: 1 << 24,
      strictly: false,
    }).objects
    if (!both?.pending && !whole?.skipped) expect(both?.read, name).toBeGreaterThan(whole?.read ?? 0)
  }
})
