import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useKeys } from './keys.ts'

export interface Column<Row> {
  readonly name: string
  readonly title: string
  /** As in `grid-template-columns`. */
  readonly width: string
  readonly right?: boolean
  readonly cell: (row: Row) => ReactNode
}

/**
 * A table of any length: only the rows in sight are in the page, and a screen reader is given the true count. Rows are
 * gone through by arrow keys, or J and K, and opened by Enter. The order of rows is the server's.
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  total,
  rowHeight = 28,
  selected,
  onOpen,
  href,
  sorted,
  onSort,
  onEnd,
  foot,
  wide,
}: {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** How many there are; undefined while that is not known. */
  total?: number | undefined
  rowHeight?: number
  selected?: string | undefined
  onOpen?: (row: Row) => void
  href?: (row: Row) => string
  sorted?: string
  onSort?: (column: string) => void
  /** The last row came into sight. */
  onEnd?: () => void
  foot?: ReactNode
  /** Smallest width of all columns; below it the table scrolls sideways. */
  wide?: number
}) {
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
    virtual.scrollToIndex(next)
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus({ preventScroll: true }),
    )
  }
  useKeys({ j: () => go(focus + 1), k: () => go(focus - 1) })

  const keyed = (event: React.KeyboardEvent) => {
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
        {/* biome-ignore lint/a11y/useFocusableInteractive: the head is not gone through */}
        {/* biome-ignore lint/a11y/useSemanticElements: a virtual table cannot be a <table> */}
        <div role="row" aria-rowindex={1} className="head" style={style}>
          {columns.map(({ name, title, right }) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the button in it is what is focused
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
                  // biome-ignore lint/a11y/useFocusableInteractive: rows are what is focused
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
