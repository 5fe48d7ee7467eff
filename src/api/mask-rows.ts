import type { Lake } from '../lake/lake.ts'
import type { TableDefinition } from '../lake/table.ts'
import { isPersonal } from '../query/rows-of.ts'
import type { TextRole } from '../scan/index.ts'
import type { Show, Shown } from './mask.ts'

/** @throws RangeError when the lake has no such table, which is a mistake in the program */
export function tableNamed({ lake }: { lake: Pick<Lake, 'tables'> }, name: string): TableDefinition {
  const table = lake.tables.get(name)
  if (!table) throw new RangeError(`there is no table ${name}`)
  return table
}

/**
 * The value of a column for this reader: texts written by people, models and programs are masked. With masks,
 * raw terminal output is left out, since escape sequences in it hide text from a scanner that a person would
 * see; the column `text` has the same content in readable form.
 *
 * @returns undefined for a column without such text
 */
export function shownValue(
  table: TableDefinition,
  name: string,
  value: unknown,
  show: Show,
): Shown | undefined {
  const column = table.columns.find((one) => one.name === name)
  if (!column || typeof value !== 'string' || show.whole) return undefined
  const hidden = isPersonal(table, column)
  if (!hidden && column.text === undefined) return undefined
  if (table.terminal?.columns.includes(name) && column.text === undefined)
    return {
      text: `[masked, ${value.length} characters]`,
      masked: [{ kind: 'terminal', count: 1 }],
      length: value.length,
    }
  return show(value, (column.text ?? 'document') as TextRole)
}

/** The same for all columns of a row; of those named in `max`, only that many characters are shown. */
export function shownRow<Row extends object>(
  table: TableDefinition,
  row: Row,
  show: Show,
  max: { readonly [column: string]: number } = {},
): Row {
  const shown = Object.entries(row).map(([name, value]) => {
    const text = shownValue(table, name, value, show)?.text ?? value
    const length = max[name]
    return [name, length !== undefined && typeof text === 'string' ? text.slice(0, length) : text]
  })
  return Object.fromEntries(shown) as Row
}
