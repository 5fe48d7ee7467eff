import { useVirtualizer } from '@tanstack/react-virtual'
import { Fragment, useEffect, useMemo, useRef } from 'react'
import { clockTime, number, span } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import type { Player as Clock } from './clock.ts'
import { lineAt, type Row } from './lines.ts'
import type { TerminalProps } from './terminal.tsx'

/** CloudTrail logs a call at most this long after the line that made it. */
const NEAR = 60_000

/** More output is loaded when this many lines or fewer are left below. */
const NEAR_END = 500

/** A shorter pause is drawn faintly. */
const LONG_GAP = 600_000

export function LinesView({
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
  // The last visible line, without those drawn ahead of scrolling.
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls only when the current line changes
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
              <LineContent row={row} find={marked.has(item.index) ? find : ''} untimed={untimed} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** The lines shown when a finding or a refused call happened, if one is near in time. */
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

function LineContent({ row, find, untimed }: { row: Row; find: string; untimed: boolean }) {
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
