import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react'
import { useNarrow } from './narrow.ts'
import { useRowFocus } from './row-focus.ts'

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

  const { focused, setFocus, keyed } = useRowFocus({
    scroll,
    rows: rows.length,
    rowHeight,
    selected,
    scrollTo: (index) => virtual.scrollToIndex(index),
    onEnter: (index) => {
      const row = rows[index]
      if (row) onOpen?.(row)
    },
  })

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
        <Head columns={columns} style={style} sorted={sorted} onSort={onSort} />
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
                tabIndex={item.index === focused ? 0 : -1}
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

/** The titles of the columns, by which the server may sort. */
function Head<Row>({
  columns,
  style,
  sorted,
  onSort,
}: {
  columns: readonly Column<Row>[]
  style: CSSProperties
  sorted: string | undefined
  onSort: ((column: string) => void) | undefined
}) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: keys do not reach the head
    // biome-ignore lint/a11y/useSemanticElements: a virtual table cannot be a <table>
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
  )
}
