import { useMemo } from 'react'
import type { Output } from '../../api/client.ts'
import { number, short, stepName } from '../../time/format.ts'
import { Bars, Legend } from '../../ui/chart.tsx'

export function Chart({
  data,
  onZoom,
}: {
  data: Output<'activity-chart'>
  onZoom: (from: number, to: number) => void
}) {
  const drawn = useMemo(
    () => ({
      times: data.events.map((_, index) => data.start_ms + index * data.step_ms),
      series: [
        {
          name: 'calls',
          colour: 'c1',
          values: data.events.map((count, index) => count - (data.errors[index] ?? 0)),
        },
        { name: 'refused or failed', colour: 'danger', values: data.errors },
      ],
    }),
    [data],
  )
  if (data.counted === 'no')
    return (
      <div className="notice">
        Not counted: {data.why ?? 'these conditions would read the rows of more than a day.'} Narrow the span
        to a day to see the chart.
      </div>
    )
  if (data.total === 0) return null
  return (
    <>
      <div className="strip-head">
        <small>by {stepName(data.step_ms)} · drag to zoom</small>
        <Legend series={drawn.series.toReversed()} />
      </div>
      <Bars
        {...drawn}
        bucketMs={data.step_ms}
        height={92}
        label={`${number(data.total)} calls over time`}
        format={short}
        onZoom={onZoom}
      />
    </>
  )
}
