import { useNavigate } from '@tanstack/react-router'
import type { Output, useAsk } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { useAddress } from '../../search.ts'
import { useMe } from '../../shell/me.ts'
import { day, ms, number, plural, relative, span, weekdayTime } from '../../time/format.ts'
import { behindText } from '../../ui/behind.ts'
import { Segments } from '../../ui/button.tsx'
import { shortRole } from '../../ui/identity.ts'
import { plain } from '../../ui/plain.ts'
import { Failed, Skeleton } from '../../ui/states.tsx'
import { type Card, type Column, DataTable } from '../../ui/table.tsx'
import './sessions.css'

type Row = Output<'sessions'>['rows'][number]
const ERRORS = { session: 'refused call', run: 'failed call', ask: 'refused step' } as const

const PLACES: Readonly<Record<string, string>> = { session: 'sessions', run: 'conversations', ask: 'asked' }

const pathOf = (row: { id: string; kind: string }) =>
  `/${PLACES[row.kind] ?? 'sessions'}/${encodeURIComponent(row.id)}`

export const COLUMNS: readonly Column<Row>[] = [
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
          {plain(row.kind === 'run' ? `agent run · ${shortRole(row.acting_as)}` : shortRole(row.acting_as))}
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
                : 'end not logged'}
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
        {row.why.length === 0 && <span className="faint">nothing stands out</span>}
        {row.outcome === 'refused' && <span className="tag red">refused</span>}
        {row.findings > 0 && (
          <span className="tag red">
            {plural(row.findings, 'finding')}
            {row.why
              .flatMap((words) => /^(\d+) grave finding/.exec(words)?.[1] ?? [])
              .map((n) => `, ${n} grave`)}
          </span>
        )}
        {row.errors > 0 && <span className="tag red">{plural(row.errors, ERRORS[row.kind])}</span>}
        {row.changes > 0 && <span className="tag amber">{plural(row.changes, 'change')}</span>}
        <span className="soft cut">
          {plain(
            row.why
              .filter(
                (words) =>
                  !/^\d+ (grave finding|finding|refused|change)|^refused|^acting as|failed model call/.test(
                    words,
                  ),
              )
              .join(' · '),
          )}
        </span>
      </span>
    ),
  },
]

export const REVIEW: Column<Row> = {
  name: 'review',
  title: 'Review',
  width: '176px',
  cell: ({ review }) => {
    if (!review) return <span className="faint">left out</span>
    if (review.decision)
      return (
        <span className={`tag ${review.decision === 'deny' ? 'red' : 'green'}`}>
          {review.decision === 'deny' ? 'denied' : 'confirmed'}
        </span>
      )
    return <Waiting review={review} />
  },
}

function Waiting({ review }: { review: NonNullable<Row['review']> }) {
  const me = useMe()
  const due = ms(review.due)
  // It was handed on, as when it is overdue: both may decide.
  const orMe = review.mine && review.reviewer !== null && review.reviewer !== me?.name
  return (
    <>
      <span className={review.overdue ? 'red strong' : review.mine ? 'strong' : ''}>
        {review.overdue ? 'overdue' : due === undefined ? review.state : `due ${relative(due)}`}
      </span>
      <small>
        {plain(review.reviewer ?? 'no manager known')}
        {orMe && ' or you'}
      </small>
    </>
  )
}

function began({ started, ended }: Row): string {
  const at = ms(started) ?? ms(ended)
  return at === undefined ? 'time not logged' : `${day(at)}, ${weekdayTime(at)}`
}

const CARD: Card<Row> = {
  title: 'Who, where, why look',
  height: 92,
  cell: (row) => (
    <span className="session-card">
      <span>{COLUMNS[0]?.cell(row)}</span>
      <span className="right">{REVIEW.cell(row)}</span>
      <small className="where">
        {plain(row.where ?? 'unknown')}, {began(row)}
      </small>
      <span className="wide">{COLUMNS[3]?.cell(row)}</span>
    </span>
  ),
}

export function Order({ order, byDefault }: { order: 'due' | 'risk' | 'newest'; byDefault: string }) {
  const { change } = useAddress()
  return (
    <span className="order">
      <small>Order</small>
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
    </span>
  )
}

type Input = Parameters<typeof useAsk<'sessions'>>[1]

/** Sessions, agent runs and questions in one list, which loads more rows as it is scrolled. */
export function List({
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
  const pages = usePages('sessions', input)
  if (pages.error && !pages.data) return <Failed error={pages.error} retry={() => pages.refetch()} />
  if (!pages.data) return <Skeleton />
  const all = pages.data.pages as Output<'sessions'>[]
  const rows = all.flatMap((page) => page.rows)
  const total = all[0]?.total ?? 0
  const notYet = all[0] && behindText(all[0].behind)
  if (rows.length === 0) return empty
  return (
    <DataTable
      label="Sessions"
      columns={columns}
      card={CARD}
      rows={rows}
      keyOf={(row) => row.id}
      total={total}
      rowHeight={44}
      wide={860}
      onOpen={(row) => navigate({ to: pathOf(row) as never })}
      href={pathOf}
      onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage()}
      foot={
        <>
          {rows.length === total ? plural(total, word) : `${number(rows.length)} of ${plural(total, word)}`}
          {notYet && <span className="amber">{notYet}</span>}
        </>
      }
    />
  )
}
