import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useKeys } from './keys.ts'

/** What takes the focus in a row. */
const CONTROLS = 'button, a, input'

/**
 * The focus in a virtual table, as a grid has it: keys move it between rows and within one, and Tab stops in one
 * row only.
 */
export function useRowFocus({
  scroll,
  rows,
  rowHeight,
  selected,
  scrollTo,
  onEnter,
}: {
  /** The element that holds the rows. */
  scroll: RefObject<HTMLDivElement | null>
  rows: number
  rowHeight: number
  selected: string | undefined
  scrollTo(index: number): void
  onEnter(index: number): void
}) {
  const [focus, setFocus] = useState(-1)
  /** The row in which Tab stops: the first one, before any has had the focus. */
  const focused = Math.max(0, focus)
  const go = (index: number) => {
    if (rows === 0) return
    const next = Math.max(0, Math.min(rows - 1, index))
    setFocus(next)
    const row = () => scroll.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)
    // At once, where it is drawn: the next key may come before the next frame.
    row()?.focus({ preventScroll: true })
    scrollTo(next)
    requestAnimationFrame(() => row()?.focus({ preventScroll: true }))
  }
  useKeys({ j: () => go(focus + 1), k: () => go(focus - 1) })

  // Not only the rows: a hundred buttons in them would be as many stops on the way to the rest of the page.
  useLayoutEffect(() => {
    for (const control of scroll.current?.querySelectorAll<HTMLElement>(`.row :is(${CONTROLS})`) ?? []) {
      const row = control.closest<HTMLElement>('.row')
      control.tabIndex = row?.dataset.index === String(focused) ? 0 : -1
    }
  })
  // What was open beside the table has gone, with the focus in it.
  const wasOpen = useRef(selected)
  useEffect(() => {
    const closed = wasOpen.current !== undefined && selected === undefined
    wasOpen.current = selected
    if (closed && document.activeElement === document.body)
      scroll.current?.querySelector<HTMLElement>(`[data-index="${focused}"]`)?.focus()
  }, [selected, focused, scroll])

  const keyed = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    // The menu of a value has its own keys.
    if (target.closest('[popover], dialog')) return
    const row = target.closest<HTMLElement>('.row')
    if (row && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
      const stops = [row, ...row.querySelectorAll<HTMLElement>(CONTROLS)]
      const next = stops[stops.indexOf(target) + (event.key === 'ArrowRight' ? 1 : -1)]
      if (next) event.preventDefault()
      return next?.focus()
    }
    const tick = target === row && event.key === ' ' && row.querySelector<HTMLElement>('input[type=checkbox]')
    if (tick) {
      event.preventDefault()
      return tick.click()
    }
    const page = Math.floor((scroll.current?.clientHeight ?? 400) / rowHeight) - 1
    const steps: Record<string, number> = {
      ArrowDown: focus + 1,
      ArrowUp: focus - 1,
      PageDown: focus + page,
      PageUp: focus - page,
      Home: 0,
      End: rows - 1,
    }
    const to = steps[event.key]
    if (to !== undefined) {
      event.preventDefault()
      go(to)
    } else if (event.key === 'Enter' && event.target === event.currentTarget.querySelector(':focus')) {
      if ((event.target as HTMLElement).role === 'row') onEnter(focus)
    }
  }

  return { focused, setFocus, keyed }
}
