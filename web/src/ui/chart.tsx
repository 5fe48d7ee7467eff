import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { usePreferences } from '../preferences.ts'
import { day, dayTime, hourMinute, number } from '../time/format.ts'
import { barPaths, type Series, scaleOf, timeTicks } from './chart-scale.ts'
import './chart.css'

interface Props {
  /** Starts of the buckets in milliseconds, `bucketMs` apart. */
  times: readonly number[]
  series: readonly Series[]
  bucketMs: number
  height?: number
  label: string
  /** Called with whole seconds, in milliseconds. */
  onZoom?: (from: number, to: number) => void
  format?: (value: number) => string
  /** Times that get a dot above the bars. */
  marks?: readonly number[]
}

const DAY_MS = 86_400_000

/** A shorter drag is a click. */
const MIN_DRAG = 4

/**
 * Stacked bars over time, the first series at the bottom. Dragging selects a span; so do Shift and the arrow
 * keys, with Enter. Screen readers get the label in place of the drawing, and a bar's values as a slider's.
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
}: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const [at, setAt] = useState<number>()
  const [drag, setDrag] = useState<{ from: number; to: number }>()
  /** Where a span that is chosen by keys begins, as a bar. */
  const [since, setSince] = useState<number>()
  const { zone } = usePreferences()
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth)
    measure()
    const sized = new ResizeObserver(measure)
    sized.observe(element)
    return () => sized.disconnect()
  }, [])
  const scale = useMemo(
    () => scaleOf(times, series, bucketMs, width, height),
    [times, series, bucketMs, width, height],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the zone decides the labels of the axis
  const drawing = useMemo(() => {
    const [first, end] = [scale.time(scale.left), scale.time(scale.right)]
    return (
      <>
        {scale.ticks.map((value) => (
          <g key={value}>
            <line className="rule" x1={scale.left} x2={scale.right} y1={scale.y(value)} y2={scale.y(value)} />
            <text x={scale.left - 8} y={scale.y(value) + 4} textAnchor="end">
              {value === 0 ? '0' : format(value)}
            </text>
          </g>
        ))}
        {timeTicks(first, end, scale.right - scale.left, bucketMs).map(({ at, label }) => (
          <text
            key={at}
            x={scale.x(at)}
            y={height - 6}
            textAnchor={scale.x(at) > scale.right - 16 ? 'end' : 'middle'}
          >
            {label}
          </text>
        ))}
        {barPaths(times, series, bucketMs, scale).map((path, index) => (
          <path key={series[index]?.name} d={path} style={{ fill: `var(--${series[index]?.colour})` }} />
        ))}
        {marks
          .filter((mark) => mark >= first && mark <= end)
          .map((mark) => (
            <circle key={mark} className="mark" cx={scale.x(mark)} cy={scale.top - 5} r={3} />
          ))}
      </>
    )
  }, [scale, times, series, bucketMs, height, format, marks, zone])

  const placeOf = (event: PointerEvent<HTMLElement>) => {
    const place = event.clientX - (box.current?.getBoundingClientRect().left ?? 0)
    return Math.max(scale.left, Math.min(scale.right, place))
  }
  const move = (event: PointerEvent<HTMLElement>) => {
    const place = placeOf(event)
    setAt(Math.min(times.length - 1, Math.floor((scale.time(place) - (times[0] ?? 0)) / bucketMs)))
    if (drag) setDrag({ from: drag.from, to: place })
  }
  const drop = () => {
    setDrag(undefined)
    if (!drag || !onZoom || Math.abs(drag.to - drag.from) <= MIN_DRAG) return
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    onZoom(Math.floor(scale.time(from) / 1000) * 1000, Math.ceil(scale.time(to) / 1000) * 1000)
  }
  const keyed = (event: KeyboardEvent<HTMLElement>) => {
    const here = at ?? 0
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: times.length - 1 }[event.key]
    if (to !== undefined) {
      const next = Math.max(0, Math.min(times.length - 1, at === undefined ? here : to))
      setAt(next)
      setSince(event.shiftKey ? (since ?? here) : undefined)
    } else if (event.key === 'Enter' && onZoom && at !== undefined) {
      const [from, until] = [Math.min(since ?? at, at), Math.max(since ?? at, at)]
      onZoom(times[from] as number, (times[until] as number) + bucketMs)
      setSince(undefined)
    } else if (event.key === 'Escape' && since !== undefined) setSince(undefined)
    else return
    event.preventDefault()
  }
  if (times.length === 0) return null
  const told = at === undefined ? undefined : times[at]
  const valuesAt = (bar: number) =>
    series.map(({ name, values }) => `${name} ${format(values[bar] ?? 0)}`).join(', ')
  const marked =
    drag ??
    (since !== undefined && at !== undefined
      ? {
          from: scale.x(times[Math.min(since, at)] as number),
          to: scale.x((times[Math.max(since, at)] as number) + bucketMs),
        }
      : undefined)
  return (
    <div className="chart" ref={box} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          {drawing}
        </svg>
      )}
      <div
        className={onZoom ? 'plot zooms' : 'plot'}
        role="slider"
        tabIndex={0}
        aria-label={
          onZoom ? `${label}: arrow keys read bars, with Shift they choose a span, Enter shows it` : label
        }
        aria-valuemin={0}
        aria-valuemax={times.length - 1}
        aria-valuenow={at ?? 0}
        aria-valuetext={
          told === undefined ? label : `${bucketName(told, bucketMs)}: ${valuesAt(at as number)}`
        }
        onKeyDown={keyed}
        onBlur={() => {
          setAt(undefined)
          setSince(undefined)
        }}
        style={{ left: scale.left, width: scale.right - scale.left }}
        onPointerMove={move}
        onPointerLeave={() => setAt(undefined)}
        onPointerDown={(event) => {
          if (!onZoom || event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          const place = placeOf(event)
          setDrag({ from: place, to: place })
        }}
        onPointerUp={drop}
        onPointerCancel={() => setDrag(undefined)}
      />
      {marked && (
        <i
          className="chosen"
          style={{ left: Math.min(marked.from, marked.to), width: Math.abs(marked.to - marked.from) }}
        />
      )}
      {at !== undefined && times[at] !== undefined && (
        <Tip
          time={times[at] as number}
          bucketMs={bucketMs}
          values={series.map(({ name, colour, values }) => ({ name, colour, value: values[at] ?? 0 }))}
          format={format}
          place={scale.x((times[at] as number) + bucketMs / 2)}
          width={width}
        />
      )}
    </div>
  )
}

