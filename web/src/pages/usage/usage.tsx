import { type Output, useAsk } from '../../api/client.ts'
import { reach } from '../../api/reach.ts'
import { Download } from '../../parts/download.tsx'
import { NothingYet } from '../../parts/nothing-yet.tsx'
import { useAddress, useRange } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { Button, Segments } from '../../ui/button.tsx'
import { FilterBar, withCondition } from '../../ui/filters.tsx'
import { Empty, Part } from '../../ui/states.tsx'
import { TimeRange } from '../../ui/time-range.tsx'
import { Chart } from './chart.tsx'
import { DIMENSIONS, type Dimension } from './dimensions.ts'
import { Groups } from './groups.tsx'
import { Notes } from './notes.tsx'
import { Numbers } from './numbers.tsx'
import './usage.css'

export function Usage() {
  const { range, from, to, setRange, known, late, has } = useRange()
  const { list, one, change } = useAddress()
  const chosen = list('by').filter((name): name is Dimension =>
    DIMENSIONS.some(([dimension]) => dimension === name),
  )
  const by: Dimension[] = chosen.length ? chosen : ['model']
  const step = (one('step') ?? 'day') as 'hour' | 'day' | 'week'
  const where = list('q')
  const usage = useAsk('usage', { from, to, by, step, where }, known)
  const setBy = (index: 0 | 1, name: string) => {
    const next = [...by]
    if (name === '') next.splice(index, 1)
    else next[index] = name as Dimension
    change({ by: [...new Set(next)] })
  }
  const add = (condition: string) => change({ q: withCondition(where, condition) })
  return (
    <>
      <Header title="Usage">
        <TimeRange range={range} onChange={setRange} />
      </Header>
      <div className="page roomy usage">
        <div className="controls">
          <label>
            <small>By</small>
            <select className="input" value={by[0]} onChange={(event) => setBy(0, event.target.value)}>
              {DIMENSIONS.map(([name, title]) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <label>
            <small>then by</small>
            <select className="input" value={by[1] ?? ''} onChange={(event) => setBy(1, event.target.value)}>
              <option value="">nothing</option>
              {DIMENSIONS.filter(([name]) => name !== by[0]).map(([name, title]) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <Segments
            label="Step"
            choices={[
              ['hour', 'Hour'],
              ['day', 'Day'],
              ['week', 'Week'],
            ]}
            chosen={step}
            onChoose={(next) => change({ step: next === 'day' ? undefined : next })}
          />
          <FilterBar
            where={where}
            onChange={(next) => change({ q: next.length ? next : undefined })}
            fields={DIMENSIONS.map(([name]) => name)}
            anywhere="model"
            placeholder="who:alice@example.com, -model~titan"
          />
          <Download
            name="Usage"
            from={(format) =>
              reach(
                `/api/usage-export?${new URLSearchParams([
                  ['from', from],
                  ['to', to],
                  ['format', format],
                  ...where.map((condition) => ['where', condition]),
                ])}`,
              )
            }
          />
        </div>
        <Part of={usage} rows={12}>
          {(data) =>
            data.total.invocations === 0 && has?.includes('models') === false ? (
              <div className="card">
                <NothingYet of="models" />
              </div>
            ) : (
              <Parts data={data} by={by} late={late} onFilter={add} setRange={setRange} />
            )
          }
        </Part>
      </div>
    </>
  )
}

function Parts({
  data,
  by,
  late,
  onFilter,
  setRange,
}: {
  data: Output<'usage'>
  by: readonly Dimension[]
  late: string
  onFilter: (condition: string) => void
  setRange: (text: string) => void
}) {
  if (data.total.invocations === 0)
    return (
      <div className="card">
        <Empty
          title="No model was called in this span"
          action={<Button onClick={() => setRange('all')}>Show everything</Button>}
        >
          Choose another span, or remove a condition.{late}
        </Empty>
      </div>
    )
  return (
    <>
      <Numbers total={data.total} />
      <Chart data={data} by={by} setRange={setRange} />
      <Groups data={data} by={by} onFilter={onFilter} />
      <Notes data={data} by={by} />
    </>
  )
}
