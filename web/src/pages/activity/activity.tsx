import { useMemo } from 'react'
import { type Output, useAsk } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { NothingYet } from '../../parts/nothing-yet.tsx'
import { Record } from '../../parts/record.tsx'
import { useAddress, useRange } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { dayTime, number } from '../../time/format.ts'
import { between } from '../../time/range.ts'
import { Button } from '../../ui/button.tsx'
import { FilterBar } from '../../ui/filters.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Empty, Failed, Part, Skeleton } from '../../ui/states.tsx'
import { DataTable } from '../../ui/table.tsx'
import { TimeRange } from '../../ui/time-range.tsx'
import { Chart } from './chart.tsx'
import { CARD, columnsOf } from './columns.tsx'
import { Facets } from './facets.tsx'
import { FIELDS } from './fields.ts'
import { Foot } from './foot.tsx'
import './activity.css'

type Row = Output<'activity'>['rows'][number]

export function Activity() {
  const { range, from, to, setRange, known, late, has } = useRange()
  const { list, one, change } = useAddress()
  const where = list('q')
  const setWhere = (next: string[]) =>
    change({ q: next.length ? next : undefined, e: undefined, deep: undefined })
  const add = (condition: string) =>
    setWhere([
      ...where.filter((one) => one !== condition && one !== `-${condition}` && `-${one}` !== condition),
      condition,
    ])
  // A person who asks for all of a key or a resource has asked for more than a day of rows.
  const deep = one('deep') !== undefined
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
  // Chart and values ask the same, and would repeat the error.
  const failed = rows.error !== null && !rows.data
  const none = rows.data !== undefined && all.length === 0 && has?.includes('calls') === false
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
        {!failed && !none && (
          <div className="chart-strip">
            <Part of={chart} rows={3}>
              {(data) => <Chart data={data} onZoom={(from, to) => setRange(between(from, to).text)} />}
            </Part>
          </div>
        )}
        <div className={`split${open ? ' with-record' : ''}${failed || none ? ' failed' : ''}`}>
          {!failed && !none && <Facets from={from} to={to} where={where} known={known} onAdd={add} />}
          <div className={rows.isPlaceholderData ? 'rows stale' : 'rows'}>
            {failed ? (
              <Failed error={rows.error} retry={() => rows.refetch()} />
            ) : !rows.data ? (
              <Skeleton rows={16} />
            ) : none ? (
              <NothingYet of="calls" />
            ) : all.length === 0 && !last?.stopped ? (
              <Empty
                title="No call meets these conditions"
                action={
                  where.length ? (
                    <Button onClick={() => setWhere(where.slice(0, -1))}>Remove the last condition</Button>
                  ) : (
                    <Button onClick={() => setRange('all')}>Show everything</Button>
                  )
                }
              >
                {where.length ? 'Remove a condition to see more. ' : ''}
                The span is {dayTime(Date.parse(from))} to {dayTime(Date.parse(to))}.{late}
              </Empty>
            ) : (
              <DataTable
                label="API calls"
                columns={columnsOf(columns, add, open !== undefined)}
                {...(columns.length === 0 && { card: CARD })}
                rows={all}
                keyOf={(row) => row.eventid}
                total={total}
                selected={open}
                wide={(open ? 716 : 820) + columns.length * 176}
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
                    onDeeper={() =>
                      last?.next ? rows.fetchNextPage() : change({ deep: '1' }, { replace: true })
                    }
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
