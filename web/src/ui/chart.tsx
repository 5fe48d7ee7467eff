import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import './chart.css'
import { usePreferences } from '../preferences.ts'
import { clock, day, dayTime, hourMinute, number } from '../time/format.ts'

export interface Series {
  readonly name: string
  /** A colour of the tokens: `c1` to `c8`, `danger`, `text-3`. */
  readonly colour: string
  readonly values: readonly number[]
}

/**
 * Bars over time, stacked, the first series below. A drag chooses a span. Canvas has no words: the chart's label says
 * what it shows, and the table beside it has the numbers.
 */
export function Bars({
  times,
  series,
  bucketMs,
  height = 140,
  label,
  onZoom,
  format = number,
  marks = [],
}: {
  /** Beginnings of the buckets, in milliseconds, each `bucketMs` after the one before. */
  times: readonly number[]
  series: readonly Series[]
  bucketMs: number
  height?: number
  label: string
  onZoom?: (from: number, to: number) => void
  format?: (value: number) => string
  /** Times of what else happened, as dots above. */
  marks?: readonly number[]
}) {
  const box = useRef<HTMLDivElement>(null)
  const zoom = useRef(onZoom)
  zoom.current = onZoom
  const { theme, zone } = usePreferences()
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme and zone decide what is drawn
  useEffect(() => {
    const element = box.current
    if (!element || times.length === 0) return
    const draw = () => chart(element, { times, series, bucketMs, height, format, marks, onZoom: zoom })
    let plot = draw()
    const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
    sized.observe(element)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const again = () => {
      plot.destroy()
      plot = draw()
    }
    dark.addEventListener('change', again)
    return () => {
      dark.removeEventListener('change', again)
      sized.disconnect()
      plot.destroy()
    }
  }, [times, series, bucketMs, height, format, marks, theme, zone])
  return <div className="chart" ref={box} role="img" aria-label={label} style={{ height }} />
}

interface Drawing {
  times: readonly number[]
  series: readonly Series[]
  bucketMs: number
  height: number
  format: (value: number) => string
  marks: readonly number[]
  onZoom: { current: ((from: number, to: number) => void) | undefined }
}

function chart(element: HTMLElement, drawing: Drawing): uPlot {
  const { times, series, bucketMs, height, format, marks, onZoom } = drawing
  const style = getComputedStyle(element)
  const colour = (name: string) => resolved(element, style.getPropertyValue(`--${name}`))
  const sums = new Array<number>(times.length).fill(0)
  const stacked = series.map(({ values }) =>
    times.map((_, index) => {
      sums[index] = (sums[index] as number) + (values[index] ?? 0)
      return sums[index] as number
    }),
  )
  const bars = uPlot.paths.bars?.({ size: [0.86, 240], align: 1, gap: 1 }) as uPlot.Series.PathBuilder
  const tip = tooltip(element, drawing, colour)
  const axis = {
    font: '11px Inter, system-ui, sans-serif',
    stroke: colour('text-3'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  }
  return new uPlot(
    {
      width: element.clientWidth,
      height,
      padding: [12, 20, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: onZoom.current !== undefined, y: false, setScale: false },
      },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: false, range: () => [times[0] as number, (times.at(-1) as number) + bucketMs] },
        y: { range: (_, __, most) => [0, Math.max(most * 1.08, 1)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 24,
          gap: 6,
          space: 72,
          splits: timeSplits,
          values: timeLabels,
        },
        { ...axis, size: 52, gap: 6, space: 32, values: (_, values) => values.map((value) => format(value)) },
      ],
      series: [
        {},
        ...series.toReversed().map((one) => ({
          label: one.name,
          fill: colour(one.colour),
          stroke: colour(one.colour),
          width: 0,
          paths: bars,
          points: { show: false },
        })),
      ],
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width } = plot.select
            if (width > 4)
              onZoom.current?.(
                Math.round(plot.posToVal(left, 'x')),
                Math.round(plot.posToVal(left + width, 'x')),
              )
            plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false)
          },
        ],
        setCursor: [tip],
        draw: [(plot) => drawMarks(plot, marks, colour('danger'))],
      },
    },
    [[...times], ...stacked.toReversed()],
    element,
  )
}

