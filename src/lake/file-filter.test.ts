import { describe, expect, it } from 'vitest'
import { bloomOf } from './bloom.ts'
import { bytesOf, decodeFilter, encodeFilter, filterKeyOf, filterOf } from './file-filter.ts'

const hashes = Uint32Array.from({ length: 400 }, (_, index) => index * 0x9e3779b1)

it('is a fuse filter; older releases made Bloom filters', () => {
  expect(filterOf(hashes).kind).toBe('fuse')
})

describe.each([
  ['fuse', filterOf(hashes), 8],
  ['Bloom', bloomOf(hashes), 0],
] as const)('a file of a %s filter', (_, filter, head) => {
  it('gives the filter back', () => {
    expect(decodeFilter(encodeFilter(filter, 'id'), 'id')).toEqual(filter)
  })

  it('gives it back from the middle of other bytes', () => {
    const file = encodeFilter(filter, 'id')
    const around = Buffer.concat([Buffer.from('x'), file, Buffer.from('y')])
    expect(decodeFilter(around.subarray(1, 1 + file.length), 'id')).toEqual(filter)
  })

  it('is Puffin: magic bytes at both ends and before the footer, whose length and flags stand at the end', () => {
    const file = Buffer.from(encodeFilter(filter, 'id'))
    const length = file.readInt32LE(file.length - 12)
    expect(file.toString('latin1', 0, 4)).toBe('PFA1')
    expect(file.toString('latin1', file.length - 4)).toBe('PFA1')
    expect(file.readInt32LE(file.length - 8)).toBe(0)
    expect(file.toString('latin1', file.length - 16 - length, file.length - 12 - length)).toBe('PFA1')
    const footer = JSON.parse(file.toString('utf8', file.length - 12 - length, file.length - 12))
    expect(footer.blobs[0]).toMatchObject({ offset: 4, length: head + bytesOf(filter), fields: [] })
  })

  it('cut anywhere gives none', () => {
    const file = encodeFilter(filter, 'id')
    for (let length = 0; length < file.length; length++)
      expect(decodeFilter(file.subarray(0, length), 'id'), `at ${length}`).toBeUndefined()
  })

  it('gives none, or the right one, whatever bit is wrong', () => {
    const file = Buffer.from(encodeFilter(filter, 'id'))
    for (let at = 0; at < file.length; at++) {
      for (const bit of [1, 128]) {
        const wrong = Buffer.from(file)
        wrong[at] = (wrong[at] as number) ^ bit
        const found = decodeFilter(wrong, 'id')
        if (found) expect(found, `at ${at}`).toEqual(filter)
      }
    }
  })

  it('of other columns gives none', () => {
    expect(decodeFilter(encodeFilter(filter, 'id, time'), 'id')).toBeUndefined()
  })

  it('of another kind gives none', () => {
    expect(decodeFilter(Buffer.from('PAR1 something that is no filter PAR1'), 'id')).toBeUndefined()
    expect(decodeFilter(Buffer.from('PFA1PFA1{"blobs":[]}\x0c\0\0\0\0\0\0\0PFA1'), 'id')).toBeUndefined()
  })

  it('lies beside its data file', () => {
    expect(filterKeyOf('tables/t/data/d/a.parquet')).toBe('tables/t/data/d/a.bloom.puffin')
  })
})
