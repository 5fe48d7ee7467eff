import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Output, Problem, post, useAsk } from '../api/client.ts'
import { useAddress } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { number, plural } from '../time/format.ts'
import { Button, MOD, Segments } from '../ui/button.tsx'
import { useKeys } from '../ui/keys.ts'
import { plain } from '../ui/plain.ts'
import { Empty, Part, Skeleton } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { copy, say } from '../ui/toast.tsx'
import { Download } from './download.tsx'
import { ResultChart } from './query/result-chart.tsx'
import { type Kept, keep, kept, past, remember } from './query/store.ts'
import './query.css'

type Answer = Output<'query'>

const Editor = lazy(() => import('./query/editor.tsx').then(({ Editor }) => ({ default: Editor })))
const FIRST = `select eventname, count(*) as calls, count(errorcode) as refused
from cloudtrail
group by all
order by calls desc
limit 50`

/** A question in SQL. The answer stays while the next question is written. */
export function Query() {
  const { one, change } = useAddress()
  const asked = one('sql')
  const [sql, setSql] = useState(asked ?? past()[0]?.sql ?? FIRST)
  const [shown, setShown] = useState<{ answer: Answer; sql: string }>()
  const [look, setLook] = useState<'table' | 'chart'>('table')
  const cancel = useRef<AbortController>(null)
  const tables = useAsk('tables', {})
  const run = useMutation({
    mutationFn: (text: string) => {
      cancel.current?.abort()
      cancel.current = new AbortController()
      return post('query', { sql: text, limit: 2_000 }, cancel.current.signal)
    },
    onSuccess: (answer, text) => {
      setShown({ answer, sql: text })
      remember(text)
      change({ sql: text }, { replace: true })
    },
  })
  const { mutate } = run
  const go = useCallback(() => mutate(sql), [mutate, sql])
  useKeys({ 'Mod+Enter': go })
  // A link asks its question when it is opened.
  const first = useRef(true)
  useEffect(() => {
    if (first.current && asked) mutate(asked)
    first.current = false
  }, [asked, mutate])
  return (
    <>
      <Header title="Query">
        <Button
          onClick={() => {
            const name = prompt('Name of the question')
            if (name?.trim()) {
              keep(name.trim(), sql)
              say('Kept in this browser')
            }
          }}
        >
          Save…
        </Button>
        <Button onClick={() => copy(`${location.origin}/query?sql=${encodeURIComponent(sql)}`, 'link')}>
          Copy link
        </Button>
      </Header>
      <div className="page query">
        <Side tables={tables} onInsert={(text) => setSql(text)} />
        <div className="main">
          <div className="editor">
            <Suspense fallback={<Skeleton rows={5} />}>
              <Editor value={sql} onChange={setSql} onRun={go} schema={tables.data} />
            </Suspense>
          </div>
          <div className="bar">
            <Button look="primary" onClick={go} disabled={run.isPending}>
              Run <kbd aria-hidden="true">{MOD} Enter</kbd>
            </Button>
            {run.isPending && <Button onClick={() => cancel.current?.abort()}>Cancel</Button>}
            {shown && (
              <small className={`num${shown.sql !== sql ? ' amber' : ''}`} role="status">
                {shown.sql !== sql && 'of the question before · '}
                {shown.answer.more
                  ? `first ${number(shown.answer.rows.length)} rows`
                  : plural(shown.answer.rows.length, 'row')}{' '}
                · {number(shown.answer.ms)} ms
                {shown.answer.files.all > 0 &&
                  ` · ${number(shown.answer.files.read)} of ${number(shown.answer.files.all)} files`}{' '}
                · lake {number(shown.answer.version)}
              </small>
            )}
            <span className="spring" />
            {shown && (
              <>
                <Segments
                  label="How the answer is shown"
                  choices={[
                    ['table', 'Table'],
                    ['chart', 'Chart'],
                  ]}
                  chosen={look}
                  onChoose={setLook}
                />
                <Button onClick={() => copy(tsv(shown.answer), 'rows')}>Copy rows</Button>
                <Download sql={shown.sql} name="query" version={shown.answer.version} />
              </>
            )}
          </div>
          {run.error && run.error.name !== 'AbortError' && (
            <pre className="notice red failed" role="alert">
              {run.error instanceof Problem
                ? plain(`${run.error.title}: ${run.error.detail}`)
                : run.error.message}
            </pre>
          )}
          {shown ? (
            <div className={`answer${run.isPending ? ' stale' : ''}`}>
              {look === 'chart' ? <ResultChart answer={shown.answer} /> : <Rows answer={shown.answer} />}
            </div>
          ) : (
            !run.error && (
              <Empty title="Ask in SQL">
                DuckDB's SQL over the tables on the left, limited to the rows that you may see. {MOD} Enter
                runs it.
              </Empty>
            )
          )}
        </div>
      </div>
    </>
  )
}

