import type { Output } from '../../api/client.ts'
import { subjectOf } from '../../parts/subject.ts'
import { isMachine, shortRole } from '../../ui/identity.ts'
import { plain } from '../../ui/plain.ts'
import type { Card, Column } from '../../ui/table.tsx'
import { Value } from '../../ui/value.tsx'
import { When } from '../../ui/when.tsx'
import { Result } from '../session/calls.tsx'

type Row = Output<'activity'>['rows'][number]

export const CARD: Card<Row> = {
  title: 'Call, who, what, when',
  height: 64,
  cell: (row) => (
    <span className="row-card">
      <span>
        <span className="faint">{plain((row.eventsource ?? '').split('.')[0] ?? '')}:</span>
        {plain(row.eventname ?? '')}
      </span>
      <span className="end">
        <Result call={row} />
      </span>
      <small className={isMachine(row.actor, row.actor_kind) ? 'machine line' : 'line'}>
        {plain(shortRole(row.actor) || 'unknown')}
      </small>
      <small>{plain(subjectOf(row))}</small>
      <small className="end num">
        <When at={row.eventtime} />
      </small>
    </span>
  ),
}

export function columnsOf(
  more: readonly string[],
  onFilter: (condition: string) => void,
  besideRecord: boolean,
): Column<Row>[] {
  const from: Column<Row> = {
    name: 'address',
    title: 'From',
    width: '112px',
    cell: (row) => (
      <Value
        field="sourceipaddress"
        value={row.sourceipaddress ?? ''}
        className="faint"
        onFilter={onFilter}
      />
    ),
  }
  return [
    {
      name: 'time',
      title: 'Time',
      width: '118px',
      cell: (row) => (
        <span className="mono">
          <When at={row.eventtime} />
        </span>
      ),
    },
    {
      name: 'actor',
      title: 'Who',
      width: 'minmax(120px, 1fr)',
      cell: (row) => (
        <Value
          field="actor"
          value={row.actor ?? ''}
          shown={shortRole(row.actor) || 'unknown'}
          className={isMachine(row.actor, row.actor_kind) ? 'machine' : ''}
          onFilter={onFilter}
        />
      ),
    },
    {
      name: 'action',
      title: 'Call',
      width: 'minmax(170px, 1.4fr)',
      cell: (row) => (
        <span className="call-cell">
          <span className="faint">{(row.eventsource ?? '').split('.')[0]}:</span>
          <Value field="eventname" value={row.eventname ?? ''} onFilter={onFilter} />
        </span>
      ),
    },
    {
      name: 'what',
      title: 'What',
      width: 'minmax(90px, 1fr)',
      cell: (row) => <span className="soft">{plain(subjectOf(row))}</span>,
    },
    { name: 'result', title: 'Result', width: '124px', cell: (row) => <Result call={row} /> },
    // Next to an open record, which has it, a column less keeps the others whole.
    ...(besideRecord ? [] : [from]),
    ...more.map((name) => ({
      name,
      title: name,
      width: '160px',
      cell: (row: Row) => {
        const value = row[name]
        return value === null || value === undefined ? (
          ''
        ) : (
          <Value field={name} value={String(value)} onFilter={onFilter} />
        )
      },
    })),
  ]
}
