import { memo } from 'react'
import { usePreferences } from '../preferences.ts'
import { barPaths, type Scale, type Series, timeTicks } from './chart-scale.ts'

interface Props {
  scale: Scale
  times: readonly number[]
  series: readonly Series[]
  bucketMs: number
  height: number
  format: (value: number) => string
  marks: readonly number[]
}

/** Axes, bars and marks, which are not drawn again while the pointer moves over them. */
export const Drawing = memo(({ scale, times, series, bucketMs, height, format, marks }: Props) => {
  // Drawn again when the zone changes, which decides the labels of the axis.
  usePreferences()
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
})
