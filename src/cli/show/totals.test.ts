import { expect, it } from 'vitest'
import { emptyTotals, type Totals } from '../../ingest/totals.ts'
import { totalsText } from './totals.ts'

const plain = (text: string) => text
const paint = { bold: plain, dim: plain, red: plain, yellow: plain }

function text(change: (totals: Totals) => void): string {
  const totals = { ...emptyTotals(), version: 3, seconds: 1.25 }
  change(totals)
  return totalsText(totals, 'lake', paint).join('\n')
}

it('says what became of everything', () => {
  const said = text((totals) => {
    Object.assign(totals.objects, {
      listed: 230,
      filtered: 1,
      already: 2,
      stored: 225,
      skipped: 1,
      rejected: 1,
    })
    totals.records = { read: 4076, stored: 4000, repeated: 60, skipped: 15, rejected: 1, conflicts: 0 }
    totals.bytes = { delivered: 723_048, expanded: 6_124_107 }
    totals.reasons = { 'CloudTrail digest': 1, '\x1b[31mnot JSON': 12 }
  })
  expect(
    said,
  ).toBe(`objects    230  found: 225 stored, 1 skipped, 1 rejected, 2 in the lake already, 1 left out
records  4,076  read: 4,000 stored, 60 repeated, 15 skipped, 1 rejected

Not stored, and why (\`loglake rejects\` shows each):
  12 ×  \\u001b[31mnot JSON
   1 ×  CloudTrail digest

723.0 kB of logs (6.1 MB unzipped) in 1.3 s. lake is at version 3.`)
})

it.each([
  [1, '1 rejected record has the id and time of another and other content'],
  [2, '2 of the rejected records have the id and time of another and other content'],
])('counts %d in conflict', (conflicts, line) => {
  const said = text(({ objects, records }) => {
    Object.assign(objects, { listed: 1, stored: 1 })
    Object.assign(records, { read: 3, stored: 1, rejected: 2, conflicts })
  })
  expect(said.split('\n')).toContainEqual(`${line}: see \`loglake rejects --code conflict\`.`)
})

it('says that nothing changed', () => {
  expect(text(({ objects }) => Object.assign(objects, { listed: 228, already: 228 }))).toBe(
    'All 228 objects are in the lake already. Nothing changed: the lake is at version 3.',
  )
  expect(text(({ objects }) => Object.assign(objects, { listed: 228, already: 200, filtered: 28 }))).toBe(
    '228 objects: 200 in the lake already, 28 left out. Nothing changed: the lake is at version 3.',
  )
  expect(
    text((totals) => {
      Object.assign(totals.objects, { listed: 5, filtered: 5 })
      totals.version = 0
    }),
  ).toBe(
    'All 5 objects are left out by name: `--include` and `--exclude`, or `ingest` in loglake.yaml, say which are wanted. Nothing changed: there is no lake yet.',
  )
  expect(text(({ objects }) => Object.assign(objects, { listed: 1, filtered: 1 }))).toMatch(
    /^The object is left out by/,
  )
  expect(text(({ objects }) => Object.assign(objects, { listed: 1, already: 1 }))).toBe(
    'The object is in the lake already. Nothing changed: the lake is at version 3.',
  )
  expect(text(() => undefined)).toBe('There are no objects there. Nothing changed.')
})

it('says what is no object', () => {
  expect(
    text((totals) => Object.assign(totals, { sourceCounts: { pipes: 1, 'links that lead to nothing': 12 } })),
  ).toBe(
    `There are no objects there. Nothing changed.

Also there, and no objects:
   1 ×  pipes
  12 ×  links that lead to nothing`,
  )
})
