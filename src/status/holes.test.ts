import { describe, expect, it } from 'vitest'
import { type Delivered, holes } from './holes.ts'

const HERE = {
  place: 's3://example-logs/',
  account: '111122223333',
  service: 'CloudTrail',
  region: 'eu-central-1',
}
const on = (day: number, more: Partial<Delivered> = {}): Delivered => ({
  ...HERE,
  day: `2026-01-${String(day).padStart(2, '0')}`,
  files: 10,
  hours: [],
  ...more,
})
const days = (...numbers: number[]) => numbers.map((day) => on(day))
const all = [...Array(24).keys()]

describe('a hole', () => {
  it('is a day or some without a file, between days with some', () => {
    expect(holes(days(1, 2, 4, 5, 8, 9, 10))).toEqual([
      { ...HERE, from: '2026-01-03', to: '2026-01-03', before: 10, after: 10 },
      { ...HERE, from: '2026-01-06', to: '2026-01-07', before: 10, after: 10 },
    ])
    expect(holes(days(1, 2, 3))).toEqual([])
  })

  it('is the end, when other Regions have gone on', () => {
    const others = [1, 2, 3, 4, 5].map((day) => on(day, { region: 'us-east-1' }))
    expect(holes([...days(1, 2), ...others])).toEqual([
      { ...HERE, from: '2026-01-03', to: '2026-01-04', before: 10, after: 0 },
    ])
    expect(holes([...days(1, 2, 3, 4), ...others])).toEqual([])
  })

  it('is none in another account, service or bucket', () => {
    const elsewhere = [
      ...[1, 2, 3, 4].map((day) => on(day, { account: '444455556666' })),
      ...[1, 2, 3, 4].map((day) => on(day, { service: 'CloudTrail-Digest' })),
      ...[1, 2, 3, 4].map((day) => on(day, { place: 's3://other/' })),
    ]
    expect(holes([...days(1, 2), ...elsewhere])).toEqual([])
  })

  it('is none where days without a file are nothing special', () => {
    expect(holes(days(1, 9, 20))).toEqual([])
    expect(holes(days(1))).toEqual([])
  })

  it('is an hour, where nearly every hour has a file', () => {
    const gap = all.filter((hour) => hour !== 7 && hour !== 8)
    expect(holes([on(1, { hours: all }), on(2, { hours: gap }), on(3, { hours: all })])).toEqual([
      { ...HERE, from: '2026-01-02T07', to: '2026-01-02T08', before: 10, after: 10 },
    ])
    expect(holes([on(1, { hours: [1, 20] }), on(2, { hours: [3, 9] })])).toEqual([])
  })

  it('over midnight is one hole, and a whole day is not told twice', () => {
    const late = on(1, { hours: all.slice(0, 23) })
    expect(holes([late, on(2, { hours: all.slice(2) })])).toMatchObject([
      { from: '2026-01-01T23', to: '2026-01-02T01' },
    ])
    const whole = [on(1, { hours: all }), on(2, { hours: all }), on(3, { hours: all }), on(5, { hours: all })]
    expect(holes(whole)).toMatchObject([{ from: '2026-01-04', to: '2026-01-04' }])
  })
})