function bucketName(time: number, bucketMs: number): string {
  if (bucketMs > DAY_MS) return `${day(time)} – ${day(time + bucketMs - 1)}`
  return bucketMs === DAY_MS ? day(time) : `${dayTime(time).slice(0, -3)} – ${hourMinute(time + bucketMs)}`
}

/** The values of the bucket under the pointer, the topmost series first. */
function Tip({
  time,
  bucketMs,
  values,
  format,
  place,
  width,
}: {
  time: number
  bucketMs: number
  values: readonly { name: string; colour: string; value: number }[]
  format: (value: number) => string
  place: number
  width: number
}) {
  const when = bucketName(time, bucketMs)
  const shown = values.filter(({ value }) => value !== 0).toReversed()
  // Next to the bar, on the side with more space.
  const side = place > width / 2 ? { right: width - place + 12 } : { left: place + 12 }
  return (
    <>
      <i className="cursor" style={{ left: place }} />
      <div className="chart-tip" style={side}>
        <small>{shown.length === 0 ? `${when}: none` : when}</small>
        {shown.map(({ name, colour, value }) => (
          <div key={name}>
            <i style={{ background: `var(--${colour})` }} />
            <span>{name}</span>
            <b>{format(value)}</b>
          </div>
        ))}
      </div>
    </>
  )
}

/** Which colour is which series, in the order given, and what the dots above the bars stand for. */
export function Legend({ series, marks }: { series: readonly Series[]; marks?: string | undefined }) {
  return (
    <span className="legend">
      {series.map(({ name, colour }) => (
        <span key={name} style={{ '--of': `var(--${colour})` } as object}>
          {name}
        </span>
      ))}
      {marks && (
        <span className="dot" style={{ '--of': 'var(--danger)' } as object}>
          {marks}
        </span>
      )}
    </span>
  )
}
