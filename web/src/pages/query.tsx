import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Output, Problem, post, useAsk } from '../api/client.ts'
import { useAddress, writeSearch } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { may, useMe } from '../shell/me.ts'
import { number, plural } from '../time/format.ts'
import { Button, MOD, Segments } from '../ui/button.tsx'
import { useKeys } from '../ui/keys.ts'
import { plain } from '../ui/plain.ts'
import { Empty, Skeleton } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { copy } from '../ui/toast.tsx'
import { Download } from './download.tsx'
import { parametersIn, readValues, type Values, valuesFor, written } from './query/parameters.ts'
import { ResultChart } from './query/result-chart.tsx'
import { Save } from './query/saved.tsx'
import { Side } from './query/side.tsx'
import { past, remember } from './query/store.ts'
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
  const { one, list, change } = useAddress()
  const asked = one('sql')
  const [sql, setSql] = useState(asked ?? past()[0]?.sql ?? FIRST)
  const [values, setValues] = useState<Values>(() => readValues(list('p')))
  const [shown, setShown] = useState<{ answer: Answer; sql: string; values: Values }>()
  const [look, setLook] = useState<'table' | 'chart'>('table')
  const cancel = useRef<AbortController>(null)
  const tables = useAsk('tables', {})
  const me = useMe()
  const run = useMutation({
    mutationFn: ({ text, given }: { text: string; given: Values }) => {
      cancel.current?.abort()
      cancel.current = new AbortController()
      return post('query', { sql: text, parameters: given, limit: 2_000 }, cancel.current.signal)
    },
    onSuccess: (answer, { text, given }) => {
      setShown({ answer, sql: text, values: given })
      remember(text)
      change({ sql: text, p: written(given) }, { replace: true })
    },
  })
  const { mutate } = run
  const given = useMemo(() => valuesFor(sql, values), [sql, values])
  const go = useCallback(() => mutate({ text: sql, given }), [mutate, sql, given])
  useKeys({ 'Mod+Enter': go })
  // A link asks its question when it is opened.
  const first = useRef(true)
  useEffect(() => {
    if (first.current && asked) mutate({ text: asked, given })
    first.current = false
  }, [asked, given, mutate])
  return (
    <>
      <Header title="Query">
        {may(me, 'saved-save') && <Save sql={sql} values={given} />}
        <Button onClick={() => copy(linkTo(sql, given), 'link')}>Copy link</Button>
      </Header>
      <div className="page query">
        <Side
          tables={tables}
          onInsert={(text, kept = {}) => {
            setSql(text)
            setValues(kept)
          }}
        />
        <div className="main">
          <div className="editor">
            <Suspense fallback={<Skeleton rows={5} />}>
              <Editor value={sql} onChange={setSql} onRun={go} schema={tables.data} />
            </Suspense>
          </div>
          <Parameters sql={sql} values={values} onChange={setValues} onRun={go} />
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
                <Download
                  sql={shown.sql}
                  parameters={shown.values}
                  name="query"
                  version={shown.answer.version}
                />
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

function linkTo(sql: string, values: Values): string {
  return `${location.origin}/query${writeSearch({ sql, p: written(values) })}`
}

/** A field for every parameter of the question; one that is left empty is NULL. */
function Parameters({
  sql,
  values,
  onChange,
  onRun,
}: {
  sql: string
  values: Values
  onChange: (values: Values) => void
  onRun: () => void
}) {
  const names = useMemo(() => parametersIn(sql), [sql])
  if (names.length === 0) return null
  return (
    <form
      className="parameters"
      aria-label="Parameters"
      onSubmit={(event) => {
        event.preventDefault()
        onRun()
      }}
    >
      {names.map((name) => (
        <label key={name}>
          <span className="mono">${name}</span>
          <input
            className="input"
            value={values[name] ?? ''}
            placeholder="null"
            onChange={(event) => onChange({ ...values, [name]: event.target.value })}
          />
        </label>
      ))}
      <button type="submit" hidden />
    </form>
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
