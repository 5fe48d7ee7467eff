import { useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Output, post, useAsk } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { useAddress } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { may, useMe } from '../../shell/me.ts'
import { full, ms, plural, relative, span } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { plain } from '../../ui/plain.ts'
import { Failed, Skeleton } from '../../ui/states.tsx'
import { copy } from '../../ui/toast.tsx'
import { Calls } from './calls.tsx'
import { usePlayer } from './clock.ts'
import { Decision } from './decision.tsx'
import { rowsOf } from './lines.ts'
import { useQueue } from './queue.ts'
import { short } from './role.ts'
import { Terminal, type View } from './terminal.tsx'
import './session.css'

/** One session: the terminal and the API calls side by side on one clock, and the decision on it. */
export function Session() {
  const { id } = useParams({ strict: false }) as { id: string }
  const session = useAsk('session', { id })
  if (session.error && !session.data)
    return (
      <>
        <Header title="Session" />
        <Failed error={session.error} retry={() => session.refetch()} />
      </>
    )
  if (!session.data || session.isPlaceholderData)
    return (
      <>
        <Header title="Session" />
        <Skeleton />
      </>
    )
  return <Opened key={id} id={id} session={session.data} />
}

function Opened({ id, session }: { id: string; session: Output<'session'> }) {
  const me = useMe()
  const { one, change } = useAddress()
  const facts = session.session
  const [unmask, setUnmask] = useState(false)
  const view = (one('view') ?? 'lines') as View
  const output = useOutput(id, session, unmask)
  const rows = useMemo(() => rowsOf(output.pieces), [output.pieces])
  const calls = useAsk('session-calls', { id })
  const began = ms(session.output.from) ?? ms(facts.started) ?? 0
  const start = Math.min(ms(facts.started) ?? began, began)
  const end = Math.max(ms(session.output.until) ?? start, ms(facts.ended) ?? start)
  const gaps = useMemo(
    () => rows.flatMap((row) => (row.kind === 'gap' ? [{ from: row.from, to: row.to }] : [])),
    [rows],
  )
  const player = usePlayer(start, end, gaps)
  const [opened, setOpened] = useState<string>()
  // The player goes on into what is not here yet.
  const shownUntil = ms(output.pieces.at(-1)?.at)
  const { more } = output
  useEffect(() => {
    if (more && player.touched && shownUntil !== undefined && player.at >= shownUntil) more()
  }, [more, player.touched, player.at, shownUntil])
  const looked = useLooked(id, facts.review?.id, session, calls.data)
  const dots = useMemo(() => dotsOf(session, calls.data), [session, calls.data])
  useKeys({ Escape: () => setOpened(undefined) })
  return (
    <>
      <Title id={id} session={session} />
      <div className="page session">
        <Facts session={session} calls={calls.data} />
        <Findings session={session} onOpen={looked.openFinding} onSeek={player.seek} />
        <div className={`cols${facts.review && may(me, 'review') ? '' : ' two'}`}>
          <Terminal
            session={session}
            pieces={output.pieces}
            rows={rows}
            loading={output.loading}
            onMore={output.more}
            player={player}
            from={start}
            to={end}
            dots={dots}
            view={view}
            onView={(next) => change({ view: next === 'lines' ? undefined : next }, { replace: true })}
            find={one('find') ?? ''}
            onFind={(text) => change({ find: text || undefined }, { replace: true })}
            onSeen={looked.seeLine}
            unmask={unmask}
            mayUnmask={me?.unmask ?? false}
            onUnmask={() => setUnmask(true)}
          />
          {calls.error && !calls.data ? (
            <section className="pane calls">
              <Failed error={calls.error} retry={() => calls.refetch()} />
            </section>
          ) : (
            <Calls
              calls={calls.data?.rows ?? []}
              total={calls.data?.total ?? 0}
              at={player.at}
              timed={session.output.timed}
              opened={opened}
              onOpen={(event) => {
                setOpened(event)
                if (event) looked.openRow(event)
              }}
              onSeek={player.seek}
            />
          )}
          {facts.review && may(me, 'review') && <Decision id={facts.review.id} looked={looked.now} />}
        </div>
      </div>
    </>
  )
}

