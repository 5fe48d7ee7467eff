import { expect, test } from 'vitest'
import { type Columns, emptyColumns } from './columns.ts'
import { compileShape } from './compile.ts'
import { fits, fitsColumns } from './fit.ts'
import type { Check } from './text-column.ts'

const TIME = '2026-01-07T22:16:43Z'
const compiled = compileShape({
  shape: { s: 'string', t: 'time', j: 'json' },
  required: ['s', 't'],
  timeField: 't',
  groupBy: ['s'],
})
/** Throws on a value that asks for it, as a faulty check might. */
const fragile: Check = {
  holds(written) {
    if (written.includes('boom')) throw new RangeError('the check fails')
    return true
  },
}
const leaves = compiled.leaves.map((leaf) => ({ ...leaf, check: fragile }))
const records = (...texts: string[]) =>
  Buffer.from(JSON.stringify(texts.map((s) => ({ s, t: TIME, j: [s] }))))

/** The values in the columns, column by column. */
function held({ rows, texts, times }: Columns): unknown {
  const text = texts.map((column) => {
    if (!column) return undefined
    return Array.from(column.codes.subarray(0, rows), (code) => {
      const at = (column.offsets[code - 1] as number) + 4
      const length = column.view.getInt32(at - 4, true)
      const meant = column.decoded.get(code - 1)
      return [Buffer.from(column.bytes.subarray(at, at + length)).toString(), meant?.toString()]
    })
  })
  return { rows, text, times: times.map((column) => column && [...column.subarray(0, rows)]) }
}

test.each(['boom', 'a "boom" with an escape'])('a pass that throws leaves nothing behind: %s', (bad) => {
  const good = records('one', 'two "2"', 'one')
  const fresh = emptyColumns(leaves)
  const expected = fitsColumns(good, compiled, fresh)
  expect(expected).toMatchObject({ records: 3, firstDay: 20260107, lastDay: 20260107 })
  const seen = fits(good, compiled)

  const columns = emptyColumns(leaves)
  expect(() => fitsColumns(records('first', bad, 'last'), compiled, columns)).toThrow('the check fails')
  expect(columns.rows).toBe(0)
  // A pass without columns fills none, and sees the same as before.
  expect(fits(good, compiled)).toEqual(seen)
  expect(columns.rows).toBe(0)
  expect(fitsColumns(good, compiled, columns)).toEqual(expected)
  expect(held(columns)).toEqual(held(fresh))
})

test('a pass that throws takes back its own rows, and no others', () => {
  const columns = emptyColumns(leaves)
  fitsColumns(records('kept'), compiled, columns)
  const before = held(columns)
  expect(() => fitsColumns(records('gone', 'boom'), compiled, columns)).toThrow()
  expect(held(columns)).toEqual(before)
})
