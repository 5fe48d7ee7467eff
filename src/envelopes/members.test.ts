import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { expand, expandMixed, isWhole } from './gzip.ts'

const limits = { maxBytes: 1 << 20 }
const text = Buffer.from
const one = gzipSync('{"a":1}\n')
const two = gzipSync('{"a":2}\n')
/**
 * Large enough to be cut and altered anywhere, and not compressed, so that offsets are the same everywhere.
 */
const large = gzipSync('{"b":"some text"}\n'.repeat(40), { level: 0 })

function opened(...parts: Uint8Array[]) {
  const bytes = Buffer.concat(parts)
  const expanded = expand(bytes, limits)
  if (!expanded.ok) return expanded.reason
  for (const { offset, bytes: own } of expanded.refused ?? [])
    expect(bytes.subarray(offset, offset + own.length).equals(own)).toBe(true)
  return {
    text: Buffer.from(expanded.bytes).toString(),
    ...(expanded.cut ? { cut: expanded.cut.reason } : {}),
    refused: (expanded.refused ?? []).map(({ offset, bytes: own, reason }) => [offset, own.length, reason]),
  }
}

function turned(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt8((copy[at] as number) ^ 1, at)
  return copy
}

describe('sound members are kept', () => {
  const both = '{"a":1}\n{"a":2}\n'
  test.each<[string, Uint8Array[]]>([
    ['one behind the other', [one, two]],
    ['with a line feed between, as Firehose delimits', [one, text('\n'), two, text('\n')]],
    ['with a carriage return', [one, text('\r\n'), two]],
    ['with zeros between and behind', [one, Buffer.alloc(9), two, Buffer.alloc(512)]],
    ['with a record separator', [one, text('\x1e'), two]],
    ['with an empty member', [one, gzipSync(''), two]],
  ])('%s', (_, parts) => expect(opened(...parts)).toEqual({ text: both, refused: [] }))

  test('and bytes that are neither gzip nor JSON are refused with their place', () => {
    const why = '7 bytes beside the gzip members are neither gzip nor JSON'
    expect(opened(one, text('rubbish'))).toEqual({ text: '{"a":1}\n', refused: [[one.length, 7, why]] })
    expect(opened(one, text('rubbish'), two)).toEqual({
      text: '{"a":1}\n\x1e{"a":2}\n',
      refused: [[one.length, 7, why]],
    })
  })

  test('and plain JSON beside them is read, though not as one text with theirs', () => {
    expect(opened(one, text('{"c":3}'), two)).toEqual({
      text: '{"a":1}\n\x1e{"c":3}\x1e{"a":2}\n',
      refused: [],
    })
  })

  test('beside one whose checksum, length or data is wrong, of which nothing is kept', () => {
    for (const at of [30, 200, large.length - 6, large.length - 2]) {
      const found = opened(one, turned(large, at), two)
      const start = one.length
      expect(found).toMatchObject({
        refused: [[start, large.length, expect.stringContaining('gzip is damaged')]],
      })
      expect((found as { text: string }).text).toBe('{"a":1}\n\x1e{"a":2}\n')
    }
    expect(opened(turned(large, 200))).toBe('gzip is damaged: incorrect data check')
  })

  test('beside one whose header is damaged', () => {
    const damaged = Buffer.concat([Buffer.from([0x1f, 0x8b, 9]), large.subarray(3)])
    expect(opened(one, damaged, two)).toMatchObject({
      text: '{"a":1}\n\x1e{"a":2}\n',
      refused: [[one.length, large.length, 'gzip is damaged: incorrect header check']],
    })
  })
})

test('wherever a last member is cut, it is said, and nothing of what is before it is lost', () => {
  for (let length = 1; length < large.length; length++) {
    const found = opened(one, large.subarray(0, length))
    if (typeof found === 'string') throw new Error(found)
    expect(found.text.startsWith('{"a":1}\n'), `cut to ${length}`).toBe(true)
    // A single byte could begin anything.
    if (length > 1) expect(found.cut).toBe(`gzip breaks off after ${one.length + length} bytes`)
    else expect(found.refused).toHaveLength(1)
  }
})

test('whatever is turned over, no text comes out that did not go in, and something is said', () => {
  const whole = Buffer.concat([one, large, two])
  for (let at = 2; at < whole.length; at++) {
    const expanded = expand(turned(whole, at), limits)
    // A member that seems to be cut off has no checksum to compare with.
    if (!expanded.ok || expanded.cut) continue
    const lines = Buffer.from(expanded.bytes).toString().replaceAll('\x1e', '\n').split('\n')
    const isHeader = isWhole(expanded)
    for (const line of lines) expect(['', '{"a":1}', '{"a":2}', '{"b":"some text"}']).toContain(line)
    // The header's time and system do not affect the text.
    if (isHeader) expect(lines.filter((line) => line !== '')).toHaveLength(42)
  }
})

test('all optional parts of a header', () => {
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3, 2, 0, 1, 2]),
    text('name\0comment\0'),
    Buffer.from([0, 0]),
  ])
  const member = Buffer.concat([header, deflateRawSync('{"a":1}\n'), one.subarray(-8)])
  // The header's own checksum is not verified.
  expect(opened(member, text('\n'), two)).toMatchObject({ text: '{"a":1}\n{"a":2}\n' })
})

test('headers without end do not take time without end', () => {
  const start = process.cpuUsage()
  expand(Buffer.concat([one, Buffer.alloc(1 << 20, Buffer.from([0x1f, 0x8b, 8, 0]))]), limits)
  expect(process.cpuUsage(start).user).toBeLessThan(20_000_000)
})

test('gzip behind plain bytes is found where it is looked for', () => {
  const bytes = Buffer.concat([text('{"c":3}\n'), one, two])
  const mixed = expandMixed(bytes, limits)
  expect(mixed?.ok && Buffer.from(mixed.bytes).toString()).toBe('{"c":3}\n\x1e{"a":1}\n{"a":2}\n')
  expect(expandMixed(text('{"c":3}'), limits)).toBeUndefined()
  expect(expandMixed(Buffer.concat([text('x'), one.subarray(0, 15)]), limits)).toBeUndefined()
})

test('what stands behind a zlib stream is refused', () => {
  const bytes = Buffer.concat([deflateSync('hello'), text('more')])
  expect(opened(bytes)).toEqual({
    text: 'hello',
    refused: [[bytes.length - 4, 4, '4 bytes behind the end of the zlib stream']],
  })
})