function Title({ id, session }: { id: string; session: Output<'session'> }) {
  const { session: facts, findings } = session
  const navigate = useNavigate()
  const queue = useQueue(id)
  const go = (to: string | undefined) =>
    to &&
    void navigate({
      to: '/sessions/$id',
      params: { id: to },
      search: (before: object) => ({ ...before, find: undefined }),
    } as never)
  useKeys({ j: () => go(queue.next), k: () => go(queue.previous) })
  const due = ms(facts.review?.due)
  const decision = facts.review?.decision
  return (
    <Header
      title={`${plain(facts.who ?? 'Unknown person')} on ${plain(facts.where ?? 'an unknown machine')}`}
      tab={`${facts.who ?? 'Session'} on ${facts.where ?? ''}`}
      tags={
        <>
          {facts.outcome === 'refused' && <span className="tag red">refused</span>}
          {facts.outcome === 'unannounced' && <span className="tag amber">no StartSession logged</span>}
          {findings.length > 0 && <span className="tag red">{plural(findings.length, 'finding')}</span>}
          {decision && (
            <span className={`tag ${decision === 'deny' ? 'red' : 'green'}`}>
              {decision === 'deny' ? 'denied' : 'confirmed'}
            </span>
          )}
          {due !== undefined && !decision && (
            <span className={`tag ${facts.review?.overdue ? 'red' : 'amber'}`}>
              {facts.review?.overdue
                ? `overdue by ${relative(due).replace(' ago', '')}`
                : `due ${relative(due)}`}
            </span>
          )}
        </>
      }
    >
      {queue.of > 0 && (
        <span className="faint num">
          {queue.at + 1} of {queue.of}
        </span>
      )}
      <Button
        keys="K"
        off={queue.previous ? undefined : 'This is the first'}
        onClick={() => go(queue.previous)}
      >
        Previous
      </Button>
      <Button keys="J" off={queue.next ? undefined : 'This is the last'} onClick={() => go(queue.next)}>
        Next
      </Button>
      <Button className="copy-link" onClick={() => copy(location.href, 'link')}>
        Copy link
      </Button>
    </Header>
  )
}

