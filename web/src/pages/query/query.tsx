import { useMutation } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { address, type Output, Problem, post, useAsk } from '../../api/client.ts'
import { reach } from '../../api/reach.ts'
import { Download } from '../../parts/download.tsx'
import { useAddress, writeSearch } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { may, useMe } from '../../shell/me.ts'
import { number, plural } from '../../time/format.ts'
import { Button, MOD, Segments } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { later } from '../../ui/later.tsx'
import { plain } from '../../ui/plain.ts'
import { Empty, Skeleton } from '../../ui/states.tsx'
import { copy } from '../../ui/toast.tsx'
import { readValues, type Values, valuesFor, written } from './parameters.ts'
import { Parameters } from './parameters-form.tsx'
import { proposed } from './proposed.ts'
import { ResultChart } from './result-chart.tsx'
import { Rows, tsv } from './rows.tsx'
import { Save } from './saved.tsx'
import { Side } from './side.tsx'
import { past, remember } from './store.ts'
import './query.css'

type Answer = Output<'query'>

const Editor = later(async () => (await import('./editor.tsx')).Editor, <Skeleton rows={5} />)

/** SQL queries. The answer of the last one stays while the next is typed. */
export function Query() {
  const { one, list, change } = useAddress()
  const asked = one('sql')
  const me = useMe()
  const [typed, setSql] = useState(asked ?? past()[0]?.sql)
  const [values, setValues] = useState<Values>(() => readValues(list('p')))
  const [shown, setShown] = useState<{ answer: Answer; sql: string; values: Values }>()
  const [look, setLook] = useState<'table' | 'chart'>('table')
  const cancel = useRef<AbortController>(null)
  const tables = useAsk('tables', {})
  const sql = typed ?? proposed(may(me, 'activity'), tables.data?.tables)
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
  // Opening a link runs its query.
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
            <Editor value={sql} onChange={setSql} onRun={go} schema={tables.data} />
          </div>
          <Parameters sql={sql} values={values} onChange={setValues} onRun={go} />
          <div className="bar">
            <Button look="primary" onClick={go} disabled={run.isPending}>
              Run <kbd aria-hidden="true">{MOD} Enter</kbd>
            </Button>
            {run.isPending && <Button onClick={() => cancel.current?.abort()}>Cancel</Button>}
            {shown && (
              <small className={`num${shown.sql !== sql ? ' amber' : ''}`} role="status">
                {shown.sql !== sql && 'of the previous query · '}
                {shown.answer.more
                  ? `first ${number(shown.answer.rows.length)} rows`
                  : plural(shown.answer.rows.length, 'row')}{' '}
                · {number(shown.answer.ms)} ms
                {shown.answer.files.all > 0 &&
                  ` · ${number(shown.answer.files.read)} of ${plural(shown.answer.files.all, 'file')} read`}{' '}
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
                  name="query"
                  evidence={evidenceFor(shown.sql, shown.values, may(me, 'evidence'))}
                  from={(format) =>
                    reach('/api/query-export', {
                      method: 'POST',
                      headers: { 'content-type': 'application/json' },
                      body: JSON.stringify({
                        sql: shown.sql,
                        parameters: shown.values,
                        format,
                        version: shown.answer.version,
                      }),
                    })
                  }
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
                DuckDB's SQL over the listed tables, limited to the rows that you may see.{' '}
                <span className="by-keys">{MOD} Enter runs it.</span>
              </Empty>
            )
          )}
        </div>
      </div>
    </>
  )
}

/** Bundles are of queries without parameters, and of a length that every proxy lets through in a URL. */
function evidenceFor(sql: string, values: Values, allowed: boolean): (() => Promise<Response>) | undefined {
  const url = address('evidence', { sql })
  if (!allowed || Object.keys(values).length > 0 || url.length > 4_000) return undefined
  return () => reach(url)
}

function linkTo(sql: string, values: Values): string {
  return `${location.origin}/query${writeSearch({ sql, p: written(values) })}`
}
