import { useState } from 'react'
import { useAsk } from '../../api/client.ts'
import { number } from '../../time/format.ts'
import { Segments } from '../../ui/button.tsx'
import { Fold } from '../../ui/fold.tsx'
import { Empty, Part } from '../../ui/states.tsx'
import type { Values } from './parameters.ts'
import { Own, Saved } from './saved.tsx'
import { past } from './store.ts'

/** Puts a query into the editor, with values for its parameters. */
export type Insert = (sql: string, values?: Values) => void

/** The list next to the editor: tables, named queries, saved queries, and the history. */
export function Side({
  tables,
  onInsert,
}: {
  tables: ReturnType<typeof useAsk<'tables'>>
  onInsert: Insert
}) {
  const [tab, setTab] = useState<'tables' | 'named' | 'saved' | 'history'>('tables')
  return (
    <Fold className="side" label="Tables and questions" title="Tables, named and saved questions">
      <Segments
        label="List"
        choices={[
          ['tables', 'Tables'],
          ['named', 'Named'],
          ['saved', 'Saved'],
          ['history', 'History'],
        ]}
        chosen={tab}
        onChoose={setTab}
      />
      <div className="list">
        {tab === 'tables' ? (
          <Part of={tables}>
            {({ tables: found }) => (
              <div>
                {found.map(({ name, kind, doc, rows, columns }) => (
                  <details key={name}>
                    <summary title={doc}>
                      <span className="mono">{name}</span>
                      <small className="num">
                        {kind === 'view' ? 'view' : rows === null ? '' : number(rows)}
                      </small>
                    </summary>
                    <ul>
                      {columns.map((column) => (
                        <li key={column.name} title={column.doc}>
                          <span className="mono">{column.name}</span>
                          <small>{column.type.toLowerCase()}</small>
                        </li>
                      ))}
                    </ul>
                    <button
                      type="button"
                      className="btn quiet"
                      onClick={() => onInsert(`select *\nfrom ${name}\nlimit 100`)}
                    >
                      Query it
                    </button>
                  </details>
                ))}
              </div>
            )}
          </Part>
        ) : tab === 'named' ? (
          <Named onInsert={onInsert} />
        ) : tab === 'saved' ? (
          <Saved onInsert={onInsert} />
        ) : (
          <Own
            questions={past()}
            onInsert={onInsert}
            none={<Empty title="None yet">What you run stays in this browser.</Empty>}
          />
        )}
      </div>
    </Fold>
  )
}

function Named({ onInsert }: { onInsert: Insert }) {
  const queries = useAsk('queries', {})
  return (
    <Part of={queries}>
      {({ queries: found }) => (
        <div>
          {found.length === 0 && (
            <Empty title="No named question is for your role">
              The named questions read logs, which your role does not show. In SQL you may ask the tables
              under Tables: decisions on sessions, notices, and who opened what.
            </Empty>
          )}
          {found.map(({ name, title, doc, sql }) => (
            <button
              key={name}
              type="button"
              className="question"
              title={doc}
              onClick={() => onInsert(sql.trim())}
            >
              {title}
              <small className="mono">{name}</small>
            </button>
          ))}
        </div>
      )}
    </Part>
  )
}
