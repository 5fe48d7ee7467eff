import { useMemo } from 'react'
import type { Output } from '../../api/client.ts'
import { ms, number } from '../../time/format.ts'
import { Bars } from '../../ui/chart.tsx'
import { plain } from '../../ui/plain.ts'
import { Empty } from '../../ui/states.tsx'

type Answer = Output<'query'>

/** Draws an answer: over time if it has a column of times, else the first column of numbers by name. */
export function ResultChart({ answer }: { answer: Answer }) {
  const drawn = useMemo(() => read(answer), [answer])
  if (!drawn)
    return (
      <Empty title="Nothing to draw">A chart needs a column of numbers, and one of times or names.</Empty>
    )
  if (drawn.kind === 'time')
    return (
      <div className="result-chart">
        <Bars {...drawn} height={280} label={`${drawn.series[0]?.name} over time`} />
      </div>
    )
  const most = Math.max(...drawn.bars.map(({ value }) => Math.abs(value)), 1)
  return (
    <ul className="bars result-chart">
      {drawn.bars.map(({ name, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names may come twice
        <li key={index}>
          <span className="cut" title={name}>
            {plain(name)}
          </span>
          <i style={{ width: `${(Math.abs(value) / most) * 100}%` }} />
          <b className="num">{number(value)}</b>
        </li>
      ))}
    </ul>
  )
}

const NUMBER = /INT|DOUBLE|FLOAT|DECIMAL/i
const TIME = /TIMESTAMP|DATE/i

function read({ columns, rows }: Answer) {
  const numbers = columns.flatMap(({ type }, index) => (NUMBER.test(type) ? [index] : []))
  const time = columns.findIndex(({ type }) => TIME.test(type))
  if (numbers.length === 0 || rows.length === 0) return undefined
  if (time >= 0) {
    const points = rows
      .flatMap((row) => {
        const at = ms(String(row[time]).length === 10 ? `${row[time]}T00:00:00Z` : String(row[time]))
        return at === undefined ? [] : [{ at, row }]
      })
      .toSorted((one, other) => one.at - other.at)
    const gaps = points
      .slice(1)
      .map(({ at }, index) => at - (points[index]?.at ?? at))
      .filter((gap) => gap > 0)
    const bucketMs = Math.min(...gaps, 86_400_000)
    const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0]
    const count = Math.round((last - first) / bucketMs) + 1
    if (points.length > 0 && count <= 5_000) {
      const times = Array.from({ length: count }, (_, index) => first + index * bucketMs)
      const series = numbers.slice(0, 7).map((column, index) => {
        const values = new Array<number>(count).fill(0)
        for (const { at, row } of points) {
          const place = Math.round((at - first) / bucketMs)
          values[place] = (values[place] ?? 0) + Number(row[column] ?? 0)
        }
        return { name: columns[column]?.name ?? '', colour: `c${index + 1}`, values }
      })
      return { kind: 'time' as const, times, series, bucketMs }
    }
  }
  const named = columns.findIndex((_, index) => !numbers.includes(index))
  const value = numbers[0] as number
  const bars = rows.slice(0, 60).map((row, index) => ({
    name: named < 0 ? String(index + 1) : String(row[named]),
    value: Number(row[value]),
  }))
  return { kind: 'names' as const, bars }
}
