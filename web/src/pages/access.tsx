import type { Output } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { useAddress, useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { number, plural } from '../time/format.ts'
import { FilterBar } from '../ui/filters.tsx'
import { plain } from '../ui/plain.ts'
import { Empty, Failed, Skeleton } from '../ui/states.tsx'
import { type Column, DataTable } from '../ui/table.tsx'
import { TimeRange } from '../ui/time-range.tsx'
import { Value } from '../ui/value.tsx'
import { When } from '../ui/when.tsx'

type Row = Output<'access-log'>['rows'][number]

/** Who was shown what. Nothing is shown before its line here is written. */
export function Access() {
  const { list, change } = useAddress()
  // What people do here is now, whatever age the logs have.
  const { range, from, to, setRange } = useRange('-24h')
  const where = list('q')
  const pages = usePages('access-log', { from, to, where, limit: 200 })
  const all = (pages.data?.pages ?? []) as Output<'access-log'>[]
  const rows = all.flatMap((page) => page.rows)
  const add = (condition: string) => change({ q: [...where.filter((one) => one !== condition), condition] })
  const columns: Column<Row>[] = [
    {
      name: 'time',
      title: 'Time',
      width: '118px',
      cell: (row) => (
        <span className="mono">
          <When at={row.time} />
        </span>
      ),
    },
    {
      name: 'name',
      title: 'Who',
      width: 'minmax(150px, 1fr)',
      cell: (row) => <Value field="name" value={row.name} onFilter={add} />,
    },
    {
      name: 'role',
      title: 'Role',
      width: '84px',
      cell: (row) => <Value field="role" value={row.role} className="soft" onFilter={add} />,
    },
    {
      name: 'operation',
      title: 'Looked at',
      width: '150px',
      cell: (row) => <Value field="operation" value={row.operation} onFilter={add} />,
    },
    {
      name: 'about',
      title: 'About',
      width: 'minmax(160px, 1.2fr)',
      cell: (row) =>
        row.about ? (
          <Value field="about" value={row.about} className="mono" onFilter={add} />
        ) : (
          <span className="faint mono" title={row.input}>
            {plain(row.input)}
          </span>
        ),
    },
    {
      name: 'rows',
      title: 'Rows',
      width: '64px',
      right: true,
      cell: (row) => (row.rows === null ? '' : number(row.rows)),
    },
    {
      name: 'outcome',
      title: 'Outcome',
      width: '140px',
      cell: (row) => (
        <span style={{ display: 'flex', gap: 6 }}>
          {row.outcome === 'shown' ? 'shown' : <span className="tag red">{row.outcome}</span>}
          {row.unmasked && <span className="tag amber">unmasked</span>}
        </span>
      ),
    },
    {
      name: 'address',
      title: 'From',
      width: '104px',
      cell: (row) => <span className="faint">{plain(row.address ?? '')}</span>,
    },
  ]
  return (
    <>
      <Header title="Access log">
        <TimeRange range={range} onChange={setRange} />
      </Header>
      <div className="page column">
        <div className="bar">
          <FilterBar
            where={where}
            onChange={(next) => change({ q: next.length ? next : undefined })}
            fields={['name', 'subject', 'role', 'operation', 'about', 'outcome', 'address', 'unmasked']}
            anywhere="name"
            placeholder="name:ines@example.com, operation:session-output, unmasked:true"
          />
        </div>
        {pages.error && !pages.data ? (
          <Failed error={pages.error} retry={() => pages.refetch()} />
        ) : !pages.data ? (
          <Skeleton />
        ) : rows.length === 0 ? (
          <Empty title="Nothing was looked at">in this span, by these conditions.</Empty>
        ) : (
          <DataTable
            label="Access log"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.id}
            wide={920}
            onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage()}
            foot={
              <>
                {plural(rows.length, 'line')}
                {pages.hasNextPage && ', newest first'}
                {(all[0]?.pending ?? 0) > 0 && (
                  <span>{number(all[0]?.pending ?? 0)} of them are written and not committed yet</span>
                )}
              </>
            }
          />
        )}
      </div>
    </>
  )
}