function Facts({
  session,
  calls,
}: {
  session: Output<'session'>
  calls: Output<'session-calls'> | undefined
}) {
  const { session: facts, output } = session
  const started = ms(facts.started)
  const ended = ms(facts.ended)
  const gaps = output.gaps.length
  const rows = calls?.rows ?? []
  const around = calls
    ? `${plural(calls.total, 'call')}, ${plural(rows.filter((row) => row.readonly === false).length, 'change')}, ${rows.filter((row) => row.errorcode).length} refused`
    : `${plural(facts.calls, 'call')}, ${plural(facts.changes, 'change')}, ${facts.errors} refused`
  const list: readonly (readonly [string, string | null | undefined])[] = [
    ['Started', started === undefined ? 'no log tells' : full(started)],
    [
      'Lasted',
      started !== undefined && ended !== undefined
        ? span(ended - started)
        : facts.outcome === 'refused'
          ? 'refused'
          : 'no end is logged',
    ],
    ['Acting as', short(facts.acting_as)],
    ['From', facts.address],
    [
      'Shown',
      output.delivery === 'none'
        ? 'nothing logged'
        : `${plural(output.lines, 'line')}${gaps ? `, ${plural(gaps, 'gap')}` : ''}`,
    ],
    ['Around it', around],
    ['Reason given', facts.reason],
    ['Ended by', facts.terminated_by && facts.terminated_by !== facts.who ? facts.terminated_by : undefined],
  ]
  return (
    <dl className="facts">
      {list.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={value}>{plain(value)}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

function Findings({
  session: { findings },
  onOpen,
  onSeek,
}: {
  session: Output<'session'>
  onOpen: (id: string) => void
  onSeek: (at: number) => void
}) {
  if (findings.length === 0) return null
  return (
    <div className="session-findings">
      {findings.map(({ id, title, severity, time }) => (
        <button
          key={id}
          type="button"
          className={`tag ${severity === 'high' || severity === 'critical' ? 'red' : 'amber'}`}
          onClick={() => {
            onOpen(id)
            const at = ms(time)
            if (at !== undefined) onSeek(at)
          }}
        >
          {severity}: {plain(title)}
        </button>
      ))}
    </div>
  )
}

function dotsOf(session: Output<'session'>, calls: Output<'session-calls'> | undefined) {
  return [
    ...session.findings.flatMap(({ time, title }) => {
      const at = ms(time)
      return at === undefined ? [] : [{ at, title }]
    }),
    ...(calls?.rows ?? []).flatMap(({ eventtime, errorcode, eventname, phase }) => {
      const at = ms(eventtime)
      return errorcode && phase === 'during' && at !== undefined
        ? [{ at, title: `${eventname}: ${errorcode}` }]
        : []
    }),
  ]
}

/** Pages of output that are asked for as the session is opened, and again when one comes near the end of what is there. */
const AT_ONCE = 6

function useOutput(id: string, session: Output<'session'>, unmask: boolean) {
  const pages = usePages(
    'session-output',
    { id, raw: true, ...(unmask && { unmask: true }) },
    session.output.delivery !== 'none',
  )
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  const count = pages.data?.pages.length ?? 0
  const [wanted, setWanted] = useState(AT_ONCE)
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && count < wanted) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, count, wanted])
  const pieces = useMemo(() => {
    const all = pages.data?.pages.flatMap((page) => (page as Output<'session-output'>).pieces) ?? []
    // A session that streamed and uploaded is there twice; what streamed has times.
    const streamed = all.filter(({ delivery }) => delivery === 'streamed')
    return session.output.delivery === 'both' && streamed.length > 0 ? streamed : all
  }, [pages.data, session.output.delivery])
  const waits = hasNextPage && count >= wanted
  const more = useCallback(() => {
    if (waits) setWanted(count + AT_ONCE)
  }, [waits, count])
  return { pieces, loading: pages.isLoading, more: waits ? more : undefined }
}

/** What the reviewer looked at: shown as a checklist, and sent to become part of the decision. */
function useLooked(
  id: string,
  review: string | undefined,
  session: Output<'session'>,
  calls: Output<'session-calls'> | undefined,
) {
  const [line, setLine] = useState(-1)
  const [findings, setFindings] = useState<ReadonlySet<string>>(new Set())
  const unsent = useRef({ rows: new Set<string>(), findings: new Set<string>(), line: -1, since: Date.now() })
  const seeLine = useCallback((seen: number) => setLine((before) => Math.max(before, seen)), [])
  unsent.current.line = line
  const openRow = useCallback((event: string) => void unsent.current.rows.add(event), [])
  const openFinding = useCallback((finding: string) => {
    unsent.current.findings.add(finding)
    setFindings((before) => new Set([...before, finding]))
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session is another count
  useEffect(() => {
    if (!review) return
    const send = () => {
      const { rows, findings, line, since } = unsent.current
      const seconds =
        document.visibilityState === 'visible' ? Math.min(600, Math.round((Date.now() - since) / 1000)) : 0
      unsent.current = { rows: new Set(), findings: new Set(), line, since: Date.now() }
      if (seconds === 0 && rows.size === 0 && findings.size === 0) return
      post('review-seen', {
        id: review,
        rows_opened: [...rows],
        findings_opened: [...findings],
        ...(line >= 0 && { last_line: line }),
        seconds,
      }).catch(() => undefined)
    }
    const timer = setInterval(send, 15_000)
    return () => {
      clearInterval(timer)
      send()
    }
  }, [review, id])
  return {
    seeLine,
    openRow,
    openFinding,
    now: {
      lines: session.output.lines,
      lastLine: line,
      calls: calls?.total ?? 0,
      callsShown: calls !== undefined && calls.rows.length === calls.total,
      findings: session.findings.length,
      findingsOpened: findings.size,
    },
  }
}
