import { describe, expect, it } from 'vitest'
import { bloomOf } from './bloom.ts'
import { bloomKeyOf, decodeBloom, encodeBloom } from './bloom-file.ts'

const filter = bloomOf(Uint32Array.from({ length: 400 }, (_, index) => index * 0x9e3779b1))

describe('a filter file', () => {
  it('gives the filter back', () => {
    expect(decodeBloom(encodeBloom(filter, 'id'), 'id')).toEqual(filter)
  })

  it('gives it back from the middle of other bytes', () => {
    const file = encodeBloom(filter, 'id')
    const around = Buffer.concat([Buffer.from('x'), file, Buffer.from('y')])
    expect(decodeBloom(around.subarray(1, 1 + file.length), 'id')).toEqual(filter)
  })

  it('is Puffin: magic bytes at both ends and before the footer, whose length and flags stand at the end', () => {
    const file = Buffer.from(encodeBloom(filter, 'id'))
    const length = file.readInt32LE(file.length - 12)
    expect(file.toString('latin1', 0, 4)).toBe('PFA1')
    expect(file.toString('latin1', file.length - 4)).toBe('PFA1')
    expect(file.readInt32LE(file.length - 8)).toBe(0)
    expect(file.toString('latin1', file.length - 16 - length, file.length - 12 - length)).toBe('PFA1')
    const footer = JSON.parse(file.toString('utf8', file.length - 12 - length, file.length - 12))
    expect(footer.blobs[0]).toMatchObject({ offset: 4, length: filter.words.byteLength, fields: [] })
  })

  it('cut anywhere gives none', () => {
    const file = encodeBloom(filter, 'id')
    for (let length = 0; length < file.length; length++)
      expect(decodeBloom(file.subarray(0, length), 'id'), `at ${length}`).toBeUndefined()
  })

  it('gives none, or the right one, whatever bit is wrong', () => {
    const file = Buffer.from(encodeBloom(filter, 'id'))
    for (let at = 0; at < file.length; at++) {
      for (const bit of [1, 128]) {
        const wrong = Buffer.from(file)
        wrong[at] = (wrong[at] as number) ^ bit
        const found = decodeBloom(wrong, 'id')
        if (found) expect(found, `at ${at}`).toEqual(filter)
      }
    }
  })

  it('of other columns gives none', () => {
    expect(decodeBloom(encodeBloom(filter, 'id, time'), 'id')).toBeUndefined()
  })

  it('of another kind gives none', () => {
    expect(decodeBloom(Buffer.from('PAR1 something that is no filter PAR1'), 'id')).toBeUndefined()
    expect(decodeBloom(Buffer.from('PFA1PFA1{"blobs":[]}\x0c\0\0\0\0\0\0\0PFA1'), 'id')).toBeUndefined()
  })

  it('lies beside its data file', () => {
    expect(bloomKeyOf('tables/t/data/d/a.parquet')).toBe('tables/t/data/d/a.bloom.puffin')
  })
})
