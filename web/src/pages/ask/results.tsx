import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { number, plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { plain } from '../../ui/plain.ts'
import { Scrolled } from '../../ui/scrolled.tsx'
import { copy } from '../../ui/toast.tsx'
import type { Answer, Result } from './asking.ts'
import type { Cited } from './claims.tsx'
import { recordOf, runnable } from './sql.ts'
import './results.css'

const KINDS: Record<Result['kind'], string> = {
  named: 'named question',
  view: 'view',
  sql: 'SQL of the model',
  values: 'values of a column',
  reading: 'read by a model',
}

const AIMED = 'A finding says that this row contains a prompt injection'

/** Rows shown before a person asks for all. */
const FIRST = 10

/** The results behind an answer, each with its SQL and rows. */
export function Results({
  answer,
  cited,
  onOpen,
}: {
  answer: Answer
  cited: Cited | undefined
  onOpen: (record: { table: string; id: string }) => void
}) {
  return answer.results.map((result) => (
    <ResultCard
      key={result.id}
      result={result}
      cited={cited?.result === result.id ? cited : undefined}
      onOpen={onOpen}
    />
  ))
}

function ResultCard({
  result,
  cited,
  onOpen,
}: {
  result: Result
  cited: Cited | undefined
  onOpen: (record: { table: string; id: string }) => void
}) {
  const [all, setAll] = useState(false)
  const [sql, setSql] = useState(false)
  const card = useRef<HTMLElement>(null)
  const isCited = new Set(cited?.rows)
  const beyond = cited?.rows.some((row) => row > FIRST) ?? false
  const { rows } = result
  useEffect(() => {
    if (!cited) return
    const row = card.current?.querySelector('tr.cited')
    const target = row ?? card.current
    target?.scrollIntoView({ block: row ? 'center' : 'start' })
  }, [cited])
  const isAll = all || beyond || rows.length <= FIRST + 2
  const shown = isAll ? rows : rows.slice(0, FIRST)
  const statement = runnable(result)
  return (
    <section className={`card result${cited ? ' cited' : ''}`} ref={card} aria-label={`Result ${result.id}`}>
      <header>
        <span className="tag">{result.id}</span>
        <h3 className="cut" title={plain(result.title)}>
          {plain(result.title)}
        </h3>
        {KINDS[result.kind] !== result.title && (
          <span
            className={`tag${result.kind === 'named' ? ' blue' : result.kind === 'view' ? '' : ' violet'}`}
          >
            {KINDS[result.kind]}
          </span>
        )}
        <span className="spring" />
        <small className="num">
          {result.more ? `first ${number(rows.length)} rows` : plural(rows.length, 'row')}
        </small>
        <Button look="quiet" aria-expanded={sql} onClick={() => setSql(!sql)}>
          SQL
        </Button>
        <Link className="btn quiet" to="/query" search={{ sql: statement } as never}>
          Open in Query
        </Link>
      </header>
      {sql && (
        <div className="sql">
          <Scrolled label={`SQL of ${result.id}`} text={plain(statement)} />
          <footer>
            <small>
              {spanOf(result)}lake {number(result.version)}
            </small>
            <span className="spring" />
            <Button look="quiet" onClick={() => copy(statement, 'SQL')}>
              Copy
            </Button>
          </footer>
        </div>
      )}
      {rows.length === 0 ? (
        <p className="none">No row meets the conditions.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
        <section className="scroll-x" tabIndex={0} aria-label={`Rows of ${result.id}`}>
          <table className="plain">
            <thead>
              <tr>
                <th className="right" scope="col">
                  <span className="hidden">Row</span>
                </th>
                {result.columns.map(({ name, type }, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: names may come twice
                  <th key={at} scope="col" className={isNumber(type) ? 'right' : undefined}>
                    {plain(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row, at) => {
                const record = recordOf(result, row)
                const isFlagged = result.flagged.includes(at + 1)
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a row is named by its place
                  <tr key={at} className={isCited.has(at + 1) ? 'cited' : undefined}>
                    <td className="right faint num">
                      {isFlagged && (
                        <span className="red" role="img" aria-label={AIMED} title={AIMED}>
                          ⚑{' '}
                        </span>
                      )}
                      {record ? (
                        <button
                          type="button"
                          title="Open the whole record"
                          aria-label={`Open the record of row ${at + 1}`}
                          onClick={() => onOpen(record)}
                        >
                          {at + 1}
                        </button>
                      ) : (
                        at + 1
                      )}
                    </td>
                    {result.columns.map(({ type }, column) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: names may come twice
                      <td key={column} className={isNumber(type) ? 'right num' : undefined}>
                        {cell(row[column], isNumber(type))}
                      </td>
                    ))}
                  </tr>
                )
              })}
            </tbody>
          </table>
        </section>
      )}
      {!isAll && (
        <Button look="quiet" className="more" onClick={() => setAll(true)}>
          Show all {number(rows.length)} rows
        </Button>
      )}
    </section>
  )
}

function spanOf({ since, until }: Result): string {
  if (since && until) return `from ${since} to ${until} · `
  if (since) return `from ${since} on · `
  return until ? `before ${until} · ` : ''
}

function isNumber(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/i.test(type)
}

function cell(value: unknown, isAmount: boolean) {
  if (value === null || value === undefined) return <span className="faint">–</span>
  if (isAmount && typeof value === 'number') return number(value)
  if (value === '') return <span className="faint">empty</span>
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return (
    <span title={text.length > 28 ? plain(text.slice(0, 2_000)) : undefined}>
      {plain(text.slice(0, 300))}
    </span>
  )
}
