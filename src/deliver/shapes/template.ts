import { SQL_TYPE, type TableColumnType } from '../../lake/table.ts'
import { identifier, literal, sql } from '../../lib/sql.ts'
import { openLocked } from '../condition.ts'
import type { Row } from '../redact.ts'
import type { Shape, Shaped } from './contract.ts'

/**
 * SQL of the operator's own over masked rows, in an engine that reads nothing else. A text of a log is a value there, and never a
 * part of the statement.
 */
export const template: Shape = {
  name: 'template',
  doc: "Columns of one's own in SQL over the masked row; one column that is called `text` is sent as it is.",
  whyNot: () => undefined,
  async open({ table, template: columns }) {
    if (columns === undefined) throw new Error('the shape template has a template')
    const engine = await openLocked(table)
    const structure = Object.fromEntries(table.columns.map(({ name, type }) => [name, JSON_TYPE[type]]))
    const spread = table.columns.map(({ name, type }) => {
      const value = `record.${identifier(name)}`
      const bytes = type === 'binary' ? `from_base64(${value})` : value
      return `${bytes}::${SQL_TYPE[type]} as ${identifier(name)}`
    })
    const statement = sql(new URL('../sql/template.sql', import.meta.url), {
      structure: literal(JSON.stringify([structure])),
      row: spread.join(',\n    '),
      template: columns,
    })
    return {
      async shape(rows) {
        const made = await engine.rows(statement, [JSON.stringify(rows.map(withAll))])
        if (made.length !== rows.length)
          throw new Error(`the template made ${made.length} rows of ${rows.length}`)
        return made.map(([json]) => shaped(String(json)))
      },
      close: () => engine.close(),
    }

    function withAll(row: Row): Record<string, unknown> {
      return Object.fromEntries(table.columns.map(({ name }) => [name, row[name] ?? null]))
    }
  },
}

/** As JSON has it: bytes are base64, and times have no zone but UTC. */
const JSON_TYPE: Record<TableColumnType, string> = {
  ...SQL_TYPE,
  binary: 'VARCHAR',
  timestamptz: 'TIMESTAMP',
}

function shaped(json: string): Shaped {
  const { lake_at: _, ...made } = JSON.parse(json) as Record<string, unknown>
  const names = Object.keys(made)
  if (names.length === 1 && names[0] === 'text' && typeof made.text === 'string') return { text: made.text }
  return { text: JSON.stringify(made) }
}
