import { useState } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { Header } from '../shell/header.tsx'
import { dayTime, ms, number, plural } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { plain } from '../ui/plain.ts'
import { Empty, Part } from '../ui/states.tsx'
import { When } from '../ui/when.tsx'
import { Record } from './record.tsx'
import './digest.css'

type Data = Output<'digest'>

const KINDS = [
  ['destructive', 'Deleted, stopped, switched off'],
  ['denied', 'Refused'],
  ['loud', 'Louder than usual'],
  ['new', 'For the first time'],
  ['rare', 'Hardly ever done here'],
] as const

const COLOUR = { high: 'red', medium: 'amber', low: '', informational: '' } as const

/** What stands out in the last day of the lake, counted without a model; each line with its events. */
export function Digest() {
  const digest = useAsk('digest', {})
  const [record, setRecord] = useState<string>()
  return (
    <>
      <Header title="Digest" />
      <div className="page roomy digest">
        <Part of={digest}>{(data) => <Told data={data} onOpen={setRecord} />}</Part>
      </div>
      {record !== undefined && <Record table="cloudtrail" id={record} onClose={() => setRecord(undefined)} />}
    </>
  )
}

function Told({ data, onOpen }: { data: Data; onOpen: (id: string) => void }) {
  const { since, until, events, principals, accounts, past, own, lines, more } = data
  return (
    <>
      <p className="soft">
        {dayTime(ms(since) ?? 0)} to {dayTime(ms(until) ?? 0)}: {plural(events, 'event')} of{' '}
        {plural(principals, 'principal')} in {plural(accounts, 'account')}.{' '}
        {past.days === 0
          ? 'There are no days before it to hold it against: what is new, rare or loud is not told.'
          : `Held against ${plural(past.days, 'day')} before it${past.days < past.wanted ? ` (${past.wanted} are wanted)` : ''}.`}{' '}
        {plural(own, 'event')} of loglake’s own left out. No model has read anything for this.
      </p>
      {lines.length === 0 && (
        <Empty title={events === 0 ? 'There are no events' : 'Nothing stands out'}>
          {events === 0 ? 'Nothing can be said of this window.' : 'It was as in the days before.'}
        </Empty>
      )}
      {KINDS.map(([kind, title]) => {
        const those = lines.filter((line) => line.kind === kind)
        if (those.length === 0) return null
        return (
          <section key={kind} className="card" aria-label={title}>
            <header>
              <h2>{title}</h2>
              {(more[kind] ?? 0) > 0 && <small>and {number(more[kind] ?? 0)} more, less grave ones</small>}
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
        <span className={`tag ${COLOUR[severity]}`}>{severity}</span>
      </span>
      {/* The time stands beside it, as the reader wants times. */}
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
