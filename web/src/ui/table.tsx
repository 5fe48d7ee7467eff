import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useKeys } from './keys.ts'
import { useNarrow } from './narrow.ts'

export interface Column<Row> {
  readonly name: string
  readonly title: string
  /** As in `grid-template-columns`. */
  readonly width: string
  readonly right?: boolean
  readonly cell: (row: Row) => ReactNode
}

/** A whole row in one cell, in place of columns that a phone has no space for. */
export interface Card<Row> {
  readonly title: string
  /** In pixels. */
  readonly height: number
  readonly cell: (row: Row) => ReactNode
}

/** What takes the focus in a row. */
const CONTROLS = 'button, a, input'

/**
 * A virtual table: only visible rows are in the document, and screen readers get the true count. Arrow keys,
 * or J and K, move between rows; Enter opens one, the right arrow goes to what is in it, and Space ticks it.
 * Tab stops in one row only. The server sorts.
 */
export function DataTable<Row>({
  label,
  columns: wideColumns,
  card,
  rows,
  keyOf,
  total,
  rowHeight: wideHeight = 28,
  selected,
  onOpen,
  href,
  sorted,
  onSort,
  onEnd,
  foot,
  wide: leastWidth,
}: {
  label: string
  columns: readonly Column<Row>[]
  card?: Card<Row>
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** All rows, loaded or not; undefined while the server has not counted them. */
  total?: number | undefined
  rowHeight?: number
  selected?: string | undefined
  onOpen?: (row: Row) => void
  href?: (row: Row) => string
  sorted?: string
  onSort?: (column: string) => void
  /** Called when the last loaded rows become visible. */
  onEnd?: () => void
  foot?: ReactNode
  /** The least width of the table in pixels; a narrower page scrolls it sideways. */
  wide?: number
}) {
  const asCard = useNarrow() ? card : undefined
  const columns: readonly Column<Row>[] = asCard
    ? [{ name: 'card', title: asCard.title, width: 'minmax(0, 1fr)', cell: asCard.cell }]
    : wideColumns
  const rowHeight = asCard?.height ?? wideHeight
  const wide = asCard ? undefined : leastWidth
  const scroll = useRef<HTMLDivElement>(null)
  const [focus, setFocus] = useState(-1)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: 32,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - 20) onEnd()
  }, [onEnd, last, rows.length])

  const go = (index: number) => {
    if (rows.length === 0) return
    const next = Math.max(0, Math.min(rows.length - 1, index))
    setFocus(next)
    const row = () => scroll.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)
    // At once, where it is drawn: the next key may come before the next frame.
    row()?.focus({ preventScroll: true })
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => row()?.focus({ preventScroll: true }))
  }
  useKeys({ j: () => go(focus + 1), k: () => go(focus - 1) })

  // Not only the rows: a hundred buttons in them would be as many stops on the way to the rest of the page.
  useLayoutEffect(() => {
    for (const control of scroll.current?.querySelectorAll<HTMLElement>(`.row :is(${CONTROLS})`) ?? []) {
      const row = control.closest<HTMLElement>('.row')
      control.tabIndex = row?.dataset.index === String(Math.max(0, focus)) ? 0 : -1
    }
  })
  // What was open beside the table has gone, with the focus in it.
  const wasOpen = useRef(selected)
  useEffect(() => {
    const closed = wasOpen.current !== undefined && selected === undefined
    wasOpen.current = selected
    if (closed && document.activeElement === document.body)
      scroll.current?.querySelector<HTMLElement>(`[data-index="${Math.max(0, focus)}"]`)?.focus()
  }, [selected, focus])

  const keyed = (event: React.KeyboardEvent) => {
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
      End: rows.length - 1,
    }
    const to = steps[event.key]
    if (to !== undefined) {
      event.preventDefault()
      go(to)
    } else if (event.key === 'Enter' && event.target === event.currentTarget.querySelector(':focus')) {
      const row = rows[focus]
      if (row && onOpen && (event.target as HTMLElement).role === 'row') onOpen(row)
    }
  }

  const template = columns.map(({ width }) => width).join(' ')
  const style = { gridTemplateColumns: template, ...(wide ? { minWidth: wide } : {}) }
  return (
    <div className="table">
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual table cannot be a <table> */}
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-colcount={columns.length}
        className="scroll"
        ref={scroll}
        onKeyDown={keyed}
        tabIndex={rows.length === 0 ? 0 : -1}
      >
        {/* biome-ignore lint/a11y/useFocusableInteractive: keys do not reach the head */}
        {/* biome-ignore lint/a11y/useSemanticElements: a virtual table cannot be a <table> */}
        <div role="row" aria-rowindex={1} className="head" style={style}>
          {columns.map(({ name, title, right }) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the button in it takes the focus
            // biome-ignore lint/a11y/useSemanticElements: a virtual table cannot be a <table>
            <span
              key={name}
              role="columnheader"
              className={right ? 'right' : undefined}
              {...(sorted === name ? { 'aria-sort': 'descending' as const } : {})}
            >
              {onSort ? (
                <button type="button" onClick={() => onSort(name)}>
                  {title}
                  {sorted === name ? ' ↓' : ''}
                </button>
              ) : (
                title
              )}
            </span>
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a virtual table cannot be a <table> */}
        <div
          role="rowgroup"
          className="body"
          style={{ height: virtual.getTotalSize(), ...(wide ? { minWidth: wide } : {}) }}
        >
          {items.map((item) => {
            const row = rows[item.index] as Row
            const key = keyOf(row)
            return (
              // biome-ignore lint/a11y/useSemanticElements: a virtual table cannot be a <table>
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes Enter for its rows
              <div
                key={key}
                role="row"
                className="row"
                data-index={item.index}
                data-open={onOpen ? '' : undefined}
                aria-rowindex={item.index + 2}
                aria-selected={selected === undefined ? undefined : selected === key}
                tabIndex={item.index === Math.max(0, focus) ? 0 : -1}
                style={{ ...style, height: rowHeight, transform: `translateY(${item.start}px)` }}
                onFocus={() => setFocus(item.index)}
                onClick={(event) => {
                  if (!onOpen || (event.target as HTMLElement).closest('button, a, [popover]')) return
                  if ((event.metaKey || event.ctrlKey) && href) window.open(href(row), '_blank', 'noopener')
                  else if (!getSelection()?.toString()) onOpen(row)
                }}
              >
                {columns.map(({ name, right, cell }) => (
                  // biome-ignore lint/a11y/useFocusableInteractive: rows take the focus
                  // biome-ignore lint/a11y/useSemanticElements: a virtual table cannot be a <table>
                  <span key={name} role="gridcell" className={right ? 'right' : undefined}>
                    {cell(row)}
                  </span>
                ))}
              </div>
            )
          })}
        </div>
      </div>
      {foot && <div className="foot">{foot}</div>}
    </div>
  )
}
