import { useMemo } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { useAddress, useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { latency, number, plural, short, usd } from '../time/format.ts'
import { between } from '../time/range.ts'
import { Segments } from '../ui/button.tsx'
import { Bars } from '../ui/chart.tsx'
import { FilterBar } from '../ui/filters.tsx'
import { plain } from '../ui/plain.ts'
import { Sideways } from '../ui/sideways.tsx'
import { Spark } from '../ui/spark.tsx'
import { Empty, Part } from '../ui/states.tsx'
import { TimeRange } from '../ui/time-range.tsx'
import { Value } from '../ui/value.tsx'
import { Download } from './download.tsx'
import { short as roleName } from './session/role.ts'
import './usage.css'

type Data = Output<'usage'>
type Dimension = 'model' | 'endpoint' | 'who' | 'role' | 'account' | 'region' | 'service' | 'errorcode'

const DIMENSIONS: readonly (readonly [Dimension, string])[] = [
  ['model', 'model'],
  ['who', 'identity'],
  ['role', 'role'],
  ['endpoint', 'endpoint'],
  ['account', 'account'],
  ['region', 'Region'],
  ['service', 'service'],
  ['errorcode', 'error'],
]
const COLOURS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'] as const

export function Usage() {
  const { range, from, to, setRange, known } = useRange()
  const { list, one, change } = useAddress()
  const chosen = list('by').filter((name): name is Dimension =>
    DIMENSIONS.some(([dimension]) => dimension === name),
  )
  const by = (chosen.length ? chosen : ['model']) as Dimension[]
  const step = (one('step') ?? 'day') as 'hour' | 'day' | 'week'
  const where = list('q')
  const usage = useAsk('usage', { from, to, by, step, where }, known)
  const setBy = (index: 0 | 1, name: string) => {
    const next = [...by]
    if (name === '') next.splice(index, 1)
    else next[index] = name as Dimension
    change({ by: [...new Set(next)] })
  }
  const add = (condition: string) => change({ q: [...where.filter((one) => one !== condition), condition] })
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
          <Download sql={sqlOf(from, to, where)} name="Usage" />
        </div>
        <Part of={usage} rows={12}>
          {(data) => <Parts data={data} by={by} onFilter={add} setRange={setRange} />}
        </Part>
      </div>
    </>
  )
}

