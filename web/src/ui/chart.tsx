import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { number } from '../time/format.ts'
import { useChoice } from './chart-choice.ts'
import { Drawing } from './chart-drawing.tsx'
import { type Series, scaleOf } from './chart-scale.ts'
import { bucketName, Tip } from './chart-tip.tsx'
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

const NO_MARKS: readonly number[] = []

/**
 * Stacked bars over time, the first series at the bottom. Dragging selects a span; so do Shift and the arrow
 * keys, with Enter. Screen readers get the label in place of the drawing, and a bar's values as a slider's.
 */
export function Bars(props: Props) {
  const { times, series, bucketMs, height = 140, label, onZoom, format = number, marks = NO_MARKS } = props
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const scale = useMemo(
    () => scaleOf(times, series, bucketMs, width, height),
    [times, series, bucketMs, width, height],
  )
  const { at, chosen, handlers } = useChoice({ scale, times, bucketMs, onZoom, box })
  if (times.length === 0) return null
  const time = at === undefined ? undefined : times[at]
  const values = series.map(({ name, colour, values }) => ({ name, colour, value: values[at ?? 0] ?? 0 }))
  const told = values.map(({ name, value }) => `${name} ${format(value)}`).join(', ')
  return (
    <div className="chart" ref={box} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          <Drawing {...{ scale, times, series, bucketMs, height, format, marks }} />
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
        aria-valuetext={time === undefined ? label : `${bucketName(time, bucketMs)}: ${told}`}
        style={{ left: scale.left, width: scale.right - scale.left }}
        {...handlers}
      />
      {chosen && (
        <i
          className="chosen"
          style={{ left: Math.min(chosen.from, chosen.to), width: Math.abs(chosen.to - chosen.from) }}
        />
      )}
      {time !== undefined && (
        <Tip {...{ time, bucketMs, values, format, width }} place={scale.x(time + bucketMs / 2)} />
      )}
    </div>
  )
}

/** The width of an element, also when it changes. */
function useWidth(box: RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth)
    measure()
    const sized = new ResizeObserver(measure)
    sized.observe(element)
    return () => sized.disconnect()
  }, [box])
  return width
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
