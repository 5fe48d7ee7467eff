import { useMemo } from 'react'
import type { Output } from '../../api/client.ts'
import { number, short, stepName } from '../../time/format.ts'
import { between } from '../../time/range.ts'
import { Bars, Legend } from '../../ui/chart.tsx'

type Data = Output<'overview'>

export function Chart({ data, setRange }: { data: Data; setRange: (text: string) => void }) {
  const { start_ms, step_ms, series, totals } = data
  const drawn = useMemo(
    () => ({
      times: series.events.map((_, index) => start_ms + index * step_ms),
      series: [
        {
          name: 'calls',
          colour: 'c1',
          values: series.events.map((count, index) => count - (series.errors[index] ?? 0)),
        },
        { name: 'refused or failed', colour: 'danger', values: series.errors },
      ],
      marks: series.findings.flatMap((count, index) =>
        count > 0 ? [start_ms + (index + 0.5) * step_ms] : [],
      ),
    }),
    [series, start_ms, step_ms],
  )
  return (
    <section className="card" aria-label="Events over time">
      <header>
        <h2>Events</h2>
        <small>by {stepName(step_ms)} · drag to zoom</small>
        <span className="spring" />
        <Legend
          series={drawn.series.toReversed()}
          marks={drawn.marks.length > 0 ? 'with a finding' : undefined}
        />
      </header>
      <div className="chart-box">
        <Bars
          {...drawn}
          bucketMs={step_ms}
          label={`${number(totals.events)} events, ${number(totals.errors)} of them refused or failed`}
          format={short}
          onZoom={(from, to) => setRange(between(from, to).text)}
        />
      </div>
    </section>
  )
}
