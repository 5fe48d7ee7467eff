import { useVirtualizer } from '@tanstack/react-virtual'
import { Fragment, lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import type { Output } from '../../api/client.ts'
import { clockTime, number, plural, span } from '../../time/format.ts'
import { Button, Segments } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { plain } from '../../ui/plain.ts'
import { Empty, Skeleton } from '../../ui/states.tsx'
import type { Player as Clock } from './clock.ts'
import { type Line, lineAt, type Piece, type Row, search } from './lines.ts'
import { Player } from './player.tsx'
import './terminal.css'

const Screen = lazy(() => import('./screen-view.tsx').then(({ ScreenView }) => ({ default: ScreenView })))
const Raw = lazy(() => import('./screen-view.tsx').then(({ RawView }) => ({ default: RawView })))

export type View = 'lines' | 'screen' | 'raw'

/** How faithful what is shown can be, in words. */
const FAITHFUL: Record<View, Record<'streamed' | 'uploaded' | 'both' | 'none', string>> = {
  lines: {
    streamed: 'streamed, to the second',
    uploaded: 'uploaded at the end, without times',
    both: 'streamed and uploaded; shown once',
    none: 'not logged',
  },
  screen: {
    streamed: 'rebuilt; carriage returns and most sequences were lost',
    uploaded: 'rebuilt from all that was sent, without times',
    both: 'rebuilt from what was uploaded',
    none: 'not logged',
  },
  raw: {
    streamed: 'as the agent sent it, control characters shown',
    uploaded: 'as it was delivered, control characters shown',
    both: 'as it was delivered, control characters shown',
    none: 'not logged',
  },
}

/** A call is logged up to this long after the line that made it. */
const NEAR = 60_000
/** Lines before the last that is here, at which more are asked for. */
const NEAR_END = 500
/** A shorter pause is said quietly. */
const LONG_GAP = 600_000

export interface TerminalProps {
  session: Output<'session'>
  pieces: readonly Piece[]
  rows: readonly Row[]
  loading: boolean
  /** Asks for more of the output; undefined when all is here, or on its way. */
  onMore: (() => void) | undefined
  player: Clock
  from: number
  to: number
  dots: readonly { at: number; title: string }[]
  view: View
  onView: (view: View) => void
  find: string
  onFind: (text: string) => void
  onSeen: (line: number) => void
  unmask: boolean
  mayUnmask: boolean
  onUnmask: () => void
}

export function Terminal(props: TerminalProps) {
  const { session, rows, player, from, to, view, find, onFind, dots } = props
  const { output } = session
  const [hit, setHit] = useState(0)
  const hits = useMemo(() => search(rows, find), [rows, find])
  const field = useRef<HTMLInputElement>(null)
  const gaps = useMemo(
    () => rows.flatMap((row) => (row.kind === 'gap' ? [{ from: row.from, to: row.to }] : [])),
    [rows],
  )
  const [chosen, setChosen] = useState<{ index: number; at: number | undefined }>()
  // A line that was chosen is the current one until the clock moves on.
  const stays = chosen && (chosen.at === undefined || chosen.at === player.at)
  const current = stays ? chosen.index : output.timed ? lineAt(rows, player.at) : -1
  const goTo = (index: number) => {
    const row = rows[index]
    if (row?.kind !== 'line') return
    if (row.at !== undefined) player.seek(row.at)
    setChosen({ index, at: row.at })
  }
  const step = (direction: 1 | -1) => {
    const starts = rows.flatMap((row, index) =>
      row.kind === 'line' &&
      (rows[index - 1]?.kind !== 'line' || (rows[index - 1] as Line).piece !== row.piece)
        ? [index]
        : [],
    )
    const next =
      direction === 1 ? starts.find((index) => index > current) : starts.findLast((index) => index < current)
    if (next !== undefined) goTo(next)
  }
  const jump = (direction: 1 | -1) => {
    if (hits.length === 0) return
    const next = (hit + direction + hits.length) % hits.length
    setHit(next)
    goTo(hits[next] as number)
  }
  useKeys({
    '/': () => field.current?.focus(),
    ...(output.timed && { Space: () => player.toggle() }),
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    'Shift+ArrowRight': () => jump(1),
    'Shift+ArrowLeft': () => jump(-1),
    ...Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => [
        String(tenth),
        () => player.seek(from + ((to - from) * tenth) / 10),
      ]),
    ),
  })
  return (
    <section className="pane terminal" aria-label="Terminal">
      <header>
        <h2>Terminal</h2>
        <small title={FAITHFUL[view][output.delivery]}>{FAITHFUL[view][output.delivery]}</small>
        <span className="spring" />
        {output.delivery !== 'none' && (
          <>
            <input
              ref={field}
              className="input find"
              type="search"
              aria-label="Search in this session"
              placeholder="Search"
              value={find}
              onChange={(event) => {
                onFind(event.target.value)
                setHit(0)
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter') jump(event.shiftKey ? -1 : 1)
                if (event.key === 'Escape') event.currentTarget.blur()
              }}
            />
            {find !== '' && (
              <small className="num" role="status">
                {hits.length === 0 ? 'none' : `${number(hit + 1)} of ${number(hits.length)}`}
              </small>
            )}
            <Segments
              label="How the output is shown"
              choices={[
                ['lines', 'Lines'],
                ['screen', 'Screen'],
                ['raw', 'Raw'],
              ]}
              chosen={view}
              onChoose={props.onView}
            />
          </>
        )}
      </header>
      <Missing {...props} />
      {output.delivery === 'none' ? (
        <Silent session={session} />
      ) : props.loading && rows.length === 0 ? (
        <Skeleton />
      ) : view === 'lines' ? (
        <Lines {...props} current={current} hits={hits} onChoose={goTo} />
      ) : (
        <Suspense fallback={<Skeleton />}>
          {view === 'screen' ? (
            <Screen pieces={props.pieces} at={output.timed && player.touched ? player.at : undefined} />
          ) : (
            <Raw
              pieces={props.pieces}
              find={find}
              ask={props.unmask ? undefined : props.mayUnmask ? props.onUnmask : 'not allowed'}
            />
          )}
        </Suspense>
      )}
      {output.delivery !== 'none' &&
        (output.timed && to > from ? (
          <Player player={player} from={from} to={to} rows={rows} gaps={gaps} dots={dots} />
        ) : (
          <div className="player">
            <small>
              Session Manager uploaded this at the session's end. It has no times, so it cannot be played at
              its pace.
            </small>
          </div>
        ))}
    </section>
  )
}

