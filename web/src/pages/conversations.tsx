import { useNavigate } from '@tanstack/react-router'
import type { Output } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { NothingYet } from '../parts/nothing-yet.tsx'
import { useAddress, useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { dayTime, latency, ms, number, plural, short, span } from '../time/format.ts'
import { Button, Segments } from '../ui/button.tsx'
import { Cost } from '../ui/cost.tsx'
import { ending } from '../ui/ending.ts'
import { shortRole } from '../ui/identity.ts'
import { plain } from '../ui/plain.ts'
import { Empty, Failed, Skeleton } from '../ui/states.tsx'
import { type Card, type Column, DataTable } from '../ui/table.tsx'
import { TimeRange } from '../ui/time-range.tsx'

type Row = Output<'conversations'>['rows'][number]

const CARD: Card<Row> = {
  title: 'Who, tools, what happened',
  height: 68,
  cell: (row) => (
    <span className="row-card">
      <Who who={row.who} />
      <span className="end num">
        <Cost usd={row.cost_usd} unpriced={row.unpriced} />
      </span>
      <small className="line">
        {[shortRole(row.role), ...(row.tools.length > 0 ? row.tools : ['no tools'])]
          .filter(Boolean)
          .map(plain)
          .join(' · ')}
      </small>
      <small className="num">
        {dayTime(ms(row.started) ?? 0)}, {plural(row.calls, 'call')}
      </small>
      <span className="end">
        <Happened row={row} />
      </span>
    </span>
  ),
}

const COLUMNS: readonly Column<Row>[] = [
  {
    name: 'started',
    title: 'When, how long',
    width: '132px',
    cell: ({ started, ended }) => (
      <>
        {dayTime(ms(started) ?? 0)}
        <small>{span((ms(ended) ?? 0) - (ms(started) ?? 0))}</small>
      </>
    ),
  },
  {
    name: 'who',
    title: 'Who',
    width: 'minmax(170px, 1.2fr)',
    cell: ({ who, role }) => (
      <>
        <Who who={who} />
        <small>{plain(shortRole(role))}</small>
      </>
    ),
  },
  {
    name: 'tools',
    title: 'Tools and models',
    width: 'minmax(220px, 2fr)',
    cell: ({ tools, models, tool_calls }) => (
      <>
        {tools.length > 0 ? (
          <span title={tools.join(', ')}>
            <span className="machine">⚙</span> {plain(tools.join(', '))}{' '}
            <span className="faint">×{tool_calls}</span>
          </span>
        ) : (
          <span className="faint">no tools</span>
        )}
        <small>{plain(models.join(', '))}</small>
      </>
    ),
  },
  {
    name: 'result',
    title: 'What happened',
    width: '190px',
    cell: (row) => <Happened row={row} />,
  },
  { name: 'calls', title: 'Calls', width: '56px', right: true, cell: ({ calls }) => number(calls) },
  {
    name: 'tokens',
    title: 'Tokens',
    width: '72px',
    right: true,
    cell: (row) =>
      short(row.input_tokens + row.output_tokens + row.cache_read_tokens + row.cache_write_tokens),
  },
  {
    name: 'latency',
    title: 'Answering',
    width: '76px',
    right: true,
    cell: ({ latency_ms }) => (latency_ms ? latency(latency_ms) : <span className="faint">–</span>),
  },
  {
    name: 'cost',
    title: 'Cost',
    width: '76px',
    right: true,
    cell: ({ cost_usd, unpriced }) => <Cost usd={cost_usd} unpriced={unpriced} />,
  },
]

function Who({ who }: Pick<Row, 'who'>) {
  return <span className={/@/.test(who ?? '') ? 'strong' : 'machine strong'}>{plain(who ?? 'unknown')}</span>
}

function Happened({ row }: { row: Row }) {
  return (
    <span style={{ display: 'flex', gap: 6 }}>
      {row.findings > 0 && <span className="tag red">{plural(row.findings, 'finding')}</span>}
      {row.failed > 0 && <span className="tag red">{number(row.failed)} failed</span>}
      {row.guardrail_interventions > 0 && <span className="tag amber">guardrail</span>}
      {row.findings + row.failed + row.guardrail_interventions === 0 && (
        <span className="faint">{plain(ending(row.stop_reason))}</span>
      )}
    </span>
  )
}

type Only = 'all' | 'tools' | 'failed' | 'guardrail' | 'findings'

export function Conversations() {
  const { range, from, to, setRange, known, late, has } = useRange()
  const { one, change } = useAddress()
  const navigate = useNavigate()
  const only = (one('only') ?? 'all') as Only
  const who = one('who')
  const tool = one('tool')
  const pages = usePages(
    'conversations',
    { from, to, only, limit: 100, ...(who && { who }), ...(tool && { tool }) },
    known,
  )
  const all = (pages.data?.pages ?? []) as Output<'conversations'>[]
  const rows = all.flatMap((page) => page.rows)
  const total = all[0]?.total ?? 0
  return (
    <>
      <Header title="Conversations">
        <TimeRange range={range} onChange={setRange} />
      </Header>
      <div className="page column">
        <div className="bar">
          <Segments<Only>
            label="Which conversations"
            choices={[
              ['all', 'All'],
              ['tools', 'With tools'],
              ['findings', 'With findings'],
              ['guardrail', 'Guardrail'],
              ['failed', 'Failed'],
            ]}
            chosen={only}
            onChoose={(next) => change({ only: next === 'all' ? undefined : next })}
          />
          <input
            className="input part"
            type="search"
            aria-label="Part of a name or role"
            placeholder="Who"
            defaultValue={who ?? ''}
            onChange={(event) => change({ who: event.target.value || undefined }, { replace: true })}
          />
          <input
            className="input part"
            type="search"
            aria-label="Name of a tool"
            placeholder="Tool"
            defaultValue={tool ?? ''}
            onChange={(event) => change({ tool: event.target.value || undefined }, { replace: true })}
          />
        </div>
        {pages.error && !pages.data ? (
          <Failed error={pages.error} retry={() => pages.refetch()} />
        ) : !pages.data ? (
          <Skeleton />
        ) : rows.length === 0 && has?.includes('conversations') === false ? (
          <NothingYet of="conversations" />
        ) : rows.length === 0 ? (
          <Empty
            title="No conversations in this span"
            action={
              <Button onClick={() => change({ t: 'all', only: undefined, who: undefined, tool: undefined })}>
                Show all
              </Button>
            }
          >
            Bedrock's invocation logs hold prompts and answers; CloudTrail holds only the calls.{late}
          </Empty>
        ) : (
          <DataTable
            label="Conversations"
            columns={COLUMNS}
            card={CARD}
            rows={rows}
            keyOf={(row) => row.id}
            total={total}
            rowHeight={44}
            wide={980}
            onOpen={(row) => navigate({ to: '/conversations/$id', params: { id: row.id } } as never)}
            href={(row) => `/conversations/${encodeURIComponent(row.id)}`}
            onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage()}
            foot={
              rows.length === total
                ? plural(total, 'conversation')
                : `${number(rows.length)} of ${plural(total, 'conversation')}, newest first`
            }
          />
        )}
      </div>
    </>
  )
}
