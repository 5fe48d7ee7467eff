import { sql } from '../../lib/sql.ts'
import { openLocked } from '../condition.ts'
import { columnsIn, rowsText, structureOf } from '../rows-in.ts'
import type { Shape, Shaped } from './contract.ts'

/**
 * The operator's own SQL over masked rows, in an engine that reads nothing else. Log text is a value there,
 * and never part of the statement.
 */
export const template: Shape = {
  name: 'template',
  doc: "Columns of one's own in SQL over the masked row; one column that is called `text` is sent as it is.",
  whyNot: () => undefined,
  async open({ table, template: columns }) {
    if (columns === undefined) throw new Error('the shape template has a template')
    const engine = await openLocked(table)
    const statement = sql(new URL('../sql/template.sql', import.meta.url), {
      structure: structureOf(table),
      row: columnsIn(table),
      template: columns,
    })
    return {
      async shape(rows) {
        const made = await engine.rows(statement, [rowsText(rows, table)])
        if (made.length !== rows.length)
          throw new Error(`the template made ${made.length} rows of ${rows.length}`)
        return made.map(([json]) => shaped(String(json)))
      },
      close: () => engine.close(),
    }
  },
}

function shaped(json: string): Shaped {
  const { lake_at: _, ...made } = JSON.parse(json) as Record<string, unknown>
  const names = Object.keys(made)
  if (names.length === 1 && names[0] === 'text' && typeof made.text === 'string')
    return { text: made.text, plain: true }
  return { text: JSON.stringify(made) }
}
