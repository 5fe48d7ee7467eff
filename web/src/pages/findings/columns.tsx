import type { Output } from '../../api/client.ts'
import { number } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import { Severity } from '../../ui/severity.tsx'
import type { Card, Column } from '../../ui/table.tsx'
import { When } from '../../ui/when.tsx'
import { VERDICT_WORD } from './verdicts.ts'

type Row = Output<'findings'>['rows'][number]

/** The explanation without its first sentence: other columns show who, where and when. */
function whyOf({ explanation, rule }: Row): string {
  return explanation?.split('. ').slice(1).join('. ') || rule
}

/** A finding on a phone, with a tick box at its beginning for those who may triage. */
export function cardOf(choose: Column<Row> | undefined): Card<Row> {
  return {
    title: 'What was found, who, when',
    height: 64,
    cell: (row) =>
      choose ? (
        <span className="ticked-card">
          <span className="tick">{choose.cell(row)}</span>
          <CardOf row={row} />
        </span>
      ) : (
        <CardOf row={row} />
      ),
  }
}

function CardOf({ row }: { row: Row }) {
  return (
    <span className="row-card">
      <span className="strong line">
        {plain(row.title)}
        {row.count > 1 && <span className="faint"> ×{number(row.count)}</span>}
      </span>
      <small className="line">{plain(whyOf(row))}</small>
      <small className="num">
        {plain(row.who ?? 'unknown')}, <When at={row.time} />
      </small>
      <span className="end">
        <Severity of={row.severity} />
      </span>
    </span>
  )
}

export function tickOf(
  chosen: ReadonlySet<string>,
  setChosen: (next: ReadonlySet<string>) => void,
): Column<Row> {
  return {
    name: 'choose',
    title: '',
    width: '20px',
    cell: (row) => (
      <input
        type="checkbox"
        aria-label={`Choose ${row.title}`}
        checked={chosen.has(row.id)}
        onClick={(event) => event.stopPropagation()}
        onChange={() => {
          const next = new Set(chosen)
          if (!next.delete(row.id)) next.add(row.id)
          setChosen(next)
        }}
      />
    ),
  }
}

export function columnsOf(choose: Column<Row> | undefined, besideRecord: boolean): Column<Row>[] {
  const when: Column<Row> = {
    name: 'time',
    title: 'When',
    width: '118px',
    cell: (row) => <When at={row.time} />,
  }
  return [
    ...(choose ? [choose] : []),
    { name: 'severity', title: 'Severity', width: '84px', cell: (row) => <Severity of={row.severity} /> },
    {
      name: 'title',
      title: 'What was found',
      width: 'minmax(200px, 2fr)',
      cell: (row) => (
        <>
          <span className="strong">{plain(row.title)}</span>
          {row.count > 1 && <span className="faint"> ×{number(row.count)}</span>}
          <small title={row.explanation ?? ''}>{plain(whyOf(row))}</small>
        </>
      ),
    },
    {
      name: 'who',
      title: 'Who, what',
      width: 'minmax(130px, 1fr)',
      cell: (row) => (
        <>
          {plain(row.who ?? '')}
          <small>{plain(row.what ?? '')}</small>
        </>
      ),
    },
    // Next to an open finding, which has it, a column less keeps the others whole.
    ...(besideRecord ? [] : [when]),
    {
      name: 'state',
      title: 'State',
      width: '110px',
      cell: (row) => (
        <>
          {row.state === 'closed' && row.verdict ? VERDICT_WORD[row.verdict] : row.state}
          <small>{plain(row.assignee ?? (row.state === 'open' ? 'unassigned' : ''))}</small>
        </>
      ),
    },
  ]
}
