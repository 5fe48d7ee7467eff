import { expect, test } from 'vitest'
import type { Span } from '../../scan/contract.ts'
import { inWindows } from './windows.ts'

const sign = 'SIGN'
const scan = (text: string): Span[] =>
  [...text.matchAll(/SIGN/g)].map(({ index }) => ({
    ...{ from: index, to: index + sign.length, kind: 'secret', rule: 'sign' },
    ...{ score: 1, scanner: 'secrets', version: '1' },
  }))

test.each([
  ['at the beginning', 0],
  ['where a window ends', 999_998],
  ['where the next one begins', 980_000],
  ['in the middle', 1_500_000],
  ['at the end', 2_999_996],
])('of a long text, a sign %s is found once, in its place', (_, at) => {
  const text = `${'x'.repeat(at)}${sign}${'x'.repeat(3_000_000 - at - sign.length)}`
  const found = inWindows(text, scan)
  expect(found.map(({ from, to }) => [from, to])).toEqual([[at, at + sign.length]])
})

test('a text of one window is scanned once', () => {
  const lengths: number[] = []
  inWindows('x'.repeat(1_000_000), (text) => {
    lengths.push(text.length)
    return []
  })
  expect(lengths).toEqual([1_000_000])
})
