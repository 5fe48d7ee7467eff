import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useAsk } from '../../api/client.ts'
import { NothingYet } from '../../parts/nothing-yet.tsx'
import { useAddress, useRange } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { number, plural } from '../../time/format.ts'
import { Button, Segments } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { plain } from '../../ui/plain.ts'
import { Empty, Part, Skeleton } from '../../ui/states.tsx'
import { DataTable } from '../../ui/table.tsx'
import { TimeRange } from '../../ui/time-range.tsx'
import { When } from '../../ui/when.tsx'
import { COLUMNS, List, Order, REVIEW } from './list.tsx'

export function Sessions() {
  const { one, change } = useAddress()
  const { range, from, to, setRange, known, late, has } = useRange()
  const kind = (one('kind') ?? 'session') as 'all' | 'session' | 'run' | 'ask'
  const order = (one('order') ?? 'newest') as 'due' | 'risk' | 'newest'
  const find = one('find') ?? ''
  const [typed, setTyped] = useState(find)
  useKeys({ '/': () => document.getElementById('find')?.focus() })
  return (
    <>
      <Header title="Sessions">
        <TimeRange range={range} onChange={setRange} />
      </Header>
      <div className="page column">
        <div className="bar">
          <Segments
            label="Kind"
            choices={[
              ['session', 'Session Manager'],
              ['run', 'Agent runs'],
              ['ask', 'Asked of loglake'],
              ['all', 'All'],
            ]}
            chosen={kind}
            onChoose={(next) => change({ kind: next === 'session' ? undefined : next })}
          />
          <form
            className="search"
            onSubmit={(event) => {
              event.preventDefault()
              change({ find: typed.trim() || undefined })
            }}
          >
            <input
              id="find"
              className="input"
              type="search"
              aria-label="Search terminal output of all sessions"
              placeholder="Search the output of all sessions"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value)
                if (event.target.value === '') change({ find: undefined })
              }}
            />
          </form>
          <span className="spring" />
          <Order order={order} byDefault="newest" />
        </div>
        {!known ? (
          <Skeleton />
        ) : find.length >= 2 ? (
          <Hits q={find} from={from} to={to} />
        ) : (
          <List
            input={{ from, to, kind, order, limit: 100 }}
            columns={[...COLUMNS, REVIEW]}
            empty={
              kind === 'session' && has?.includes('sessions') === false ? (
                <NothingYet of="sessions" />
              ) : (
                <Empty
                  title="No sessions in this span"
                  action={<Button onClick={() => setRange('all')}>Show all sessions</Button>}
                >
                  CloudTrail logs StartSession; Session Manager's preferences say where the output is logged.
                  {late}
                </Empty>
              )
            }
          />
        )}
      </div>
    </>
  )
}

function Hits({ q, from, to }: { q: string; from: string; to: string }) {
  const navigate = useNavigate()
  const hits = useAsk('session-search', { q, from, to, limit: 500 })
  const path = (session: string | null) =>
    `/sessions/${encodeURIComponent(session ?? '')}?find=${encodeURIComponent(q)}`
  return (
    <Part of={hits}>
      {({ hits: rows, more }) =>
        rows.length === 0 ? (
          <Empty title={`“${q}” was not shown in any session of this span`}>
            Upper and lower case differ. No log has text that was typed but not shown.
          </Empty>
        ) : (
          <DataTable
            label="Lines found"
            columns={[
              {
                name: 'at',
                title: 'When',
                width: '150px',
                cell: (hit) => <When at={hit.at} none="no time" />,
              },
              { name: 'who', title: 'Who', width: '180px', cell: (hit) => plain(hit.who ?? '') },
              {
                name: 'text',
                title: 'Line',
                width: 'minmax(320px, 1fr)',
                cell: (hit) => <span className="mono">{plain(hit.text)}</span>,
              },
            ]}
            rows={rows}
            keyOf={(hit) => `${hit.piece}/${hit.line}`}
            total={rows.length}
            onOpen={(hit) =>
              navigate({
                to: '/sessions/$id',
                params: { id: hit.session ?? '' },
                search: { find: q },
              } as never)
            }
            href={(hit) => path(hit.session)}
            foot={
              more
                ? `The first ${number(rows.length)} lines; narrow the span or the text for the others`
                : plural(rows.length, 'line')
            }
          />
        )
      }
    </Part>
  )
}
