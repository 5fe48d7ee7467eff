import { expect, it } from 'vitest'
import { emptyReport } from '../../run/report.ts'
import { paint } from './output.ts'
import { duration, sourceLines } from './source-lines.ts'
import { standingLines } from './standing.ts'

const plain = paint({ isTTY: false } as NodeJS.WriteStream)

it('a line for each source, with its rate over the last half minute', () => {
  const trail = emptyReport('trail', 's3-queue')
  const broken = emptyReport('bro\u001b[2Jken', 's3-queue')
  broken.status = 'failed'
  broken.failure = 'AWS denies it\n  place: x'
  broken.retryMs = 14_000
  const lines = sourceLines(plain)
  lines([trail, broken], 0)
  Object.assign(trail.totals.records, { read: 2000, stored: 1900, rejected: 3 })
  trail.newestMs = 9_000
  trail.storedMs = 4_000
  trail.state = { inFlight: 3, oldestMs: 2_000, stopped: false }
  const [first, second] = lines([trail, broken], 10_000)
  expect(first).toMatch(/^trail +running +200\/s +1,900 stored +lag 5 s +oldest 8 s +3 rejects$/)
  expect(second).toMatch(/^bro\\u001b\[2Jken +failed {2}again in 4 s: AWS denies it$/)
  trail.state.failing = ['denied: us-east-1', 'denied: us-west-2']
  expect(lines([trail], 10_000)[0]).toMatch(/ {2}2 failing: denied: us-east-1$/)
  trail.state.stopped = true
  expect(lines([trail], 60_000)[0]).toMatch(/^trail +stopped +0\/s/)
})

it.each([
  [7.4, '7 s'],
  [150, '3 min'],
  [7200, '2 h'],
  [864_000, '10 d'],
])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text))

it('lines are written over where they stand, none longer than the terminal', () => {
  let written = ''
  const write = (text: string) => {
    written += text
    return true
  }
  const show = standingLines({ columns: 10, write })
  show(['\x1b[31mred and long\x1b[39m', 'b'])
  expect(written).toBe('\r\x1b[2K\x1b[31mred and l\x1b[39m\n\r\x1b[2Kb\n')
  written = ''
  show(['c', 'd'])
  expect(written).toBe('\x1b[2A\r\x1b[2Kc\n\r\x1b[2Kd\n')
})
