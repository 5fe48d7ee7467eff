import { useMemo, useState } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { useAddress, useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { dayTime, ms, number, plural, short as shortNumber } from '../time/format.ts'
import { between } from '../time/range.ts'
import { Button } from '../ui/button.tsx'
import { Bars } from '../ui/chart.tsx'
import { FilterBar } from '../ui/filters.tsx'
import { useKeys } from '../ui/keys.ts'
import { plain } from '../ui/plain.ts'
import { Empty, Failed, Part, Skeleton } from '../ui/states.tsx'
import { type Column, DataTable } from '../ui/table.tsx'
import { TimeRange } from '../ui/time-range.tsx'
import { Value } from '../ui/value.tsx'
import { When } from '../ui/when.tsx'
import { Record } from './record.tsx'
import { Result, subjectOf } from './session/calls.tsx'
import { isMachine, short } from './session/role.ts'
import './activity.css'

type Row = Output<'activity'>['rows'][number]

/** What can be asked for in the field; every other column of `cloudtrail` as well. */
const FIELDS = [
  'actor',
  'actor_kind',
  'eventname',
  'eventsource',
  'errorcode',
  'awsregion',
  'recipientaccountid',
  'readonly',
  'sourceipaddress',
  'useragent',
  'useridentity_arn',
  'useridentity_accesskeyid',
  'useridentity_sessioncontext_sourceidentity',
  'requestparameters',
  'responseelements',
  'errormessage',
  'eventid',
  'requestid',
]

const NAMES: Record<string, string> = {
  actor: 'Who',
  actor_kind: 'Kind of identity',
  eventsource: 'Service',
  eventname: 'Call',
  errorcode: 'Result',
  readonly: 'Read only',
  awsregion: 'Region',
  recipientaccountid: 'Account',
  sourceipaddress: 'Address',
}

export function Activity() {
  const { range, from, to, setRange, known } = useRange()
  const { list, one, change } = useAddress()
  const where = list('q')
  const setWhere = (next: string[]) => change({ q: next.length ? next : undefined, e: undefined })
  const add = (condition: string) =>
    setWhere([
      ...where.filter((one) => one !== condition && one !== `-${condition}` && `-${one}` !== condition),
      condition,
    ])
  const [deep, setDeep] = useState(false)
  const columns = list('cols')
  const input = { from, to, where }
  const chart = useAsk('activity-chart', { ...input, steps: 120 }, known)
  const rows = usePages(
    'activity',
    { ...input, limit: 200, ...(columns.length && { columns }), ...(deep && { deep: true }) },
    known,
  )
  const all = useMemo(
    () => (rows.data?.pages ?? []).flatMap((page) => (page as Output<'activity'>).rows),
    [rows.data],
  )
  const last = rows.data?.pages.at(-1) as Output<'activity'> | undefined
  const open = one('e')
  const at = all.findIndex(({ eventid }) => eventid === open)
  const show = (row: Row | undefined) => row && change({ e: row.eventid }, { replace: open !== undefined })
  useKeys({
    Escape: () => open && change({ e: undefined }),
    ']': () => show(all[at + 1]),
    '[': () => show(all[at - 1]),
  })
  const total = chart.data?.counted === 'no' ? undefined : chart.data?.total
  return (
    <>
      <Header title="Activity">
        <span className="faint num">{total !== undefined && `${number(total)} events`}</span>
        <TimeRange range={range} onChange={setRange} />
      </Header>
      <div className="page column activity">
        <div className="bar">
          <FilterBar
            where={where}
            onChange={setWhere}
            fields={FIELDS}
            anywhere="eventname"
            placeholder="eventname:StopLogging, -actor:ci, requestparameters~bucket"
          />
        </div>
        <div className="chart-strip">
          <Part of={chart} rows={3}>
            {(data) => <Chart data={data} onZoom={(from, to) => setRange(between(from, to).text)} />}
          </Part>
        </div>
        <div className={`split${open ? ' with-record' : ''}`}>
          <Facets from={from} to={to} where={where} known={known} onAdd={add} />
          <div className={rows.isPlaceholderData ? 'rows stale' : 'rows'}>
            {rows.error && !rows.data ? (
              <Failed error={rows.error} retry={() => rows.refetch()} />
            ) : !rows.data ? (
              <Skeleton rows={16} />
            ) : all.length === 0 && !last?.stopped ? (
              <Empty
                title="No call meets all of this"
                action={
                  where.length ? (
                    <Button onClick={() => setWhere(where.slice(0, -1))}>Remove the last condition</Button>
                  ) : (
                    <Button onClick={() => setRange('all')}>Show everything</Button>
                  )
                }
              >
                {where.length ? 'Each condition narrows it further. ' : ''}
                The span is {dayTime(Date.parse(from))} to {dayTime(Date.parse(to))}.
              </Empty>
            ) : (
              <DataTable
                label="API calls"
                columns={columnsOf(columns, add)}
                rows={all}
                keyOf={(row) => row.eventid}
                total={total}
                selected={open}
                wide={760 + columns.length * 160}
                onOpen={(row) => show(row)}
                href={(row) => `/activity?e=${row.eventid}&t=${encodeURIComponent(`${row.eventtime} ±15m`)}`}
                onEnd={() =>
                  rows.hasNextPage && !rows.isFetchingNextPage && !last?.stopped && rows.fetchNextPage()
                }
                foot={
                  <Foot
                    count={all.length}
                    total={total}
                    last={last}
                    fetching={rows.isFetchingNextPage}
                    onDeeper={() => (last?.next ? rows.fetchNextPage() : setDeep(true))}
                  />
                }
              />
            )}
          </div>
          {open && (
            <Record
              table="cloudtrail"
              id={open}
              at={all[at]?.eventtime}
              onClose={() => change({ e: undefined })}
              onPrevious={at > 0 ? () => show(all[at - 1]) : undefined}
              onNext={at >= 0 && at < all.length - 1 ? () => show(all[at + 1]) : undefined}
              onFilter={add}
            />
          )}
        </div>
      </div>
    </>
  )
}

function columnsOf(more: readonly string[], onFilter: (condition: string) => void): Column<Row>[] {
  return [
    {
      name: 'time',
      title: 'Time',
      width: '118px',
      cell: (row) => (
        <span className="mono">
          <When at={row.eventtime} />
        </span>
      ),
    },
    {
      name: 'actor',
      title: 'Who',
      width: 'minmax(130px, 1fr)',
      cell: (row) => (
        <Value
          field="actor"
          value={row.actor ?? ''}
          shown={short(row.actor) || 'unknown'}
          className={isMachine(row.actor, row.actor_kind) ? 'machine' : ''}
          onFilter={onFilter}
        />
      ),
    },
    {
      name: 'action',
      title: 'Call',
      width: 'minmax(180px, 1.4fr)',
      cell: (row) => (
        <span className="call-cell">
          <span className="faint">{(row.eventsource ?? '').split('.')[0]}:</span>
          <Value field="eventname" value={row.eventname ?? ''} onFilter={onFilter} />
        </span>
      ),
    },
    {
      name: 'what',
      title: 'What',
      width: 'minmax(120px, 1fr)',
      cell: (row) => <span className="soft">{plain(subjectOf(row))}</span>,
    },
    { name: 'result', title: 'Result', width: '132px', cell: (row) => <Result call={row} /> },
    {
      name: 'address',
      title: 'From',
      width: '112px',
      cell: (row) => (
        <Value
          field="sourceipaddress"
          value={row.sourceipaddress ?? ''}
          className="faint"
          onFilter={onFilter}
        />
      ),
    },
    ...more.map((name) => ({
      name,
      title: name,
      width: '160px',
      cell: (row: Row) => {
        const value = row[name]
        return value === null || value === undefined ? (
          ''
        ) : (
          <Value field={name} value={String(value)} onFilter={onFilter} />
        )
      },
    })),
  ]
}

function Foot({
  count,
  total,
  last,
  fetching,
  onDeeper,
}: {
  count: number
  total: number | undefined
  last: Output<'activity'> | undefined
  fetching: boolean
  onDeeper: () => void
}) {
  const { change, list } = useAddress()
  const columns = list('cols')
  const reached = ms(last?.reached)
  return (
    <>
      <span>
        {total !== undefined && total > count
          ? `${number(count)} of ${number(total)}, newest first`
          : plural(count, 'event')}
        {fetching && ' · more is coming'}
      </span>
      {last?.stopped && reached !== undefined && (
        <>
          <span className="amber">Looked back to {dayTime(reached)}; a day of rows was read.</span>
          <Button look="quiet" onClick={onDeeper}>
            Look further
          </Button>
        </>
      )}
      <span className="spring" />
      {last !== undefined && last.files.all > 0 && (
        <span>
          {number(last.files.read)} of {number(last.files.all)} files
        </span>
      )}
      <select
        className="input columns"
        aria-label="Add a column"
        value=""
        onChange={(event) => change({ cols: [...columns, event.target.value] }, { replace: true })}
      >
        <option value="">Columns…</option>
        {FIELDS.filter((field) => !columns.includes(field)).map((field) => (
          <option key={field}>{field}</option>
        ))}
      </select>
      {columns.length > 0 && (
        <Button look="quiet" onClick={() => change({ cols: undefined }, { replace: true })}>
          Usual columns
        </Button>
      )}
    </>
  )
}

function Chart({
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
        Not counted: {data.why ?? 'these conditions need the rows of more than a day'}. Narrow the span to a
        day to see the chart.
      </div>
    )
  if (data.total === 0) return null
  return (
    <Bars
      {...drawn}
      bucketMs={data.step_ms}
      height={92}
      label={`${number(data.total)} calls over time`}
      format={shortNumber}
      onZoom={(from, to) => onZoom(Math.floor(from / 1000) * 1000, Math.ceil(to / 1000) * 1000)}
    />
  )
}

function Facets({
  from,
  to,
  where,
  known,
  onAdd,
}: {
  from: string
  to: string
  where: string[]
  known: boolean
  onAdd: (condition: string) => void
}) {
  const facets = useAsk('activity-facets', { from, to, where, values: 8 }, known)
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set(['sourceipaddress', 'actor_kind']))
  return (
    <aside className="facets" aria-label="Values">
      <Part of={facets}>
        {({ facets: found, counted, why }) =>
          counted === 'no' ? (
            <p className="notice">Not counted: {why ?? 'narrow the span to a day'}.</p>
          ) : (
            <div>
              {found.map(({ field, distinct, values }) => (
                <section key={field}>
                  <button
                    type="button"
                    className="title"
                    aria-expanded={!closed.has(field)}
                    onClick={() =>
                      setClosed((before) => {
                        const next = new Set(before)
                        if (!next.delete(field)) next.add(field)
                        return next
                      })
                    }
                  >
                    {NAMES[field] ?? field} <small className="num">{number(distinct)}</small>
                  </button>
                  {!closed.has(field) && (
                    <ul>
                      {values.map(({ value, events }) => {
                        const condition = value === null ? `-${field}:*` : `${field}:${value}`
                        const words =
                          field === 'errorcode' && value === null
                            ? 'done'
                            : value === null
                              ? 'none'
                              : plain(short(value).replace(/\.amazonaws\.com$/, ''))
                        return (
                          <li key={condition}>
                            <button
                              type="button"
                              title={`Filter for ${value ?? words}`}
                              onClick={() => onAdd(condition)}
                            >
                              <span className="cut">{words}</span>
                              <small className="num">{shortNumber(events)}</small>
                            </button>
                            <button
                              type="button"
                              className="out"
                              aria-label={`Filter out ${words}`}
                              onClick={() => onAdd(value === null ? `${field}:*` : `-${condition}`)}
                            >
                              −
                            </button>
                          </li>
                        )
                      })}
                    </ul>
                  )}
                </section>
              ))}
            </div>
          )
        }
      </Part>
    </aside>
  )
}
