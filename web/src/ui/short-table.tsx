import type { ReactNode } from 'react'
import { Sideways } from './sideways.tsx'

export interface Field<Row> {
  readonly title: string
  /** In pixels; fields without one share what is left. */
  readonly width?: number
  readonly right?: boolean
  readonly cell: (row: Row) => ReactNode
}

/** Least width of a field without one of its own. */
const MIN_WIDTH = 120
/** Narrower tables fit on a phone. */
const PHONE = 350

/** A card with a table of few rows: all are in the document. */
export function ShortTable<Row>({
  label,
  fields,
  rows,
  keyOf,
  none = 'None.',
  className = '',
}: {
  label: string
  fields: readonly Field<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** Shown in place of rows. */
  none?: string
  className?: string
}) {
  const least = fields.reduce((sum, { width = MIN_WIDTH }) => sum + width, 0)
  const table = (
    <table className="plain" style={{ minWidth: least }}>
      <thead>
        <tr>
          {fields.map(({ title, width, right }) => (
            <th key={title} className={right ? 'right' : undefined} style={{ width }}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {fields.map(({ title, right, cell }) => (
              <td key={title} className={right ? 'right' : undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
        {rows.length === 0 && (
          <tr>
            <td colSpan={fields.length} className="faint">
              {none}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
  return least > PHONE ? (
    <Sideways className={`card sideways ${className}`} label={label}>
      {table}
    </Sideways>
  ) : (
    <section className={`card ${className}`} aria-label={label}>
      {table}
    </section>
  )
}

/** A count that is faint while it is zero, and coloured else. */
export function Alarm({
  count,
  look,
  children,
}: {
  count: number
  look: 'red' | 'amber'
  children: ReactNode
}) {
  return <span className={count > 0 ? look : 'faint'}>{children}</span>
}
