import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { useAddress, useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { may, useMe } from '../shell/me.ts'
import { day, ms, number, plural, relative, span, weekdayTime } from '../time/format.ts'
import { Button, Segments } from '../ui/button.tsx'
import { useKeys } from '../ui/keys.ts'
import { useNarrow } from '../ui/narrow.ts'
import { plain } from '../ui/plain.ts'
import { Empty, Failed, Part, Skeleton } from '../ui/states.tsx'
import { type Column, DataTable } from '../ui/table.tsx'
import { TimeRange } from '../ui/time-range.tsx'
import { When } from '../ui/when.tsx'
import { short } from './session/role.ts'
import './sessions.css'

type Row = Output<'sessions'>['rows'][number]
const ERRORS = { session: 'refused call', run: 'failed call', ask: 'refused step' } as const

type State = 'all' | 'mine' | 'open' | 'overdue' | 'decided' | 'unassigned' | 'left-out'

const ALWAYS = { from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }

const PLACES: Readonly<Record<string, string>> = { session: 'sessions', run: 'conversations', ask: 'asked' }

export const pathOf = (row: { id: string; kind: string }) =>
  `/${PLACES[row.kind] ?? 'sessions'}/${encodeURIComponent(row.id)}`

const COLUMNS: readonly Column<Row>[] = [
  {
    name: 'who',
    title: 'Who, acting as',
    width: 'minmax(170px, 1.2fr)',
    cell: (row) => (
      <>
        <span className={row.kind === 'session' ? 'strong' : 'machine strong'}>
          {row.kind !== 'session' && <span aria-hidden="true">⚙ </span>}
          {plain(row.who ?? 'unknown')}
        </span>
        <small>
          {plain(row.kind === 'run' ? `agent run · ${short(row.acting_as)}` : short(row.acting_as))}
        </small>
      </>
    ),
  },
  {
    name: 'where',
    title: 'Where',
    width: 'minmax(150px, 1fr)',
    cell: (row) => (
      <>
        <span className={row.kind === 'session' ? 'mono' : ''}>{plain(row.where ?? 'unknown')}</span>
        <small>{[row.region, row.account].filter(Boolean).join(' · ')}</small>
      </>
    ),
  },
  {
    name: 'when',
    title: 'When, how long',
    width: '132px',
    cell: (row) => {
      const started = ms(row.started)
      const ended = ms(row.ended)
      return (
        <>
          {started === undefined ? (
            <span className="faint">{ended === undefined ? 'unknown' : `until ${weekdayTime(ended)}`}</span>
          ) : (
            <time dateTime={row.started ?? ''}>
              {day(started)}, {weekdayTime(started)}
            </time>
          )}
          <small>
            {started !== undefined && ended !== undefined
              ? span(ended - started)
              : row.outcome === 'refused'
                ? ''
                : 'no end is logged'}
          </small>
        </>
      )
    },
  },
  {
    name: 'why',
    title: 'Why look',
    width: 'minmax(220px, 2fr)',
    cell: (row) => (
      <span className="why" title={row.why.join(' · ')}>
        {row.outcome === 'refused' && <span className="tag red">refused</span>}
        {row.findings > 0 && <span className="tag red">{plural(row.findings, 'finding')}</span>}
        {row.errors > 0 && <span className="tag red">{plural(row.errors, ERRORS[row.kind])}</span>}
        {row.changes > 0 && <span className="tag amber">{plural(row.changes, 'change')}</span>}
        <span className="soft cut">
          {plain(
            row.why
              .filter(
                (words) => !/^\d+ (finding|refused|change)|^refused|^acting as|failed model call/.test(words),
              )
              .join(' · '),
          )}
        </span>
      </span>
    ),
  },
]

const REVIEW: Column<Row> = {
  name: 'review',
  title: 'Review',
  width: '150px',
  cell: ({ review }) => {
    if (!review) return <span className="faint">left out</span>
    if (review.decision)
      return (
        <span className={`tag ${review.decision === 'deny' ? 'red' : 'green'}`}>
          {review.decision === 'deny' ? 'denied' : 'confirmed'}
        </span>
      )
    const due = ms(review.due)
    return (
      <>
        <span className={review.overdue ? 'red strong' : review.mine ? 'strong' : ''}>
          {review.overdue ? 'overdue' : due === undefined ? review.state : `due ${relative(due)}`}
        </span>
        <small>{plain(review.reviewer ?? 'no manager known')}</small>
      </>
    )
  },
}

/** All of a row in one cell, for a phone: who and when it is due, acting as what and where, why it is worth a look. */
const CARD: Column<Row> = {
  name: 'card',
  title: 'Who, where, why look',
  width: 'minmax(0, 1fr)',
  cell: (row) => (
    <span className="session-card">
      <span>{COLUMNS[0]?.cell(row)}</span>
      <span className="right">{REVIEW.cell(row)}</span>
      <small className="where">
        {plain(row.where ?? 'unknown')}, {day(ms(row.started) ?? ms(row.ended) ?? 0)}
      </small>
      <span className="wide">{COLUMNS[3]?.cell(row)}</span>
    </span>
  ),
}

export function Reviews() {
  const { one, change } = useAddress()
  const me = useMe()
  const state = (one('state') ?? 'mine') as State
  const order = (one('order') ?? 'due') as 'due' | 'risk' | 'newest'
  const input = { ...ALWAYS, state, order, limit: 100 } as const
  const states = useAsk('sessions', { ...ALWAYS, state: 'mine', limit: 1 }).data?.states
  const tab = (name: State, title: string, count: number | undefined) =>
    [name, count === undefined ? title : `${title} ${number(count)}`] as const
  return (
    <>
      <Header title="Reviews">
        {may(me, 'period-report') && (
          <a className="btn" href="/period">
            Period report
          </a>
        )}
      </Header>
      <div className="page column">
        <div className="bar">
          <Segments<State>
            label="Which reviews"
            choices={[
              tab('mine', 'Mine', states?.mine),
              tab('open', 'Open', states?.open),
              tab('overdue', 'Overdue', states?.overdue),
              tab('unassigned', 'No manager', states?.unassigned),
              tab('decided', 'Decided', states?.decided),
              tab('left-out', 'Left out', states?.left_out),
            ]}
            chosen={state}
            onChoose={(next) => change({ state: next === 'mine' ? undefined : next })}
          />
          <span className="spring" />
          <Order order={order} byDefault="due" />
        </div>
        <List
          input={input}
          columns={[REVIEW, ...COLUMNS]}
          word="review"
          empty={<NoReviews state={state} states={states} />}
        />
      </div>
    </>
  )
}

function NoReviews({ state, states }: { state: State; states: Output<'sessions'>['states'] | undefined }) {
  const { change } = useAddress()
  if (state === 'mine')
    return (
      <Empty
        title="Nothing waits for you"
        action={
          states && states.open > 0 ? (
            <Button onClick={() => change({ state: 'open' })}>
              Show the {number(states.open)} that are open
            </Button>
          ) : undefined
        }
      >
        Sessions of your people come here when they are logged.
      </Empty>
    )
  if (state === 'overdue')
    return <Empty title="None is overdue">Every review that is open has time left.</Empty>
  return <Empty title="There are none">No review is in this state.</Empty>
}

export function Sessions() {
  const { one, change } = useAddress()
  const { range, from, to, setRange, known } = useRange()
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
            label="What kind"
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
              placeholder="Search what was shown in all sessions"
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
              <Empty
                title="No sessions in this span"
                action={<Button onClick={() => setRange('all')}>Show all sessions</Button>}
              >
                Session Manager's StartSession is in CloudTrail; what was shown is where its preferences send
                it.
              </Empty>
            }
          />
        )}
      </div>
    </>
  )
}