function Rows({ answer }: { answer: Answer }) {
  const numbered = useMemo(() => answer.rows.map((cells, index) => ({ cells, key: String(index) })), [answer])
  const columns = useMemo(
    () =>
      answer.columns.map(({ name, type }, index) => ({
        name: `${index}`,
        title: name,
        width: /INT|DOUBLE|DECIMAL|BOOLEAN/i.test(type)
          ? '120px'
          : /TIMESTAMP/i.test(type)
            ? '190px'
            : 'minmax(160px, 1fr)',
        right: /INT|DOUBLE|DECIMAL/i.test(type),
        cell: ({ cells }: { cells: unknown[] }) => cell(cells[index]),
      })),
    [answer],
  )
  if (numbered.length === 0) return <Empty title="No rows">Nothing meets the question's conditions.</Empty>
  return (
    <DataTable
      label="Answer"
      columns={columns}
      rows={numbered}
      keyOf={(row) => row.key}
      total={numbered.length}
    />
  )
}

function cell(value: unknown) {
  if (value === null || value === undefined) return <span className="faint">null</span>
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return (
    <span title={text.length > 40 ? text.slice(0, 2_000) : undefined}>
      {plain(text.length > 500 ? `${text.slice(0, 500)}…` : text)}
    </span>
  )
}

function tsv(answer: Answer): string {
  const line = (cells: readonly unknown[]) =>
    cells
      .map((one) =>
        (one === null ? '' : typeof one === 'object' ? JSON.stringify(one) : String(one)).replace(
          /[\t\r\n]+/g,
          ' ',
        ),
      )
      .join('\t')
  return [line(answer.columns.map(({ name }) => name)), ...answer.rows.map(line)].join('\n')
}

function Side({
  tables,
  onInsert,
}: {
  tables: ReturnType<typeof useAsk<'tables'>>
  onInsert: (sql: string) => void
}) {
  const [tab, setTab] = useState<'tables' | 'named' | 'saved' | 'history'>('tables')
  return (
    <aside className="side" aria-label="Tables and questions">
      <Segments
        label="What is listed"
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
                      Ask it
                    </button>
                  </details>
                ))}
              </div>
            )}
          </Part>
        ) : tab === 'named' ? (
          <Named onInsert={onInsert} />
        ) : (
          <Own questions={tab === 'saved' ? kept() : past()} onInsert={onInsert} />
        )}
      </div>
    </aside>
  )
}

function Named({ onInsert }: { onInsert: (sql: string) => void }) {
  const queries = useAsk('queries', {})
  return (
    <Part of={queries}>
      {({ queries: found }) => (
        <div>
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

function Own({ questions, onInsert }: { questions: readonly Kept[]; onInsert: (sql: string) => void }) {
  if (questions.length === 0)
    return <Empty title="None yet">What you run and save stays in this browser.</Empty>
  return questions.map(({ name, sql, at }) => (
    <button key={`${name}${at}`} type="button" className="question" title={sql} onClick={() => onInsert(sql)}>
      {name || <span className="mono cut">{sql.replace(/\s+/g, ' ').slice(0, 120)}</span>}
      <small>{new Date(at).toISOString().slice(0, 16).replace('T', ' ')}</small>
    </button>
  ))
}
