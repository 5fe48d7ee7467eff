import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { isDeeper, MAX_CONTAINERS, MAX_DEPTH, tooMuch } from '../../json/extent.ts'
import { countRejects } from '../../ledger/contract.ts'
import { KEPT_BYTES, KEPT_REJECTS, rejectOf, rejectSink } from './rejects.ts'

const sha256 = (...pieces: Uint8Array[]) =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex')
const refusal = { code: 'malformed-json', reason: 'the JSON is malformed' } as const

test('of a long reject the head is kept, with the length and the hash of all', () => {
  const bytes = Buffer.alloc(KEPT_BYTES * 3 + 1, 'x')
  const reject = rejectOf({ position: 2, offset: 40 }, refusal, bytes)
  expect(reject).toMatchObject({
    position: 2,
    offset: 40,
    size: bytes.length,
    sha256: sha256(bytes),
    records: 1,
  })
  expect(reject.bytes).toEqual(new Uint8Array(bytes.subarray(0, KEPT_BYTES)))
  expect(reject.bytes.buffer.byteLength).toBe(KEPT_BYTES)
})

test('rejects beyond the first thousand share a row for each code, and every one is counted', () => {
  const sink = rejectSink()
  const more: Record<string, Buffer[]> = { 'malformed-json': [], 'not-an-object': [] }
  for (let position = 0; position < KEPT_REJECTS * 3; position++) {
    const code = position % 3 === 0 ? 'not-an-object' : 'malformed-json'
    // One of them is longer than the buffer that gathers bytes for the hash.
    const bytes = position === 2500 ? Buffer.alloc(KEPT_BYTES + 7, 'y') : Buffer.from(`record ${position}`)
    sink.add({ position, offset: position * 10 }, { code, reason: `reason ${code}` }, bytes)
    if (position >= KEPT_REJECTS) more[code]?.push(bytes)
  }
  sink.finish()
  expect(sink.rejected).toHaveLength(KEPT_REJECTS + 2)
  expect(countRejects(sink.rejected)).toBe(KEPT_REJECTS * 3)
  for (const row of sink.rejected.slice(KEPT_REJECTS)) {
    const all = more[row.code] as Buffer[]
    expect(row).toMatchObject({
      records: all.length,
      size: all.reduce((sum, { length }) => sum + length, 0),
      sha256: sha256(...all),
    })
    expect(Buffer.from(row.bytes)).toEqual(all[0])
  }
})

test('depth counts levels that are open at once, and none inside a text', () => {
  const nested = (depth: number) => Buffer.from(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
  expect(isDeeper(nested(MAX_DEPTH), MAX_DEPTH)).toBe(false)
  expect(isDeeper(nested(MAX_DEPTH + 1), MAX_DEPTH)).toBe(true)
  expect(tooMuch(nested(MAX_DEPTH))).toBeUndefined()
  expect(tooMuch(nested(MAX_DEPTH + 1))).toMatchObject({ code: 'too-deep' })
  expect(tooMuch(Buffer.from(`[${'{},'.repeat(5000)}{}]`))).toBeUndefined()
  expect(tooMuch(Buffer.from(JSON.stringify({ text: '['.repeat(5000) })))).toBeUndefined()
})

test('a record may hold so many objects and arrays, and any number of other values', () => {
  const holding = (count: number) => Buffer.from(`{"a":[${'{},'.repeat(count - 3)}[]]}`)
  expect(tooMuch(holding(MAX_CONTAINERS))).toBeUndefined()
  expect(tooMuch(holding(MAX_CONTAINERS + 1))).toMatchObject({ code: 'too-large' })
  expect(tooMuch(Buffer.from(`[${'1,'.repeat(MAX_CONTAINERS * 2)}1]`))).toBeUndefined()
  expect(tooMuch(Buffer.from(JSON.stringify('{'.repeat(MAX_CONTAINERS * 2))))).toBeUndefined()
})
