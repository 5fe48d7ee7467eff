import { expect, it } from 'vitest'
import { parseSize, sizeText } from './size.ts'

it.each([
  ['512MiB', 512 * 2 ** 20],
  ['1.5 GB', 1.5e9],
  ['640mib', 640 * 2 ** 20],
  ['10kB', 10_000],
  ['10KB', 10_000],
  ['1TiB', 2 ** 40],
  ['4096', 4096],
  [' 7 B ', 7],
])('%s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

it.each(['', '0', '-1MB', '12 apples', 'MiB', '1e9', '1 M', '99999999TiB', '0.1B'])(
  '"%s" is no size',
  (text) => {
    expect(parseSize(text)).toBeUndefined()
  },
)

it.each(['512MiB', '1GiB', '10kB', '1GB', '7B', '1536KiB'])('%s is written as it is read', (text) => {
  expect(sizeText(parseSize(text) as number)).toBe(text)
})
