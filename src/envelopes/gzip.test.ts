import { deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { expand } from './gzip.ts'

const text = (expanded: ReturnType<typeof expand>) =>
  expanded.ok ? Buffer.from(expanded.bytes).toString() : expanded.code
const limits = { maxBytes: 1000 }

test('bytes that are no gzip stay as they are, whatever the object is called', () => {
  const bytes = Buffer.from('{}')
  expect(expand(bytes, limits)).toEqual({ ok: true, bytes, wrapper: 'plain' })
})

test('gzip comes off, however often it was put on', () => {
  const once = gzipSync('hello')
  expect(expand(once, limits)).toMatchObject({ ok: true, wrapper: 'gzip' })
  expect(text(expand(once, limits))).toBe('hello')
  const thrice = gzipSync(gzipSync(once))
  expect(expand(thrice, limits)).toMatchObject({ ok: true, wrapper: 'gzip×3' })
  expect(text(expand(gzipSync(thrice), limits))).toBe('too-large')
})

test('several members are one stream', () => {
  expect(text(expand(Buffer.concat([gzipSync('a'), gzipSync(''), gzipSync('b')]), limits))).toBe('ab')
})

test('an object that expands too far is refused before it does', () => {
  expect(text(expand(gzipSync('x'.repeat(1001)), limits))).toBe('too-large')
  expect(text(expand(gzipSync('x'.repeat(1000)), limits))).toHaveLength(1000)
  const bomb = gzipSync(gzipSync(Buffer.alloc(50_000_000)))
  expect(text(expand(bomb, { maxBytes: 100_000 }))).toBe('too-large')
})

test('at every length, a stream that breaks off gives the part before the break and says so', () => {
  const delivered = 'some text '.repeat(50)
  const whole = gzipSync(delivered, { level: 0 })
  for (let length = 2; length < whole.length; length++) {
    const expanded = expand(whole.subarray(0, length), limits)
    expect(expanded.ok, `cut to ${length}`).toBe(true)
    if (!expanded.ok) continue
    expect(delivered.startsWith(Buffer.from(expanded.bytes).toString())).toBe(true)
    expect(expanded.cut?.reason).toBe(`gzip breaks off after ${length} bytes`)
  }
  const max = expand(whole.subarray(0, whole.length - 9), limits)
  expect(text(max).length).toBeGreaterThan(450)
})

test('no byte of a damaged stream is trusted', () => {
  const whole = gzipSync('some text '.repeat(50), { level: 0 })
  for (const at of [20, 100, whole.length - 6]) {
    const damaged = Buffer.from(whole)
    damaged.writeUInt8((damaged[at] as number) ^ 1, at)
    expect(text(expand(damaged, limits))).toBe('damaged-gzip')
  }
})

test('zlib comes off too, and text that begins like it stays', () => {
  expect(expand(deflateSync('hello'), limits)).toMatchObject({ ok: true, wrapper: 'zlib' })
  for (const level of [0, 1, 6, 9])
    expect(text(expand(deflateSync('hello', { level }), limits))).toBe('hello')
  expect(text(expand(Buffer.from('x^ten is a text'), limits))).toBe('x^ten is a text')
})

test('a bomb is told by its ratio, long before the most that an object may expand to', () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000))
  const expanded = expand(bomb, { maxBytes: 1 << 30 })
  expect(expanded).toMatchObject({ ok: false, code: 'too-large' })
  expect(!expanded.ok && expanded.reason).toBe(`expands to more than ${64 << 20} bytes from ${bomb.length}`)
})
