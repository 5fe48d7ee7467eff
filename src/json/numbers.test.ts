import { expect, test } from 'vitest'
import { decimalOf, doubleEnd, everyNumber, isDouble, isKept, keptNumberEnd } from './numbers.ts'

test.each([
  [['0', '-0', '0.000', '0e5'], '0'],
  [['15', '1.5e1', '1.50E+1', '150e-1', '0.15e2'], '15e0'],
  [['-1200', '-1.2e3'], '-12e2'],
  [['0.001', '1e-3'], '1e-3'],
  [['123456789012345678901234567890', '12345678901234567890123456789e1'], '12345678901234567890123456789e1'],
])('%j are one number', (numbers, value) => {
  for (const number of numbers) expect(decimalOf(number)).toBe(value)
})

test.each(['', '-', '+1', '.5', '1.', '1e', 'NaN', '0x1', '1 '])('%j is no number', (text) => {
  expect(decimalOf(text)).toBeUndefined()
})

test('numbers without end take no time', () => {
  const long = `${'0'.repeat(200_000)}1${'0'.repeat(200_000)}1`
  expect(decimalOf(`0.${long}`)).toMatch(/^10+1e-/)
  expect(decimalOf(`1e${'9'.repeat(200_000)}`)).not.toBe(decimalOf(`1e${'9'.repeat(199_999)}8`))
})

test.each([
  // [number, a double holds it, DuckDB's JSON reader keeps it]
  ['1.0', true, true],
  ['0.1', true, true],
  ['0.30000000000000004', true, true],
  ['1e300', true, true],
  ['5e-324', true, true],
  ['9007199254740993', false, true],
  ['12345678901234567890123', false, true],
  ['1e400', false, true],
  ['1e-400', false, false],
  ['1.00000000000000000001', false, false],
  ['100000000000000000000.5', false, false],
  ['9007199254740993.0', false, false],
])('%s', (number, double, kept) => {
  expect([isDouble(number), isKept(number)]).toEqual([double, kept])
  const bytes = Buffer.from(`[${number}]`)
  expect(doubleEnd(bytes, 1)).toBe(double ? bytes.length - 1 : -1)
  const point = number.search(/[.e]/)
  if (point >= 0) expect(keptNumberEnd(bytes, point + 1)).toBe(kept ? bytes.length - 2 : -1)
})

test('only numbers are asked about that may not pass, and no texts', () => {
  const asked: string[] = []
  const json =
    '{"a1.00000000000000000001":[1,-2.5,"1e-400",true,null,-1e-400],"b":"\\"1e5","c":-12345678901234567890}'
  expect(everyNumber(json, (number) => asked.push(number) > 0)).toBe(true)
  expect(asked).toEqual(['-1e-400', '-12345678901234567890'])
  expect(everyNumber(json, () => false)).toBe(false)
})
