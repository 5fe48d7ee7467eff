import { useMemo } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { dayYear, number, plural, span } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { Bars, Legend } from '../ui/chart.tsx'
import { plain } from '../ui/plain.ts'
import { Alarm, ShortTable } from '../ui/short-table.tsx'
import { Part } from '../ui/states.tsx'
import { TimeRange } from '../ui/time-range.tsx'
import { When } from '../ui/when.tsx'
import './period.css'

type Data = Output<'period-report'>

/**
 * For auditors: all sessions of a span by the state of their review. The page says whether the numbers add
 * up.
 */
export function Period() {
  const { range, from, to, setRange, known } = useRange()
  const report = useAsk('period-report', { from, to }, known)
  return (
    <>
      <Header title="Period report">
        <span className="no-print">
          <TimeRange range={range} onChange={setRange} />
        </span>
        <Button className="no-print" onClick={() => print()}>
          Print
        </Button>
      </Header>
      <div className="page roomy period">
        <Part of={report} rows={10}>
          {(data) => <Report data={data} from={from} to={to} />}
        </Part>
      </div>
    </>
  )
}

function Report({ data, from, to }: { data: Data; from: string; to: string }) {
  const left = data.left_out.reduce((sum, { sessions }) => sum + sessions, 0)
  const parts = [
    ['confirmed', data.confirmed, 'green'],
    ['denied', data.denied, 'red'],
    ['open', data.open, ''],
    ['overdue', data.overdue, 'red'],
    ['left out', left, 'faint'],
  ] as const
  return (
    <>
      <p className="soft">
        Sessions and agent runs that began from {dayYear(Date.parse(from))} to {dayYear(Date.parse(to))}, as
        of lake version {number(data.version)}
        {data.complete_to ? (
          <>
            , with everything that was in the lake on <When at={data.complete_to} form="full" />
          </>
        ) : (
          <span className="amber">
            {' '}
            without the newest rows of the lake: sessions in them are not counted yet
          </span>
        )}
        .
      </p>
      <section className="card sum" aria-label="Population">
        <div>
          <b>{number(data.found)}</b>
          <span>found</span>
        </div>
        {parts.map(([name, count, look], index) => (
          <div key={name}>
            <i aria-hidden="true">{index === 0 ? '=' : '+'}</i>
            <b className={count > 0 ? look : 'faint'}>{number(count)}</b>
            <span>{name}</span>
          </div>
        ))}
        <p className={data.adds_up ? 'green' : 'red'}>
          {data.adds_up ? 'adds up' : 'does not add up: report it to the operators of this lake'}
        </p>
      </section>
      <div className="two">
        <ShortTable
          label="Left out"
          rows={data.left_out}
          keyOf={({ reason }) => reason}
          fields={[
            { title: 'Left out, by reason', cell: ({ reason }) => plain(reason) },
            { title: 'Sessions', width: 84, right: true, cell: ({ sessions }) => number(sessions) },
          ]}
        />
        <ShortTable
          label="Reviewers"
          rows={data.reviewers}
          keyOf={({ reviewer }) => reviewer ?? ''}
          none="No session was assigned."
          fields={[
            {
              title: 'Reviewer',
              cell: ({ reviewer }) =>
                reviewer === null ? <span className="amber">no manager is known</span> : plain(reviewer),
            },
            { title: 'Assigned', width: 84, right: true, cell: ({ assigned }) => number(assigned) },
            { title: 'Decided', width: 84, right: true, cell: ({ decided }) => number(decided) },
            {
              title: 'Overdue',
              width: 84,
              right: true,
              cell: ({ overdue }) => (
                <Alarm count={overdue} look="red">
                  {number(overdue)}
                </Alarm>
              ),
            },
            {
              title: 'Median',
              width: 84,
              right: true,
              cell: ({ median_seconds }) =>
                median_seconds === null ? <span className="faint">–</span> : span(median_seconds * 1000),
            },
          ]}
        />
      </div>
      <ByDay data={data} />
      <dl className="card about-report">
        {(
          [
            [
              'Changed since',
              `${plural(data.changed_since, 'decision')} whose sessions had new rows afterwards`,
            ],
            [
              'Second looks',
              `${number(data.second_looks.upheld)} upheld, ${number(data.second_looks.overturned)} overturned, ${number(data.second_looks.waiting)} wait`,
            ],
            [
              'People file',
              data.people_file.sha256
                ? `${plural(data.people_file.people, 'person', 'people')}, SHA-256 ${data.people_file.sha256}`
                : 'none is set up',
            ],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function ByDay({ data: { by_day } }: { data: Data }) {
  const drawn = useMemo(() => {
    const first = Date.parse(`${by_day[0]?.day}T00:00:00Z`)
    const last = Date.parse(`${by_day.at(-1)?.day}T00:00:00Z`)
    const times = Array.from(
      { length: Math.max(0, Math.round((last - first) / 86_400_000) + 1) },
      (_, index) => first + index * 86_400_000,
    )
    const of = new Map(by_day.map((row) => [Date.parse(`${row.day}T00:00:00Z`), row]))
    const series = (['confirmed', 'denied', 'open', 'overdue', 'left_out'] as const).map((name, index) => ({
      name: name.replace('_', ' '),
      colour: ['c3', 'danger', 'c1', 'c2', 'text-3'][index] as string,
      values: times.map((time) => of.get(time)?.[name] ?? 0),
    }))
    return { times, series }
  }, [by_day])
  if (by_day.length < 2 || drawn.times.length > 1_000) return null
  return (
    <section className="card no-print" aria-label="By day">
      <header>
        <h2>By day</h2>
        <span className="spring" />
        <Legend series={drawn.series} />
      </header>
      <div style={{ padding: 8 }}>
        <Bars
          {...drawn}
          bucketMs={86_400_000}
          height={120}
          label="Sessions by day and by the state of their review"
        />
      </div>
    </section>
  )
}