function Parts({
  data,
  by,
  onFilter,
  setRange,
}: {
  data: Data
  by: Dimension[]
  onFilter: (condition: string) => void
  setRange: (text: string) => void
}) {
  const { total } = data
  if (total.invocations === 0)
    return (
      <div className="card">
        <Empty title="No model was called in this span">Choose another span, or remove a condition.</Empty>
      </div>
    )
  const cached =
    total.cache_read_tokens /
    Math.max(1, total.cache_read_tokens + total.input_tokens + total.cache_write_tokens)
  const facts: readonly (readonly [string, string, string])[] = [
    [
      'Cost',
      total.cost_usd === null ? 'unpriced' : usd(total.cost_usd),
      total.unpriced_tokens > 0
        ? `and ${short(total.unpriced_tokens)} tokens of ${plural(data.unpriced.length, 'model')} unpriced`
        : 'every token has a price',
    ],
    [
      'Calls',
      number(total.invocations),
      `${number(total.failed)} failed, ${percent(total.failed, total.invocations)}`,
    ],
    [
      'Tokens in',
      short(total.input_tokens),
      `and ${short(total.cache_read_tokens)} read from cache, ${percent(cached, 1)}`,
    ],
    ['Tokens out', short(total.output_tokens), `${short(total.cache_write_tokens)} written to cache`],
    [
      'Latency, median',
      total.latency_ms_p50 === null ? 'not logged' : latency(total.latency_ms_p50),
      total.latency_ms_p95 === null ? '' : `95 % within ${latency(total.latency_ms_p95)}`,
    ],
  ]
  return (
    <>
      <dl className="numbers card">
        {facts.map(([name, value, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
            <dd className="note">{note}</dd>
          </div>
        ))}
      </dl>
      <Chart data={data} setRange={setRange} />
      <Groups data={data} by={by} onFilter={onFilter} />
      <Notes data={data} />
    </>
  )
}

function percent(part: number, of: number): string {
  return of === 0 ? '0 %' : `${((part / of) * 100).toFixed(part === 0 ? 0 : 1)} %`
}

function name(keys: readonly (string | null)[]): string {
  return keys.map((key) => (key === null ? 'none' : roleName(key))).join(' · ')
}

function Chart({ data, setRange }: { data: Data; setRange: (text: string) => void }) {
  const priced = data.total.cost_usd !== null
  const drawn = useMemo(() => {
    const steps = Math.max(...data.groups.map(({ series }) => series.length), 0)
    const times = Array.from({ length: steps }, (_, index) => data.start_ms + index * data.step_ms)
    // One colour for each value of the first dimension: the table has the second.
    const sums = new Map<string, number[]>()
    for (const { keys, series, cost_usd } of data.groups) {
      if (priced && cost_usd === null) continue
      const key = name(keys.slice(0, 1))
      const sum = sums.get(key) ?? new Array<number>(steps).fill(0)
      series.forEach((value, index) => {
        sum[index] = (sum[index] ?? 0) + value
      })
      sums.set(key, sum)
    }
    const shown = [...sums].map(([title, series]) => ({ title, series }))
    const first = shown.slice(0, COLOURS.length).map(({ title, series }, index) => ({
      name: plain(title),
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
  }, [data, priced])
  if (drawn.times.length === 0) return null
  return (
    <section className="card" aria-label={priced ? 'Cost over time' : 'Tokens over time'}>
      <header>
        <h2>{priced ? 'Cost' : 'Tokens'}</h2>
        <small>drag to zoom</small>
        <span className="spring" />
        <span className="legend">
          {drawn.series.map(({ name, colour }) => (
            <span key={name} style={{ '--of': `var(--${colour})` } as object}>
              {name}
            </span>
          ))}
        </span>
      </header>
      <div style={{ padding: '8px 8px 4px 4px' }}>
        <Bars
          {...drawn}
          bucketMs={data.step_ms}
          height={168}
          label={priced ? `Cost of ${usd(data.total.cost_usd ?? 0)} over time` : 'Tokens over time'}
          format={priced ? usd : short}
          onZoom={(from, to) =>
            setRange(between(Math.floor(from / 1000) * 1000, Math.ceil(to / 1000) * 1000).text)
          }
        />
      </div>
    </section>
  )
}

function Groups({
  data,
  by,
  onFilter,
}: {
  data: Data
  by: Dimension[]
  onFilter: (condition: string) => void
}) {
  return (
    <Sideways className="card scroll-x" label="Use by group">
      <table className="plain">
        <thead>
          <tr>
            {by.map((dimension) => (
              <th key={dimension}>{DIMENSIONS.find(([name]) => name === dimension)?.[1]}</th>
            ))}
            <th className="right n">Calls</th>
            <th className="right n">Failed</th>
            <th className="right n">In</th>
            <th className="right n">Cache read</th>
            <th className="right n">Cache write</th>
            <th className="right n">Out</th>
            <th className="right n">p50</th>
            <th className="right n">p95</th>
            <th className="right n">p99</th>
            <th className="right cost">Cost</th>
            <th className="trend">Over time</th>
          </tr>
        </thead>
        <tbody>
          {data.groups.map((group) => (
            <tr key={JSON.stringify(group.keys)}>
              {group.keys.map((key, index) => (
                <td key={by[index]}>
                  {key === null ? (
                    <span className="faint">none</span>
                  ) : (
                    <Value
                      field={by[index] as string}
                      value={key}
                      shown={roleName(key)}
                      onFilter={onFilter}
                    />
                  )}
                </td>
              ))}
              <td className="right">{number(group.invocations)}</td>
              <td className={`right ${group.failed > 0 ? 'red' : 'faint'}`}>{number(group.failed)}</td>
              <td className="right">{tokens(group.input_tokens, group)}</td>
              <td className="right faint">{tokens(group.cache_read_tokens, group)}</td>
              <td className="right faint">{tokens(group.cache_write_tokens, group)}</td>
              <td className="right">{tokens(group.output_tokens, group)}</td>
              <td className="right faint">
                {group.latency_ms_p50 === null ? '–' : latency(group.latency_ms_p50)}
              </td>
              <td className="right">{group.latency_ms_p95 === null ? '–' : latency(group.latency_ms_p95)}</td>
              <td className="right faint">
                {group.latency_ms_p99 === null ? '–' : latency(group.latency_ms_p99)}
              </td>
              <td className="right">
                {group.cost_usd === null ? (
                  <span className="faint" title="The price list has no price for it">
                    unpriced
                  </span>
                ) : group.cost_usd === 0 ? (
                  <span className="faint" title="It took no tokens">
                    –
                  </span>
                ) : (
                  <span
                    title={
                      group.unpriced_tokens > 0
                        ? `and ${number(group.unpriced_tokens)} unpriced tokens`
                        : undefined
                    }
                  >
                    {usd(group.cost_usd)}
                    {group.unpriced_tokens > 0 && ' +'}
                  </span>
                )}
              </td>
              <td>
                <Spark values={group.series} width={80} height={20} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

/** No log tells the tokens of calls that have none counted: that is not a zero. */
function tokens(count: number, group: { invocations: number; uncounted: number }): string {
  return group.uncounted >= group.invocations ? '–' : short(count)
}

function Notes({ data }: { data: Data }) {
  return (
    <small>
      {data.total.uncounted > 0 && `No log tells the tokens of ${plural(data.total.uncounted, 'call')}. `}
      {data.unpriced.length > 0 &&
        `Unpriced: ${data.unpriced.map(({ model, tokens }) => `${model ?? 'unknown'} (${short(tokens)} tokens)`).join(', ')}. `}
      {data.prices.read_on && `Prices as of ${data.prices.read_on}. `}
      Endpoints of SageMaker are paid by the hour, whatever is called.
      {data.behind.rows > 0 && ` ${plural(data.behind.rows, 'row')} of logs are not in these numbers yet.`}
    </small>
  )
}

/** What is shown, as rows that can be exported: all of it, whatever the page shows. */
function sqlOf(from: string, to: string, where: readonly string[]): string {
  const column: Record<string, string> = { account: 'accountid' }
  const conditions = where.flatMap((condition) => {
    const found = /^(-?)(\w+)([:~])([\s\S]*)$/.exec(condition)
    if (!found || !DIMENSIONS.some(([name]) => name === found[2])) return []
    const name = column[found[2] as string] ?? found[2]
    const text = `'${(found[4] as string).replaceAll("'", "''")}'`
    const test =
      found[4] === '*'
        ? `${name} is not null`
        : found[3] === '~'
          ? `contains(${name}, ${text})`
          : `${name} = ${text}`
    return [found[1] ? `not coalesce(${test}, false)` : test]
  })
  return [
    'select * from model_usage_10min_newest',
    `where time >= '${from}' and time < '${to}'`,
    ...conditions.map((condition) => `and ${condition}`),
    'order by time',
  ].join('\n')
}
