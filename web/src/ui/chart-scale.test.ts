import { describe, expect, it } from 'vitest'
import { barPaths, scaleOf, timeTicks, valueTicks } from './chart-scale.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 8)
const times = [START, START + HOUR, START + 2 * HOUR]
const series = [
  { name: 'calls', colour: 'c1', values: [9_999, 0, 40] },
  { name: 'refused', colour: 'danger', values: [1, 0, 10] },
]

describe('bars', () => {
  const scale = scaleOf(times, series, HOUR, 372, 136)
  const [calls, refused] = barPaths(times, series, HOUR, scale) as [string, string]

  it('stands on the axis, and leaves an empty bucket empty', () => {
    expect(calls).toMatch(/^M52 112v-\d+h\d+v\d+z/)
    expect(calls.match(/M/g)).toHaveLength(2)
  })

  it('shows one refused call among thousands', () => {
    expect(refused).toMatch(/^M52 \d+v-1h/)
  })

  it('reads a place back as its time, and holds it inside', () => {
    expect(scale.time(scale.x(START + HOUR))).toBeCloseTo(START + HOUR, -1)
    expect(scale.time(-500)).toBe(START)
    expect(scale.time(5_000)).toBe(START + 3 * HOUR)
  })
})

describe('ticks', () => {
  it('are whole where values are', () => {
    expect(valueTicks(2, 100, true)).toEqual([0, 1, 2])
    expect(valueTicks(25, 100, true)).toEqual([0, 10, 20, 30])
    expect(valueTicks(12, 56, true)).toEqual([0, 6, 12])
    expect(valueTicks(0.02, 100, false)).toEqual([0, 0.005, 0.01, 0.015, 0.02])
    expect(valueTicks(0, 100, true)).toEqual([0, 1])
  })

  it.each([1, 3, 7, 99, 180, 4_015, 123_456_789])('reach above the highest value: %i', (highest) => {
    for (const room of [10, 56, 84, 132]) {
      const ticks = valueTicks(highest, room, true)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest)
      expect(ticks.at(-2)).toBeLessThan(highest)
      expect(ticks.every(Number.isInteger)).toBe(true)
      expect((ticks.length - 1) * 20).toBeLessThanOrEqual(Math.max(20, room))
    }
  })

  it('are few enough for their labels, at round times', () => {
    expect(timeTicks(START, START + 24 * HOUR, 300).map(({ label }) => label)).toEqual([
      '8 Jan',
      '06:00',
      '12:00',
      '18:00',
      '9 Jan',
    ])
    expect(timeTicks(START, START + 48 * HOUR, 600, 24 * HOUR)).toHaveLength(3)
    const years = timeTicks(START, START + 3650 * 24 * HOUR, 300)
    expect(years.length).toBeLessThan(6)
    expect(years[0]?.label).toMatch(/ 20\d\d$/)
  })
})
