import { useMemo } from 'react'
import type { Output } from '../../api/client.ts'
import { number, short, usd } from '../../time/format.ts'
import { between } from '../../time/range.ts'
import { Bars, Legend } from '../../ui/chart.tsx'
import { shortModel, shortRole } from '../../ui/identity.ts'
import { plain } from '../../ui/plain.ts'
import { type Dimension, missing } from './dimensions.ts'

type Data = Output<'usage'>

const COLOURS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'] as const

export function Chart({
  data,
  by,
  setRange,
}: {
  data: Data
  by: readonly Dimension[]
  setRange: (text: string) => void
}) {
  const priced = data.total.cost_usd !== null
  // A colour for each value of the first dimension; only the table shows the second. Days are the axis.
  const dimension = by.find((one) => one !== 'day')
  const coloured = dimension ? by.indexOf(dimension) : -1
  const drawn = useMemo(() => {
    const steps = Math.max(...data.groups.map(({ series }) => series.length), 0)
    const times = Array.from({ length: steps }, (_, index) => data.start_ms + index * data.step_ms)
    const sums = new Map<string, number[]>()
    const nameOf = dimension === 'model' ? shortModel : shortRole
    for (const { keys, series, cost_usd } of data.groups) {
      if (priced && cost_usd === null) continue
      const key = coloured < 0 ? 'all' : (keys[coloured] ?? missing(dimension))
      const sum = sums.get(key) ?? new Array<number>(steps).fill(0)
      series.forEach((value, index) => {
        sum[index] = (sum[index] ?? 0) + value
      })
      sums.set(key, sum)
    }
    const shown = [...sums].map(([title, series]) => ({ title, series }))
    const first = shown.slice(0, COLOURS.length).map(({ title, series }, index) => ({
      name: plain(nameOf(title)),
      colour: COLOURS[index] as string,
      values: series,
    }))
    const others = shown.slice(COLOURS.length)
    return {
      times,
      series:
        others.length === 0
          ? first
          : [
              ...first,
              {
                name: `${number(others.length)} others`,
                colour: 'text-3',
                values: times.map((_, index) =>
                  others.reduce((sum, { series }) => sum + (series[index] ?? 0), 0),
                ),
              },
            ],
    }
  }, [data, dimension, coloured, priced])
  if (drawn.times.length === 0) return null
  return (
    <section className="card" aria-label={priced ? 'Cost over time' : 'Tokens over time'}>
      <header>
        <h2>{priced ? 'Cost' : 'Tokens'}</h2>
        <small>drag to zoom</small>
        <span className="spring" />
        <Legend series={drawn.series} />
      </header>
      <div style={{ padding: '8px 8px 4px 4px' }}>
        <Bars
          {...drawn}
          bucketMs={data.step_ms}
          height={168}
          label={priced ? `Cost of ${usd(data.total.cost_usd ?? 0)} over time` : 'Tokens over time'}
          format={priced ? usd : short}
          onZoom={(from, to) => setRange(between(from, to).text)}
        />
      </div>
    </section>
  )
}
