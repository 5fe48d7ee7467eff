import { clock, day, dayYear, hourMinute } from '../time/format.ts'

/** Geometry of a bar chart over time: pure, in pixels of its box. */

export interface Series {
  readonly name: string
  /** A colour of `tokens.css`: `c1` to `c8`, `danger`, `text-3`. */
  readonly colour: string
  readonly values: readonly number[]
}

export interface Scale {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** The labelled values of the axis; the last one is its top, and no bar is higher. */
  readonly ticks: readonly number[]
  x(time: number): number
  y(value: number): number
  /** The time at a place, held inside the plot. */
  time(x: number): number
}

/** Space for the labels of the axes, and for marks above the bars. */
const MARGIN = { left: 52, right: 20, top: 12, bottom: 24 }
/** The least height of a bar with a value: a few errors among thousands of calls must be seen. */
const MIN_BAR = 1
const MAX_BAR = 240

export function scaleOf(
  times: readonly number[],
  series: readonly Series[],
  bucketMs: number,
  width: number,
  height: number,
): Scale {
  const first = times[0] ?? 0
  const length = (times.at(-1) ?? first) + bucketMs - first
  const left = MARGIN.left
  const right = Math.max(left + 1, width - MARGIN.right)
  const top = MARGIN.top
  const bottom = height - MARGIN.bottom
  const highest = times.reduce(
    (most, _, at) =>
      Math.max(
        most,
        series.reduce((sum, { values }) => sum + valueAt(values, at), 0),
      ),
    0,
  )
  const whole = series.every(({ values }) => values.every(Number.isInteger))
  const ticks = valueTicks(highest, bottom - top, whole)
  const most = ticks.at(-1) as number
  return {
    left,
    right,
    top,
    bottom,
    ticks,
    x: (time) => left + ((time - first) / length) * (right - left),
    y: (value) => bottom - (value / most) * (bottom - top),
    time: (x) => first + ((Math.max(left, Math.min(right, x)) - left) / (right - left)) * length,
  }
}

/** A path for each series, stacked: the first series is at the bottom. */
export function barPaths(
  times: readonly number[],
  series: readonly Series[],
  bucketMs: number,
  { x, y, bottom }: Scale,
): string[] {
  const floors = new Float64Array(times.length)
  const feet = new Float64Array(times.length).fill(bottom)
  return series.map(({ values }) =>
    times
      .map((time, at) => {
        const value = valueAt(values, at)
        if (value === 0) return ''
        floors[at] = (floors[at] as number) + value
        const foot = feet[at] as number
        const head = Math.min(Math.round(y(floors[at] as number)), foot - MIN_BAR)
        feet[at] = head
        const [from, to] = [x(time), x(time + bucketMs)]
        const gap = Math.max(1, (to - from) * 0.12)
        const width = Math.max(1, Math.min(MAX_BAR, Math.round(to - gap) - Math.round(from)))
        return `M${Math.round(from)} ${foot}v${head - foot}h${width}v${foot - head}z`
      })
      .join(''),
  )
}

/** A value as a height: a bar has none below zero. */
function valueAt(values: readonly number[], at: number): number {
  return Math.max(0, values[at] ?? 0)
}

/** The least space from one label of the value axis to the next. */
const TICK_ROOM = 24

/** Round values from zero to at least the highest one; whole ones where all values are whole. */
export function valueTicks(highest: number, room: number, whole: boolean): number[] {
  if (highest <= 0) return [0, 1]
  const wanted = highest / Math.max(1, Math.floor(room / TICK_ROOM))
  const size = 10 ** Math.floor(Math.log10(wanted))
  const step =
    [1, 2, 2.5, 4, 5, 6, 10]
      .map((factor) => factor * size)
      .find((one) => one >= wanted && (!whole || Number.isInteger(one))) ?? 1
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, at) => at * step)
}

const STEPS = [
  60_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000,
  604_800_000, 1_209_600_000, 2_592_000_000,
]
const YEAR_MS = 366 * 86_400_000
/** The least space from one label of the time axis to the next. */
const LABEL_ROOM = 72

/** Round times of the reader's zone, no closer than the buckets, with their labels: a day's name at midnight, else the time of day. */
export function timeTicks(
  from: number,
  to: number,
  room: number,
  bucketMs = 0,
): { at: number; label: string }[] {
  const max = Math.max(2, Math.floor(room / LABEL_ROOM))
  const size =
    STEPS.find((one) => one >= bucketMs && (to - from) / one <= max) ?? Math.ceil((to - from) / max)
  const here = clock(from)
  const offset =
    Date.UTC(here.year, here.month, here.day, here.hour, here.minute, here.second) -
    Math.floor(from / 1000) * 1000
  const dayOf = to - from > YEAR_MS ? dayYear : day
  const ticks: { at: number; label: string }[] = []
  for (let at = Math.ceil((from + offset) / size) * size - offset; at <= to; at += size) {
    const { hour, minute } = clock(at)
    const isDay = size >= 86_400_000 || (hour === 0 && minute === 0)
    ticks.push({ at, label: isDay ? dayOf(at) : hourMinute(at) })
  }
  return ticks
}
