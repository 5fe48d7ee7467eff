import { useMemo, useRef, useState } from 'react'
import type { Output } from '../../api/client.ts'
import { number } from '../../time/format.ts'
import { Segments } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { later } from '../../ui/later.tsx'
import { Skeleton } from '../../ui/states.tsx'
import type { Player as Clock } from './clock.ts'
import { ExportTerminal } from './export-terminal.tsx'
import { type Line, lineAt, type Piece, type Row, search } from './lines.ts'
import { LinesView } from './lines-view.tsx'
import { Missing, NoOutput } from './missing.tsx'
import { Player } from './player.tsx'
import './terminal.css'

const Screen = later(async () => (await import('./screen-view.tsx')).ScreenView, <Skeleton />)

const Raw = later(async () => (await import('./screen-view.tsx')).RawView, <Skeleton />)

export type View = 'lines' | 'screen' | 'raw'

/** How exact each view is, by how the output was delivered. */
const FIDELITY: Record<View, Record<'streamed' | 'uploaded' | 'both' | 'none', string>> = {
  lines: {
    streamed: 'streamed, to the second',
    uploaded: 'uploaded at the end, without times',
    both: 'streamed and uploaded; shown once',
    none: 'not logged',
  },
  screen: {
    streamed: 'rebuilt; carriage returns and most sequences were lost',
    uploaded: 'rebuilt from the whole upload, without times',
    both: 'rebuilt from the upload',
    none: 'not logged',
  },
  raw: {
    streamed: 'as the agent sent it, control characters shown',
    uploaded: 'as it was delivered, control characters shown',
    both: 'as it was delivered, control characters shown',
    none: 'not logged',
  },
}

export interface TerminalProps {
  session: Output<'session'>
  pieces: readonly Piece[]
  rows: readonly Row[]
  loading: boolean
  /** Loads more output; undefined while more is loading or all is here. */
  onMore: (() => void) | undefined
  player: Clock
  from: number
  to: number
  gaps: readonly { from: number; to: number }[]
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
  const { session, rows, player, from, to, view, find, onFind, dots, gaps } = props
  const { output } = session
  const [hit, setHit] = useState(0)
  const hits = useMemo(() => search(rows, find), [rows, find])
  const field = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<{ index: number; at: number | undefined }>()
  // A clicked line stays the current one until the clock moves.
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
        <small title={FIDELITY[view][output.delivery]}>{FIDELITY[view][output.delivery]}</small>
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
            <ExportTerminal id={session.session.id} delivery={output.delivery} unmask={props.unmask} />
          </>
        )}
      </header>
      <Missing {...props} />
      {output.delivery === 'none' ? (
        <NoOutput session={session} />
      ) : props.loading && rows.length === 0 ? (
        <Skeleton />
      ) : view === 'lines' ? (
        <LinesView {...props} current={current} hits={hits} onChoose={goTo} />
      ) : view === 'screen' ? (
        <Screen pieces={props.pieces} at={output.timed && player.touched ? player.at : undefined} />
      ) : (
        <Raw
          pieces={props.pieces}
          find={find}
          ask={props.unmask ? undefined : props.mayUnmask ? props.onUnmask : 'not allowed'}
        />
      )}
      {output.delivery !== 'none' &&
        (output.timed && to > from ? (
          <Player player={player} from={from} to={to} rows={rows} gaps={gaps} dots={dots} />
        ) : (
          <div className="player">
            <small>
              Session Manager uploaded this output at the session's end, without times, so it cannot be
              played.
            </small>
          </div>
        ))}
    </section>
  )
}
