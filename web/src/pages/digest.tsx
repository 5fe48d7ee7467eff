import { useState } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { NothingYet } from '../parts/nothing-yet.tsx'
import { Record } from '../parts/record.tsx'
import { useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { dayTime, ms, number, plural } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { plain } from '../ui/plain.ts'
import { Empty, Part } from '../ui/states.tsx'
import { When } from '../ui/when.tsx'
import './digest.css'
import { Severity } from '../ui/severity.tsx'

type Data = Output<'digest'>

const KINDS = [
  ['destructive', 'Deleted, stopped, switched off'],
  ['denied', 'Refused'],
  ['loud', 'Louder than usual'],
  ['new', 'For the first time'],
  ['rare', 'Hardly ever done here'],
] as const

/** Unusual activity of the lake's last day, counted without a model; each line leads to its events. */
export function Digest() {
  const { has } = useRange()
  const none = has?.includes('calls') === false
  const digest = useAsk('digest', {}, has !== undefined && !none)
  const [record, setRecord] = useState<string>()
  return (
    <>
      <Header title="Digest" />
      <div className="page roomy digest">
        {none ? (
          <NothingYet of="calls" />
        ) : (
          <Part of={digest}>{(data) => <Lines data={data} onOpen={setRecord} />}</Part>
        )}
      </div>
      {record !== undefined && <Record table="cloudtrail" id={record} onClose={() => setRecord(undefined)} />}
    </>
  )
}

function Lines({ data, onOpen }: { data: Data; onOpen: (id: string) => void }) {
  const { since, until, events, principals, accounts, past, own, lines, more } = data
  return (
    <>
      <p className="soft">
        {dayTime(ms(since) ?? 0)} to {dayTime(ms(until) ?? 0)}: {plural(events, 'event')} of{' '}
        {plural(principals, 'principal')} in {plural(accounts, 'account')}.{' '}
        {past.days === 0
          ? 'No earlier days are in the lake to compare with, so new, rare and loud activity is not reported.'
          : `Compared with the ${plural(past.days, 'day')} before${past.days < past.wanted ? ` (of ${past.wanted} that a comparison needs)` : ''}.`}{' '}
        {plural(own, 'event')} of loglake itself left out. No model was used.
      </p>
      {lines.length === 0 && (
        <Empty title={events === 0 ? 'There are no events' : 'Nothing stands out'}>
          {events === 0 ? 'The lake has no event of this day.' : 'It was like the days before.'}
        </Empty>
      )}
      {KINDS.map(([kind, title]) => {
        const those = lines.filter((line) => line.kind === kind)
        if (those.length === 0) return null
        return (
          <section key={kind} className="card" aria-label={title}>
            <header>
              <h2>{title}</h2>
              {(more[kind] ?? 0) > 0 && <small>and {number(more[kind] ?? 0)} more, less severe</small>}
            </header>
            <ul>
              {those.map((line) => (
                <One key={`${line.said} ${line.ids[0]}`} line={line} onOpen={onOpen} />
              ))}
            </ul>
          </section>
        )
      })}
    </>
  )
}

function One({ line, onOpen }: { line: Data['lines'][number]; onOpen: (id: string) => void }) {
  const { severity, said, ids, first_time: first, last_time: last } = line
  const when = first === last ? first : `${first} to ${last}`
  return (
    <li>
      <span>
        <Severity of={severity} />
      </span>
      {/* The next column shows the time in the reader's zone. */}
      <span className="said">{plain(said.endsWith(when) ? said.slice(0, -when.length).trim() : said)}</span>
      <span className="soft">
        <When at={first} />
        {first !== last && (
          <>
            {' to '}
            <When at={last} form={first.slice(0, 10) === last.slice(0, 10) ? 'clock' : 'day'} />
          </>
        )}
      </span>
      <span className="events">
        {ids.map((id, at) => (
          <Button key={id} look="quiet" onClick={() => onOpen(id)}>
            {ids.length === 1 ? 'Event' : `Event ${at + 1}`}
          </Button>
        ))}
      </span>
    </li>
  )
}
