import { useRef } from 'react'
import { clockTime, span } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { type Player as Clock, SPEEDS } from './clock.ts'
import type { Row } from './lines.ts'

const BARS = 60

/**
 * Play button and time bar: the amount of output over time, hatched pauses, and dots for findings and refused
 * calls.
 */
export function Player({
  player,
  from,
  to,
  rows,
  gaps,
  dots,
}: {
  player: Clock
  from: number
  to: number
  rows: readonly Row[]
  gaps: readonly { from: number; to: number }[]
  dots: readonly { at: number; title: string }[]
}) {
  const length = Math.max(1, to - from)
  const place = (at: number) => `${(Math.max(0, Math.min(1, (at - from) / length)) * 100).toFixed(2)}%`
  const bars = density(rows, from, length)
  const max = Math.max(1, ...bars)
  const inGap = gaps.find((gap) => player.at > gap.from && player.at < gap.to - 1_000)
  const box = useRef<HTMLDivElement>(null)
  const seekTo = (event: React.PointerEvent) => {
    const area = box.current?.getBoundingClientRect()
    if (area) player.seek(from + ((event.clientX - area.left) / area.width) * length)
  }
  const step = Math.max(1_000, length / 50)
  return (
    <div className="player">
      <Button keys="Space" onClick={player.toggle}>
        {player.playing ? 'Pause' : 'Play'}
      </Button>
      <span className="mono num soft">{clockTime(player.at)}</span>
      <div
        ref={box}
        className="track"
        role="slider"
        tabIndex={0}
        aria-label="Time in the session"
        aria-valuemin={0}
        aria-valuemax={Math.round(length / 1000)}
        aria-valuenow={Math.round((player.at - from) / 1000)}
        aria-valuetext={clockTime(player.at)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          seekTo(event)
        }}
        onPointerMove={(event) => event.buttons === 1 && seekTo(event)}
        onKeyDown={(event) => {
          const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step }[event.key]
          if (by === undefined) return
          event.preventDefault()
          event.stopPropagation()
          player.seek(player.at + by)
        }}
      >
        {gaps.map((gap) => (
          <u
            key={gap.from}
            title={`Nothing was shown for ${span(gap.to - gap.from)}`}
            style={{ left: place(gap.from), width: `${(((gap.to - gap.from) / length) * 100).toFixed(2)}%` }}
          />
        ))}
        {bars.map((count, index) =>
          count === 0 ? null : (
            <i
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
              key={index}
              style={{ left: `${(index / BARS) * 100}%`, height: `${Math.max(2, (count / max) * 12)}px` }}
            />
          ),
        )}
        {dots.map(({ at, title }) => (
          <b key={`${at}${title}`} title={title} style={{ left: place(at) }} />
        ))}
        <s style={{ left: place(player.at) }} />
      </div>
      <Button
        aria-label={`Speed ${player.speed}×: change it`}
        title="Speed"
        onClick={() => player.setSpeed(SPEEDS[(SPEEDS.indexOf(player.speed) + 1) % SPEEDS.length] ?? 1)}
      >
        {player.speed}×
      </Button>
      {inGap ? (
        <Button onClick={() => player.seek(inGap.to)}>Skip to {clockTime(inGap.to)}</Button>
      ) : (
        <Button aria-pressed={player.skip} onClick={() => player.setSkip(!player.skip)}>
          Skip gaps
        </Button>
      )}
    </div>
  )
}

function density(rows: readonly Row[], from: number, length: number): number[] {
  const bars = new Array<number>(BARS).fill(0)
  for (const row of rows) {
    if (row.kind !== 'line' || row.at === undefined) continue
    const index = Math.min(BARS - 1, Math.max(0, Math.floor(((row.at - from) / length) * BARS)))
    bars[index] = (bars[index] as number) + 1
  }
  return bars
}