function Missing({ session, rows, unmask, mayUnmask, onUnmask, pieces, onMore }: TerminalProps) {
  const masked = pieces.reduce(
    (sum, piece) => sum + piece.masked.reduce((all, { count }) => all + count, 0),
    0,
  )
  const covered = rows.some((row) => row.kind === 'line' && row.overwrites)
  if (session.output.missing.length === 0 && masked === 0 && !covered && !unmask && !onMore) return null
  const last = rows.findLast((row) => row.kind === 'line')
  return (
    <div className="strip">
      {session.output.missing.map((sentence) => (
        <span key={sentence} className="amber">
          {sentence}
        </span>
      ))}
      {onMore && last && (
        <span className="amber">
          The first {number(last.number + 1)} of {plural(session.output.lines, 'line')} are here; search looks
          in these.{' '}
          <Button look="quiet" onClick={onMore}>
            Load more
          </Button>
        </span>
      )}
      {covered && <span className="amber">Some output writes over other output: compare with Raw.</span>}
      {masked > 0 && !unmask && (
        <span>
          {plural(masked, 'value')} masked{' '}
          {mayUnmask && (
            <Button look="quiet" onClick={onUnmask}>
              Show; it is recorded
            </Button>
          )}
        </span>
      )}
      {unmask && <span className="amber">Shown without masks. That is recorded.</span>}
    </div>
  )
}

function Silent({ session: { session } }: { session: Output<'session'> }) {
  if (session.outcome === 'refused')
    return (
      <Empty title="This session was refused">
        {session.errorcode ?? 'AWS'} kept it from opening, so nothing was shown. What else the person called
        is beside.
      </Empty>
    )
  const forwards = /PortForwarding|SSH/i.test(session.document ?? '')
  return (
    <Empty title="No output was logged">
      {forwards
        ? `Session Manager logs none for ${session.document}: it forwards a port, and shows nothing.`
        : 'Session Manager logs output only where its preferences say so, and none for ports and SSH.'}
    </Empty>
  )
}

