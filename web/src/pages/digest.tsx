import { useState } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { Header } from '../shell/header.tsx'
import { dayTime, ms, number, plural } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { plain } from '../ui/plain.ts'
import { Empty, Part } from '../ui/states.tsx'
import { Record } from './record.tsx'

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
      <div className="page roomy">
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
          <section key={kind} className="pane" aria-label={title}>
            <header>
              <h2>{title}</h2>
            </header>
            <ul>
              {those.map(({ severity, said, ids }) => (
                <li key={`${said} ${ids[0]}`}>
                  <span className={`tag ${COLOUR[severity]}`}>{severity}</span> {plain(said)}
                  <small>
                    {ids.map((id, at) => (
                      <Button key={id} onClick={() => onOpen(id)}>
                        event {at + 1}
                      </Button>
                    ))}
                  </small>
                </li>
              ))}
            </ul>
            {(more[kind] ?? 0) > 0 && (
              <p className="soft">and {number(more[kind] ?? 0)} more, less grave ones</p>
            )}
          </section>
        )
      })}
    </>
  )
}
