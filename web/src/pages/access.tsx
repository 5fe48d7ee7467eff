import type { Output } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { useAddress, useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { number, plural } from '../time/format.ts'
import { FilterBar, withCondition } from '../ui/filters.tsx'
import { plain } from '../ui/plain.ts'
import { Empty, Failed, Skeleton } from '../ui/states.tsx'
import { type Card, type Column, DataTable } from '../ui/table.tsx'
import { TimeRange } from '../ui/time-range.tsx'
import { Value } from '../ui/value.tsx'
import { When } from '../ui/when.tsx'

type Row = Output<'access-log'>['rows'][number]

/** Operations whose names do not say what they show. */
const WORDS: Readonly<Record<string, string>> = {
  me: 'own role and rights',
  extent: 'first and last event',
  'reviews-waiting': 'number of open reviews',
  'activity-chart': 'chart of activity',
  'activity-facets': 'values of activity',
  'session-calls': 'calls of a session',
  'session-output': 'output of a session',
  'session-export': 'export of a session',
  'new-versions': 'notices of new versions',
  'session-search': 'search in sessions',
  'conversation-text': 'text of a conversation',
}

const wordsOf = (operation: string) => WORDS[operation] ?? operation.replaceAll('-', ' ')

/** Refused, failed or without masks: what an auditor looks for. */
function Outcome({ row: { outcome, unmasked } }: { row: Row }) {
  return (
    <span style={{ display: 'flex', gap: 6 }}>
      {outcome === 'shown' ? 'shown' : <span className="tag red">{outcome}</span>}
      {unmasked && <span className="tag amber">unmasked</span>}
    </span>
  )
}

const CARD: Card<Row> = {
  title: 'Who looked at what, when',
  height: 64,
  cell: (row) => (
    <span className="row-card">
      <span className="strong">{plain(row.name)}</span>
      <span className="end">
        <Outcome row={row} />
      </span>
      <small className="line">
        {plain(wordsOf(row.operation))}
        {row.about && (
          <>
            {': '}
            <span className="mono">{plain(row.about)}</span>
          </>
        )}
      </small>
      <small className="line num">
        {row.role}, <When at={row.time} />
        {row.address && ` from ${plain(row.address)}`}
      </small>
    </span>
  ),
}

/** The access log: who opened which data. The server writes its line before it sends the data. */
export function Access() {
  const { list, change } = useAddress()
  // People use loglake now, however old the logs are.
  const { range, from, to, setRange } = useRange('-24h')
  const where = list('q')
  const pages = usePages('access-log', { from, to, where, limit: 200 })
  const all = (pages.data?.pages ?? []) as Output<'access-log'>[]
  const rows = all.flatMap((page) => page.rows)
  const add = (condition: string) => change({ q: withCondition(where, condition) })
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
      cell: (row) => (
        <Value field="operation" value={row.operation} shown={wordsOf(row.operation)} onFilter={add} />
      ),
    },
    {
      name: 'about',
      title: 'About',
      width: 'minmax(160px, 1.2fr)',
      cell: (row) =>
        row.about ? (
          <Value field="about" value={row.about} className="mono" onFilter={add} />
        ) : row.input === '{}' ? (
          ''
        ) : (
          <Value field="input" value={row.input} className="faint mono" />
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
      cell: (row) => <Outcome row={row} />,
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
          <Empty title="Nothing was looked at">No line of this span meets these conditions.</Empty>
        ) : (
          <DataTable
            label="Access log"
            columns={columns}
            card={CARD}
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
