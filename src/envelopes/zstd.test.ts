import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { expand } from './gzip.ts'
import { loadZstd } from './zstd.ts'

beforeAll(loadZstd)

/** Made by zstd 1.5.4 with `--check`, the second with `-19`. */
const SMALL = Buffer.from('28b52ffd04588100007b2261223a317d0a7b2261223a327d0aeeedacf2', 'hex')
const PACKED = Buffer.from(
  '28b52ffd04683d030092c51011b03bcfa0aa9404f16c4544840b83181904f9858cf7e6d5f442c67bf36a7621e3bd7935b990f1debc9a5bc8786f5e4d2d64bc372f78c8da61e120b5d02043a10613ba3ca811b0bbff1be0e7112404bf4230ce0f0b4ff3b4a7795a394714235b160ba42acf547507',
  'hex',
)
const small = '{"a":1}\n{"a":2}\n'
const packed = Array.from({ length: 60 }, (_, n) => `{"n":${n + 1},"t":"some text"}\n`).join('')
const skippable = Buffer.from('5a2a4d1803000000787878', 'hex')
const limits = { maxBytes: 1 << 20 }

function opened(...parts: Uint8Array[]) {
  const expanded = expand(Buffer.concat(parts), limits)
  if (!expanded.ok) return expanded.reason
  return {
    text: Buffer.from(expanded.bytes).toString(),
    ...(expanded.cut ? { cut: expanded.cut.reason } : {}),
    refused: (expanded.refused ?? []).map(({ offset, bytes, reason }) => [offset, bytes.length, reason]),
  }
}

test('frames are one stream, and skippable frames hold nothing', () => {
  expect(opened(SMALL)).toEqual({ text: small, refused: [] })
  expect(opened(PACKED)).toEqual({ text: packed, refused: [] })
  expect(opened(skippable, SMALL, skippable, PACKED, skippable)).toEqual({
    text: small + packed,
    refused: [],
  })
  expect(opened(SMALL, Buffer.alloc(10))).toEqual({ text: small, refused: [] })
  expect(opened(gzipSync(SMALL))).toEqual({ text: small, refused: [] })
  expect(expand(gzipSync(SMALL), limits)).toMatchObject({ wrapper: 'zstd×2' })
})

test('a frame whose data is wrong is refused, and those beside it are kept', () => {
  for (let at = 6; at < PACKED.length; at++) {
    const damaged = Buffer.from(PACKED)
    damaged.writeUInt8((damaged[at] as number) ^ 0x40, at)
    const found = opened(SMALL, damaged)
    if (typeof found === 'string') throw new Error(found)
    // Some bits have no meaning: then the checksum is right, and so is the text.
    const wanted = found.refused.length > 0 ? small : small + packed
    expect(found.text.replaceAll('\x1e', ''), `turned over at ${at}`).toBe(wanted)
  }
  const wrong = Buffer.from(PACKED)
  wrong.writeUInt8((wrong.at(-1) as number) ^ 1, wrong.length - 1)
  expect(opened(SMALL, wrong, SMALL)).toEqual({
    text: `${small}\x1e${small}`,
    refused: [[SMALL.length, PACKED.length, 'zstd is damaged: its data or its checksum is wrong']],
  })
})

test('wherever the last frame is cut, it is said', () => {
  for (let length = 1; length < PACKED.length; length++) {
    const found = opened(SMALL, PACKED.subarray(0, length))
    if (typeof found === 'string') throw new Error(found)
    expect(found.text).toBe(small)
    expect(found.refused, `cut to ${length}`).toMatchObject([[SMALL.length, length, expect.any(String)]])
  }
})

test('bytes behind the last frame are refused', () => {
  expect(opened(SMALL, Buffer.from('rubbish'))).toEqual({
    text: small,
    refused: [[SMALL.length, 7, '7 bytes behind the last zstd frame are no zstd']],
  })
})

test('reading goes on at the next frame behind what is no frame, or a frame that is cut', () => {
  expect(opened(SMALL, Buffer.from('rubbish'), PACKED)).toEqual({
    text: `${small}\x1e${packed}`,
    refused: [[SMALL.length, 7, '7 bytes before a zstd frame are no zstd']],
  })
  for (let length = 4; length < PACKED.length; length++) {
    const found = opened(SMALL, PACKED.subarray(0, length), SMALL)
    if (typeof found === 'string') throw new Error(found)
    expect(found.text, `cut to ${length}`).toBe(`${small}\x1e${small}`)
    expect(found.refused).toMatchObject([[SMALL.length, length, expect.any(String)]])
  }
})

test('of a hundred thousand frames that are none, a thousand are told apart', () => {
  const found = opened(SMALL, ...Array.from({ length: 100_000 }, () => SMALL.subarray(0, 7)), SMALL)
  if (typeof found === 'string') throw new Error(found)
  expect(found.text.replaceAll('\x1e', '')).toBe(small)
  expect(found.refused).toHaveLength(1001)
  const told = found.refused.reduce((sum, [, bytes]) => sum + Number(bytes), 0)
  expect(told).toBe(100_000 * 7 + SMALL.length)
})

test('a frame that expands too far is refused before it does', () => {
  // 100 blocks of one byte each, which stands for 128 KiB, in a window of 1 MiB.
  const block = Buffer.from([0x02, 0x00, 0x10, 0x20])
  const last = Buffer.from([0x03, 0x00, 0x10, 0x20])
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50])
  const bomb = Buffer.concat([head, ...Array.from({ length: 99 }, () => block), last])
  expect(expand(bomb, { maxBytes: 100 * (128 << 10) })).toMatchObject({ ok: true })
  expect(expand(bomb, limits)).toMatchObject({ ok: false, code: 'too-large' })
  // A header that claims 4 GiB is compared with the capacity of its blocks.
  const claim = Buffer.from('28b52ffda0ffffffff010000', 'hex')
  expect(expand(claim, limits)).toMatchObject({ ok: true, bytes: Buffer.alloc(0) })
})