function Order({ order, byDefault }: { order: 'due' | 'risk' | 'newest'; byDefault: string }) {
  const { change } = useAddress()
  return (
    <>
      <small id="order">Order</small>
      <Segments
        label="Order"
        choices={[
          ['due', 'Due'],
          ['risk', 'Risk'],
          ['newest', 'Newest'],
        ]}
        chosen={order}
        onChoose={(next) => change({ order: next === byDefault ? undefined : next })}
      />
    </>
  )
}

type Input = Parameters<typeof useAsk<'sessions'>>[1]

function List({
  input,
  columns,
  empty,
  word = 'session',
}: {
  input: Input
  columns: readonly Column<Row>[]
  empty: React.ReactNode
  word?: string
}) {
  const navigate = useNavigate()
  const narrow = useNarrow()
  const pages = usePages('sessions', input)
  if (pages.error && !pages.data) return <Failed error={pages.error} retry={() => pages.refetch()} />
  if (!pages.data) return <Skeleton />
  const all = pages.data.pages as Output<'sessions'>[]
  const rows = all.flatMap((page) => page.rows)
  const total = all[0]?.total ?? 0
  if (rows.length === 0) return empty
  return (
    <DataTable
      label="Sessions"
      columns={narrow ? [CARD] : columns}
      rows={rows}
      keyOf={(row) => row.id}
      total={total}
      rowHeight={narrow ? 92 : 44}
      {...(narrow ? {} : { wide: 860 })}
      onOpen={(row) => navigate({ to: pathOf(row) as never })}
      href={pathOf}
      onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage()}
      foot={
        <>
          {rows.length === total ? plural(total, word) : `${number(rows.length)} of ${plural(total, word)}`}
          {(all[0]?.behind.rows ?? 0) > 0 && (
            <span className="amber">
              {plural(all[0]?.behind.rows ?? 0, 'row')} of logs are not in the summaries yet
            </span>
          )}
        </>
      }
    />
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
            Upper and lower case are different. What was typed without being shown is in no log.
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
