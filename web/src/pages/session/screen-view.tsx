import { useEffect, useMemo, useRef, useState } from 'react'
import { ms, number } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import { Empty, Skeleton } from '../../ui/states.tsx'
import { delivered, type Piece } from './lines.ts'
import { type Shown, type Span, screenOf } from './screen.ts'

/** The screen at a time: a headless terminal is fed everything sent until then. */
export function ScreenView({ pieces, at }: { pieces: readonly Piece[]; at: number | undefined }) {
  const count = useMemo(
    () => (at === undefined ? pieces.length : pieces.findLastIndex((piece) => (ms(piece.at) ?? 0) <= at) + 1),
    [pieces, at],
  )
  const [shown, setShown] = useState<Shown>()
  const scroll = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let cancelled = false
    const output = pieces.slice(0, count).map(delivered).join('')
    void screenOf(output, () => cancelled).then((made) => {
      if (cancelled || !made) return
      setShown(made)
      requestAnimationFrame(() => scroll.current?.scrollTo({ top: scroll.current.scrollHeight }))
    })
    return () => {
      cancelled = true
    }
  }, [pieces, count])
  if (!shown) return <Skeleton />
  if (count === 0) return <Empty title="No output by this time">Play, or choose a later time.</Empty>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
    <section className="scroll screen mono" ref={scroll} aria-label="Screen of the session" tabIndex={0}>
      {shown.rows.map((spans, y) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <div key={y} className="row">
          {spans.map((span, x) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a span is its place
            <span key={x} style={styleOf(span)}>
              {span.text}
            </span>
          ))}
        </div>
      ))}
    </section>
  )
}

function styleOf({ fg, bg, bold, dim, italic, underline }: Span) {
  return {
    ...(fg && { color: fg }),
    ...(bg && { background: bg }),
    ...(bold && { fontWeight: 650 }),
    ...(dim && { opacity: 0.7 }),
    ...(italic && { fontStyle: 'italic' }),
    ...(underline && { textDecoration: 'underline' }),
  }
}

const MAX = 200_000

/** The delivered output, each control character as a visible sign. */
export function RawView({
  pieces,
  find,
  ask,
}: {
  pieces: readonly Piece[]
  find: string
  /** Asks for output without masks; undefined if the pieces have it already. */
  ask: (() => void) | 'not allowed' | undefined
}) {
  const all = useMemo(() => pieces.map((piece) => delivered(piece)).join(''), [pieces])
  const [max, setMax] = useState(MAX)
  const lines = useMemo(
    () => plain(all.slice(0, max).replaceAll('\r\n', '␍␊\n').replaceAll('\r', '␍')).split('\n'),
    [all, max],
  )
  if (ask)
    return (
      <Empty
        title="Raw output is not masked"
        action={
          ask === 'not allowed' ? undefined : (
            <button type="button" className="btn" onClick={ask}>
              Show it; that is recorded
            </button>
          )
        }
      >
        It contains the text that masks hide
        {ask === 'not allowed' ? ', so your role does not show it.' : '.'}
      </Empty>
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
    <section className="scroll raw mono" aria-label="Output as it was delivered" tabIndex={0}>
      {lines.map((line, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          key={index}
          className={find && line.toLowerCase().includes(find.toLowerCase()) ? 'hit' : undefined}
        >
          {line}
        </div>
      ))}
      {all.length > max && (
        <button type="button" className="btn" onClick={() => setMax(max + MAX)}>
          First {number(max)} of {number(all.length)} characters · show more
        </button>
      )}
    </section>
  )
}