function Lines({
  rows,
  current,
  hits,
  find,
  onChoose,
  onSeen,
  player,
  dots,
  onMore,
}: TerminalProps & { current: number; hits: readonly number[]; onChoose: (index: number) => void }) {
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => {
      const row = rows[index]
      return row?.kind === 'gap' && row.to - row.from >= LONG_GAP ? 30 : 20
    },
    overscan: 24,
    paddingStart: 8,
    paddingEnd: 8,
  })
  const marked = useMemo(() => new Set(hits), [hits])
  const found = useMemo(() => flagged(rows, dots), [rows, dots])
  const items = virtual.getVirtualItems()
  const box = scroll.current
  // What is in sight, not what is kept ready beyond it.
  const last = box
    ? items.findLast((item) => item.start + item.size <= box.scrollTop + box.clientHeight + 4)
    : undefined
  const lastRow = last === undefined ? undefined : rows[last.index]
  const lastLine = lastRow?.kind === 'line' ? lastRow.number : undefined
  useEffect(() => {
    if (lastLine !== undefined) onSeen(lastLine)
  }, [lastLine, onSeen])
  const isNearEnd = (items.at(-1)?.index ?? 0) >= rows.length - NEAR_END
  useEffect(() => {
    if (isNearEnd) onMore?.()
  }, [isNearEnd, onMore])
  const first = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another line scrolls
  useEffect(() => {
    if (first.current) first.current = false
    else if (current >= 0) virtual.scrollToIndex(current, { align: 'auto' })
  }, [current])
  const untimed = rows.every((row) => row.kind !== 'line' || row.at === undefined)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list cannot be an <ol>
    <div
      className={`scroll lines mono${untimed ? ' untimed' : ''}`}
      ref={scroll}
      role="list"
      aria-label="Lines of the session"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
      tabIndex={0}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const row = rows[item.index] as Row
          return (
            // biome-ignore lint/a11y/useSemanticElements: a virtual list cannot be an <ol>
            // biome-ignore lint/a11y/useKeyWithClickEvents: arrow keys go through the lines
            <div
              key={item.index}
              role="listitem"
              data-index={item.index}
              ref={virtual.measureElement}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              aria-current={item.index === current || undefined}
              className={`${classOf(row, item.index === current, marked.has(item.index), player, untimed)}${found.has(item.index) ? ' found' : ''}`}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={() => !getSelection()?.toString() && onChoose(item.index)}
            >
              <One row={row} find={marked.has(item.index) ? find : ''} untimed={untimed} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** What was shown when something was found or refused: the line at that time, where one is near. */
function flagged(rows: readonly Row[], dots: readonly { at: number }[]): ReadonlySet<number> {
  const indices = dots.flatMap(({ at }) => {
    const index = lineAt(rows, at)
    const row = rows[index]
    return row?.kind === 'line' && row.at !== undefined && at - row.at < NEAR ? [index] : []
  })
  return new Set(indices)
}

function classOf(row: Row, current: boolean, hit: boolean, player: Clock, untimed: boolean): string {
  if (row.kind === 'gap') return row.to - row.from < LONG_GAP ? 'pause' : 'gap'
  if (row.kind === 'cut') return 'gap'
  const later = !untimed && player.playing && row.at !== undefined && row.at > player.at
  return `line${current ? ' current' : ''}${hit ? ' hit' : ''}${later ? ' later' : ''}`
}

function One({ row, find, untimed }: { row: Row; find: string; untimed: boolean }) {
  if (row.kind === 'gap' && row.to - row.from < LONG_GAP)
    return (
      <>
        <span className="at" aria-hidden="true">
          ·
        </span>
        <span className="faint">nothing for {span(row.to - row.from)}</span>
      </>
    )
  if (row.kind === 'gap')
    return <span>Nothing was shown for {span(row.to - row.from)}. The session stayed open.</span>
  if (row.kind === 'cut') return <span>{number(row.left)} more characters of this piece are in Raw.</span>
  const text = plain(row.text)
  return (
    <>
      <span className="at">{untimed || row.at === undefined ? row.number + 1 : clockTime(row.at)}</span>
      <span className={row.refused ? 'red' : undefined}>
        {row.prompt > 0 && <span className="green">{text.slice(0, row.prompt)}</span>}
        <Marked text={text.slice(row.prompt)} find={find} />
      </span>
    </>
  )
}

function Marked({ text, find }: { text: string; find: string }) {
  if (find === '') return text
  const parts: { from: number; text: string; hit: boolean }[] = []
  const lower = text.toLowerCase()
  const wanted = find.toLowerCase()
  let from = 0
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(
      { from, text: text.slice(from, at), hit: false },
      { from: at, text: text.slice(at, at + find.length), hit: true },
    )
    from = at + find.length
  }
  parts.push({ from, text: text.slice(from), hit: false })
  return parts.map(({ from, text, hit }) =>
    hit ? <mark key={`${from}+`}>{text}</mark> : <Fragment key={from}>{text}</Fragment>,
  )
}
