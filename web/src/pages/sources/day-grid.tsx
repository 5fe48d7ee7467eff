import { type KeyboardEvent, useRef, useState } from 'react'
import { MONTHS } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import { Sideways } from '../../ui/sideways.tsx'

/** The style sheet has a colour for each. */
export type DayState = 'complete' | 'gap' | 'arriving' | 'none'

export interface Day {
  readonly state: DayState
  /** The state in words, for screen readers. */
  readonly label: string
  /** The label with its numbers, shown under the pointer. */
  readonly detail: string
}

export interface DayRow {
  readonly name: string
  /** A fainter second name. */
  readonly note?: string
  readonly title?: string
  /** One for each day of the grid, in its order. */
  readonly days: readonly Day[]
}

/** Rows down and days to the right. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
}

/** A grid with a row for each source and a column for each day, coloured by the day's state. */
export function DayGrid({
  label,
  days,
  rows,
}: {
  label: string
  /** ISO dates in order. */
  days: readonly string[]
  rows: readonly DayRow[]
}) {
  const [at, setAt] = useState({ row: 0, day: 0 })
  const [told, setTold] = useState('')
  const table = useRef<HTMLTableElement>(null)
  const cell = (row: number, day: number) =>
    table.current?.querySelector<HTMLElement>(`[data-cell="${row},${day}"]`)
  const keyed = (event: KeyboardEvent) => {
    const [down, right] = STEPS[event.key] ?? [0, 0]
    const next = cell(at.row + down, at.day + right)
    if (!next || (down === 0 && right === 0)) return
    event.preventDefault()
    next.focus()
  }
  return (
    <>
      <Sideways className="grid-box" label={label}>
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: keys go through it */}
        <table role="grid" ref={table} aria-label={label} onKeyDown={keyed}>
          <thead>
            <tr>
              <th>
                {shortDay(days[0] as string)} to {shortDay(days.at(-1) as string)}
              </th>
              {days.map((day) => (
                <th key={day} className="day">
                  {dayOfMonth(day)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, note, title, days: cells }, row) => (
              <tr key={`${title ?? ''}${name}${note ?? ''}`}>
                <th scope="row" title={title}>
                  {plain(name)} {note && <span className="faint">{plain(note)}</span>}
                </th>
                {cells.map(({ state, label, detail }, index) => (
                  <td
                    key={days[index]}
                    data-cell={`${row},${index}`}
                    tabIndex={at.row === row && at.day === index ? 0 : -1}
                    onFocus={() => {
                      setAt({ row, day: index })
                      setTold(`${plain(name)} ${plain(note ?? '')}, ${days[index]}: ${detail}`)
                    }}
                  >
                    <i className={state} title={`${days[index]}: ${detail}`}>
                      <span className="hidden">{label}</span>
                    </i>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
      <p className="told" role="status">
        {told || 'Choose a day to read its numbers'}
      </p>
    </>
  )
}

function dayOfMonth(day: string): number {
  return Number(day.slice(8))
}

function shortDay(day: string): string {
  return `${dayOfMonth(day)} ${MONTHS[Number(day.slice(5, 7)) - 1]}`
}
