import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { may, useMe } from '../shell/me.ts'
import { dayTime, ms, number, plural, relative, short, usd } from '../time/format.ts'
import { between } from '../time/range.ts'
import { Button } from '../ui/button.tsx'
import { Bars } from '../ui/chart.tsx'
import { plain } from '../ui/plain.ts'
import { Spark } from '../ui/spark.tsx'
import { Empty, Part } from '../ui/states.tsx'
import { TimeRange } from '../ui/time-range.tsx'
import { isMachine, short as roleName } from './session/role.ts'
import './overview.css'

type Data = Output<'overview'>

export function Overview() {
  const { range, from, to, setRange, known } = useRange()
  const overview = useAsk('overview', { from, to }, known)
  return (
    <>
      <Header title="Overview">
        <TimeRange range={range} onChange={setRange} />
      </Header>
      <div className="page roomy overview">
        <Part of={overview} rows={12}>
          {(data) => <Parts data={data} setRange={setRange} t={range.text} />}
        </Part>
      </div>
    </>
  )
}

function Parts({ data, setRange, t }: { data: Data; setRange: (text: string) => void; t: string }) {
  const nothing = data.totals.events === 0 && data.totals.invocations === 0
  return (
    <>
      <Waiting data={data} />
      {nothing ? (
        <div className="card">
          <Empty
            title="Nothing was logged in this span"
            action={<Button onClick={() => setRange('all')}>Show everything</Button>}
          >
            {data.newest
              ? `The newest event is of ${dayTime(ms(data.newest) as number)}.`
              : 'The lake holds no event yet. See Sources.'}
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

function Waiting({ data: { late, behind } }: { data: Data }) {
  const me = useMe()
  const reviews = useAsk('reviews-waiting', {}, may(me, 'reviews-waiting')).data
  const due = ms(reviews?.next_due)
  return (
    <div className="waiting">
      {reviews && reviews.mine > 0 && (
        <Link to="/reviews" className={`notice ${reviews.overdue > 0 ? 'red' : 'amber'}`}>
          <b>{plural(reviews.mine, 'review')} for you</b>
          {reviews.overdue > 0 && <span>{number(reviews.overdue)} overdue</span>}
          {due !== undefined && reviews.overdue === 0 && <span>next due {relative(due)}</span>}
        </Link>
      )}
      {reviews && reviews.unassigned > 0 && (
        <Link to="/reviews" search={{ state: 'unassigned' }} className="notice">
          {plural(reviews.unassigned, 'review')} without a manager
        </Link>
      )}
      {late.slice(0, 3).map(({ kind, name, what }) => (
        <Link key={`${kind}${name}${what}`} to="/sources" className="notice amber">
          {plain(what)}
        </Link>
      ))}
      {late.length > 3 && (
        <Link to="/sources" className="notice amber">
          {number(late.length - 3)} more
        </Link>
      )}
      {behind.rows > 0 && (
        <span className="notice amber">{plural(behind.rows, 'row')} are not in these numbers yet</span>
      )}
    </div>
  )
}

function Numbers({ data, t }: { data: Data; t: string }) {
  const { totals, series, before } = data
  const tokens = totals.input_tokens + totals.output_tokens
  const search = { t }
  const list = [
    {
      name: 'Events',
      value: short(totals.events),
      note: `${short(totals.errors)} refused or failed`,
      values: series.events,
      to: '/activity',
      was: before.events,
      is: totals.events,
    },
    {
      name: 'Model calls',
      value: short(totals.invocations),
      note: `${short(totals.failed)} failed`,
      values: series.invocations,
      to: '/conversations',
      was: before.invocations,
      is: totals.invocations,
    },
    {
      name: 'Tokens',
      value: short(tokens),
      note: `${short(totals.input_tokens)} in, ${short(totals.output_tokens)} out`,
      values: series.tokens,
      to: '/usage',
      was: 0,
      is: 0,
    },
    {
      name: 'Cost',
      value: totals.cost_usd === null ? 'unpriced' : usd(totals.cost_usd),
      note:
        totals.unpriced_tokens > 0
          ? `and ${short(totals.unpriced_tokens)} tokens unpriced`
          : 'every token has a price',
      values: series.cost_usd,
      to: '/usage',
      was: before.cost_usd ?? 0,
      is: totals.cost_usd ?? 0,
    },
    {
      name: 'Findings',
      value: totals.findings === null ? '–' : short(totals.findings),
      note: totals.findings === null ? 'no rules are set up' : 'in this span',
      values: series.findings,
      to: '/findings',
      was: 0,
      is: 0,
    },
    ...(totals.rejects === null
      ? []
      : [
          {
            name: 'Rejects',
            value: short(totals.rejects),
            note: 'records that could not be read',
            values: series.rejects,
            to: '/sources',
            was: 0,
            is: 0,
          },
        ]),
  ]
  return (
    <div className="numbers card">
      {list.map(({ name, value, note, values, to, was, is }) => (
        <Link key={name} to={to as never} search={search as never}>
          <span className="name">{name}</span>
          <span className="value-line">
            <b className="num">{value}</b>
            {values.some((one) => one > 0) && <Spark values={coarse(values)} width={72} />}
          </span>
          <small>
            {note}
            {was > 0 && is > 0 && `, ${change(is, was)}`}
          </small>
        </Link>
      ))}
    </div>
  )
}

function stepName(ms: number): string {
  const [size, name] =
    ms % 86_400_000 === 0
      ? [86_400_000, 'day']
      : ms % 3_600_000 === 0
        ? [3_600_000, 'hour']
        : [60_000, 'minute']
  return ms === size ? (name as string) : plural(ms / (size as number), name as string)
}

/** Few enough points for a line of a thumb's width. */
function coarse(values: readonly number[], most = 24): number[] {
  const size = Math.ceil(values.length / most)
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size).reduce((sum, value) => sum + value, 0),
  )
}

function change(is: number, was: number): string {
  const percent = Math.round((is / was - 1) * 100)
  return percent === 0
    ? 'as before'
    : Math.abs(percent) > 999
      ? `${Math.round(is / was)}× before`
      : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`
}

function Chart({ data, setRange }: { data: Data; setRange: (text: string) => void }) {
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
        <span className="legend">
          <span style={{ '--of': 'var(--danger)' } as object}>refused or failed</span>
          <span style={{ '--of': 'var(--c1)' } as object}>calls</span>
        </span>
      </header>
      <div className="chart-box">
        <Bars
          {...drawn}
          bucketMs={step_ms}
          label={`${number(totals.events)} events, ${number(totals.errors)} of them refused or failed`}
          format={short}
          onZoom={(from, to) =>
            setRange(between(Math.floor(from / 1000) * 1000, Math.ceil(to / 1000) * 1000).text)
          }
        />
      </div>
    </section>
  )
}

function Tops({ data, t }: { data: Data; t: string }) {
  return (
    <div className="tops">
      <section className="card">
        <table className="plain">
          <thead>
            <tr>
              <th>Who</th>
              <th className="right narrow">Calls</th>
              <th className="right narrow">Refused</th>
            </tr>
          </thead>
          <tbody>
            {data.actors.slice(0, 8).map(({ actor, kind, events, errors }) => (
              <tr key={actor}>
                <td>
                  <Link to="/activity" search={{ t, q: [`actor:${actor}`] } as never} title={actor}>
                    {isMachine(actor, kind) ? <span className="machine">⚙ </span> : ''}
                    {plain(roleName(actor))}
                  </Link>
                </td>
                <td className="right">{number(events)}</td>
                <td className={`right ${errors > 0 ? 'red' : 'faint'}`}>{number(errors)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="card">
        <table className="plain">
          <thead>
            <tr>
              <th>Model</th>
              <th className="right narrow">Calls</th>
              <th className="right">Cost</th>
            </tr>
          </thead>
          <tbody>
            {data.models.slice(0, 8).map(({ model, invocations, cost_usd, unpriced }) => (
              <tr key={model}>
                <td>
                  <Link to="/usage" search={{ t, q: [`model:${model}`] } as never} title={model}>
                    {plain(model)}
                  </Link>
                </td>
                <td className="right">{number(invocations)}</td>
                <td className="right">
                  {cost_usd === null || (unpriced && !cost_usd) ? (
                    <span className="faint">unpriced</span>
                  ) : (
                    usd(cost_usd)
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="card">
        <table className="plain">
          <thead>
            <tr>
              <th>Refused or failed</th>
              <th className="right narrow">Calls</th>
              <th className="right narrow">By</th>
            </tr>
          </thead>
          <tbody>
            {data.errors.slice(0, 8).map(({ errorcode, events, actors }) => (
              <tr key={errorcode}>
                <td>
                  <Link to="/activity" search={{ t, q: [`errorcode:${errorcode}`] } as never}>
                    {plain(errorcode)}
                  </Link>
                </td>
                <td className="right">{number(events)}</td>
                <td className="right faint">{number(actors)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {data.first_seen.length > 0 && (
        <section className="card wide">
          <table className="plain">
            <thead>
              <tr>
                <th>New in this span</th>
                <th>What</th>
                <th className="right">First seen</th>
              </tr>
            </thead>
            <tbody>
              {data.first_seen.slice(0, 8).map(({ kind, who, what, time }) => (
                <tr key={`${kind}${who}${what}`}>
                  <td>
                    <Link to="/activity" search={{ t, q: [`actor~${who}`] } as never} title={who}>
                      {plain(roleName(who))}
                    </Link>
                  </td>
                  <td title={what}>{kind === 'actor' ? 'called AWS for the first time' : plain(what)}</td>
                  <td className="right faint">{dayTime(ms(time) as number)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  )
}
