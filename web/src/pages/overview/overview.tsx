import { type Output, useAsk } from '../../api/client.ts'
import { NothingYet } from '../../parts/nothing-yet.tsx'
import { useRange } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { dayTime, ms } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Part } from '../../ui/states.tsx'
import { TimeRange } from '../../ui/time-range.tsx'
import { Chart } from './chart.tsx'
import { Numbers } from './numbers.tsx'
import { Tops } from './tops.tsx'
import { Waiting } from './waiting.tsx'
import './overview.css'

type Data = Output<'overview'>

export function Overview() {
  const { range, from, to, setRange, known, has } = useRange()
  const overview = useAsk('overview', { from, to }, known)
  return (
    <>
      <Header title="Overview">
        <TimeRange range={range} onChange={setRange} />
      </Header>
      <div className="page roomy overview">
        <Part of={overview} rows={12}>
          {(data) => (
            <Parts
              data={data}
              setRange={setRange}
              t={range.text}
              ever={!has || has.includes('calls') || has.includes('models')}
            />
          )}
        </Part>
      </div>
    </>
  )
}

function Parts({
  data,
  setRange,
  t,
  ever,
}: {
  data: Data
  setRange: (text: string) => void
  t: string
  /** Whether the lake has any call: this page counts calls of AWS and of models. */
  ever: boolean
}) {
  const nothing = data.totals.events === 0 && data.totals.invocations === 0
  return (
    <>
      <Waiting data={data} />
      {nothing && !ever ? (
        <div className="card">
          <NothingYet of="calls" />
        </div>
      ) : nothing ? (
        <div className="card">
          <Empty
            title="Nothing was logged in this span"
            action={<Button onClick={() => setRange('all')}>Show everything</Button>}
          >
            {data.newest
              ? `The newest event is from ${dayTime(ms(data.newest) as number)}.`
              : 'The lake has no event yet. See Sources.'}
          </Empty>
        </div>
      ) : (
        <>
          <Numbers data={data} t={t} />
          <Chart data={data} setRange={setRange} />
          <Tops data={data} t={t} />
        </>
      )}
    </>
  )
}