function drawMarks(plot: uPlot, marks: readonly number[], colour: string): void {
  plot.ctx.save()
  plot.ctx.fillStyle = colour
  for (const mark of marks) {
    const x = plot.valToPos(mark, 'x', true)
    if (x < plot.bbox.left || x > plot.bbox.left + plot.bbox.width) continue
    plot.ctx.beginPath()
    plot.ctx.arc(x, plot.bbox.top - 5 * devicePixelRatio, 3 * devicePixelRatio, 0, Math.PI * 2)
    plot.ctx.fill()
  }
  plot.ctx.restore()
}

/** Words on the bucket under the pointer, by our own elements. */
function tooltip(
  element: HTMLElement,
  { times, series, bucketMs, format }: Drawing,
  colour: (name: string) => string,
) {
  const box = document.createElement('div')
  box.className = 'chart-tip'
  box.hidden = true
  element.append(box)
  return (plot: uPlot) => {
    const { left } = plot.cursor
    const at =
      left === undefined || left < 0
        ? undefined
        : Math.floor((plot.posToVal(left, 'x') - (times[0] as number)) / bucketMs)
    const time = at === undefined ? undefined : times[at]
    box.hidden = time === undefined
    if (at === undefined || time === undefined || left === undefined) return
    const until =
      bucketMs >= 86_400_000 ? day(time) : `${dayTime(time).slice(0, -3)} – ${hourMinute(time + bucketMs)}`
    const lines = series.toReversed().flatMap(({ name, values, colour: of }) => {
      if (!values[at]) return []
      const line = document.createElement('div')
      const dot = document.createElement('i')
      dot.style.background = colour(of)
      const label = document.createElement('span')
      label.textContent = name
      const value = document.createElement('b')
      value.textContent = format(values[at] as number)
      line.append(dot, label, value)
      return [line]
    })
    const title = document.createElement('small')
    title.textContent = lines.length === 0 ? `${until}: none` : until
    box.replaceChildren(title, ...lines)
    const offset = plot.over.offsetLeft + left
    const right = offset > element.clientWidth - 220
    box.style.left = right ? '' : `${offset + 12}px`
    box.style.right = right ? `${element.clientWidth - offset + 12}px` : ''
  }
}

/** A colour as canvas takes it: the browser works out `light-dark()` and `oklch()` where it is used. */
function resolved(element: HTMLElement, value: string): string {
  const probe = document.createElement('i')
  probe.style.color = value
  element.append(probe)
  const found = getComputedStyle(probe).color
  probe.remove()
  return found
}

const STEPS = [
  60_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000,
  604_800_000, 1_209_600_000, 2_592_000_000,
]

/** Round times by the reader's clock. */
function timeSplits(_: uPlot, __: number, from: number, to: number, ___: number, space: number): number[] {
  const most = Math.max(2, Math.floor(_.bbox.width / devicePixelRatio / Math.max(space, 72)))
  const size = STEPS.find((one) => (to - from) / one <= most) ?? (STEPS.at(-1) as number)
  const at = clock(from)
  const offset =
    Date.UTC(at.year, at.month, at.day, at.hour, at.minute, at.second) - Math.floor(from / 1000) * 1000
  const first = Math.ceil((from + offset) / size) * size - offset
  const found: number[] = []
  for (let value = first; value <= to; value += size) found.push(value)
  return found
}

function timeLabels(_: uPlot, splits: number[]): string[] {
  const daily = splits.length > 1 && (splits[1] as number) - (splits[0] as number) >= 86_400_000
  return splits.map((value) => {
    const { hour, minute } = clock(value)
    const midnight = hour === 0 && minute === 0
    return daily || midnight ? day(value) : hourMinute(value)
  })
}
