import { useState } from 'react'
import type { Output } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { Instead } from '../../parts/nothing-yet.tsx'
import { useAddress, useRange } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { may, useMe } from '../../shell/me.ts'
import { number, plural } from '../../time/format.ts'
import { Button, Segments } from '../../ui/button.tsx'
import { FilterBar } from '../../ui/filters.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Empty, Failed, Skeleton } from '../../ui/states.tsx'
import { DataTable } from '../../ui/table.tsx'
import { TimeRange } from '../../ui/time-range.tsx'
import { cardOf, columnsOf, tickOf } from './columns.tsx'
import { Finding } from './finding.tsx'
import { Groups } from './groups.tsx'
import { Suppressions } from './suppressions.tsx'
import { Bulk } from './triage.tsx'
import './findings.css'

// One script for both pages: a script of its own for each would make the first page larger.
export { Digest } from '../digest.tsx'

type Row = Output<'findings'>['rows'][number]
type State = 'all' | 'open' | 'mine' | 'closed' | 'suppressed'
type Group = 'none' | 'rule' | 'who' | 'account'

export function Findings() {
  const { range, from, to, setRange, known, late } = useRange()
  const { one, list, change } = useAddress()
  const me = useMe()
  const state = (one('state') ?? 'open') as State
  const group = (one('group') ?? 'none') as Group
  const where = list('q')
  const open = one('f')
  const input = { from, to, state, group, where, limit: 200 }
  const pages = usePages('findings', input, known)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const all = (pages.data?.pages ?? []) as Output<'findings'>[]
  const first = all[0]
  const rows = all.flatMap((page) => page.rows)
  const at = rows.findIndex(({ id }) => id === open)
  const show = (row: Row | undefined) => row && change({ f: row.id }, { replace: open !== undefined })
  useKeys({
    Escape: () => open && change({ f: undefined }),
    ']': () => show(rows[at + 1]),
    '[': () => show(rows[at - 1]),
  })
  const tick = may(me, 'triage') ? tickOf(chosen, setChosen) : undefined
  const states = first?.states
  const count = (value: number | undefined) => (value === undefined ? '' : ` ${number(value)}`)
  return (
    <>
      <Header title="Findings">
        <TimeRange range={range} onChange={setRange} />
      </Header>
      <div className="page column findings">
        <div className="bar">
          <Segments<State>
            label="Which findings"
            choices={[
              ['open', `Open${count(states?.open)}`],
              ['mine', `Mine${count(states?.mine)}`],
              ['closed', `Closed${count(states?.closed)}`],
              ['suppressed', `Suppressed${count(states?.suppressed)}`],
              ['all', 'All'],
            ]}
            chosen={state}
            onChoose={(next) => change({ state: next === 'open' ? undefined : next, f: undefined })}
          />
          <FilterBar
            where={where}
            onChange={(next) => change({ q: next.length ? next : undefined })}
            fields={['rule', 'severity', 'who', 'what', 'account', 'region', 'verdict', 'assignee']}
            anywhere="rule"
            placeholder="severity:high, -rule:…"
          />
          <label className="group">
            <small>Group by</small>
            <select
              className="input"
              value={group}
              onChange={(event) =>
                change({ group: event.target.value === 'none' ? undefined : event.target.value })
              }
            >
              <option value="none">nothing</option>
              <option value="rule">rule</option>
              <option value="who">who</option>
              <option value="account">account</option>
            </select>
          </label>
        </div>
        {group !== 'none' && first && first.groups.length > 0 && (
          <Groups groups={first.groups} by={group} where={where} />
        )}
        {state === 'suppressed' && may(me, 'suppressions') && (
          <Suppressions endable={may(me, 'suppression-end')} />
        )}
        {chosen.size > 0 && may(me, 'triage') && (
          <Bulk
            chosen={[...chosen]}
            total={first?.total ?? 0}
            matching={{ from, to, state, where }}
            onDone={() => setChosen(new Set())}
          />
        )}
        {pages.error && !pages.data ? (
          <Failed error={pages.error} retry={() => pages.refetch()} />
        ) : !first ? (
          <Skeleton />
        ) : !first.there ? (
          <Empty title="No rule has reported a finding yet">
            Rules read the logs and report findings here, while <code>loglake run</code> or{' '}
            <code>loglake follow</code> runs. {may(me, 'sources') && <Instead />}
          </Empty>
        ) : rows.length === 0 ? (
          <Empty
            title={state === 'open' ? 'Nothing is open in this span' : 'No findings'}
            action={
              <Button onClick={() => change({ t: 'all', state: 'all', q: undefined })}>
                Show all findings
              </Button>
            }
          >
            No finding has this state and meets these conditions.{late}
          </Empty>
        ) : (
          <div className={open ? 'split open' : 'split'}>
            <div className="rows">
              <DataTable
                label="Findings"
                columns={columnsOf(tick, open !== undefined)}
                card={cardOf(tick)}
                rows={rows}
                keyOf={(row) => row.id}
                total={first.total}
                rowHeight={44}
                selected={open}
                wide={open ? 640 : 760}
                onOpen={show}
                href={(row) => `/findings?f=${encodeURIComponent(row.id)}`}
                onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage()}
                foot={
                  rows.length === first.total
                    ? plural(first.total, 'finding')
                    : `${number(rows.length)} of ${plural(first.total, 'finding')}`
                }
              />
            </div>
            {open && <Finding id={open} onClose={() => change({ f: undefined })} />}
          </div>
        )}
      </div>
    </>
  )
}
