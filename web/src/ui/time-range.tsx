import { CalendarClock, ChevronLeft, ChevronRight } from 'lucide-react'
import { useRef, useState } from 'react'
import { setPreferences, usePreferences } from '../preferences.ts'
import { zoneName } from '../time/format.ts'
import { PRESETS, parseRange, type Range, rangeLabel, step } from '../time/range.ts'
import { Button, Key } from './button.tsx'
import { Float } from './float.tsx'
import { useKeys } from './keys.ts'

/** Sets the span of time of a page, by presets or typed text, one span back or forward, and the time zone. */
export function TimeRange({ range, onChange }: { range: Range; onChange: (text: string) => void }) {
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const { zone } = usePreferences()
  useKeys({ t: () => setOpen(true) })
  const move = (direction: -1 | 1) => {
    const next = step(range, direction)
    if (next) onChange(next.text)
  }
  return (
    <div className="time-range">
      <Button
        look="icon"
        aria-label="Previous span"
        off={range.from === undefined ? 'The span is everything already' : undefined}
        onClick={() => move(-1)}
      >
        <ChevronLeft size={14} />
      </Button>
      <button ref={anchor} type="button" className="btn" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <CalendarClock size={14} aria-hidden="true" />
        {rangeLabel(range)}
        <Key>T</Key>
      </button>
      <Button
        look="icon"
        aria-label="Next span"
        off={range.from === undefined ? 'The span is everything already' : undefined}
        onClick={() => move(1)}
      >
        <ChevronRight size={14} />
      </Button>
      <Button
        look="quiet"
        aria-label={`${zoneName()}: show ${zone === 'utc' ? 'local time' : 'UTC'}`}
        onClick={() => setPreferences({ zone: zone === 'utc' ? 'local' : 'utc' })}
      >
        {zoneName()}
      </Button>
      {open && (
        <Float anchor={anchor} onClose={() => setOpen(false)} label="Span of time">
          <Choose
            range={range}
            onChoose={(text) => {
              setOpen(false)
              onChange(text)
            }}
          />
        </Float>
      )}
    </div>
  )
}

function Choose({ range, onChoose }: { range: Range; onChoose: (text: string) => void }) {
  const [typed, setTyped] = useState('')
  const meant = typed === '' ? undefined : parseRange(typed)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (meant) onChoose(meant.text)
      }}
    >
      <div className="typed-range">
        <input
          className="input mono"
          aria-label="Type or paste a span of time"
          placeholder="2h · 2026-01-08 02:00..03:00 · 8.1. 02:17 ±15m"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <small role="status">
          {typed === ''
            ? 'Type a span, or choose one'
            : meant
              ? `${rangeLabel(meant)} · Enter`
              : 'Not a span of time yet'}
        </small>
      </div>
      <hr />
      {PRESETS.map(({ text, label }) => (
        <button
          key={text}
          type="button"
          className="item"
          aria-current={text === range.text || undefined}
          onClick={() => onChoose(text)}
        >
          {label}
          {text === range.text && <span className="faint">now</span>}
        </button>
      ))}
      {range.from !== undefined && range.text.startsWith('-') && (
        <>
          <hr />
          <button
            type="button"
            className="item"
            onClick={() =>
              onChoose(`${new Date(range.from as number).toISOString()}..${new Date().toISOString()}`)
            }
          >
            Freeze: keep exactly this span in the link
          </button>
        </>
      )}
    </form>
  )
}
