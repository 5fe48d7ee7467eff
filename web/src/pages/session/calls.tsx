import { useEffect, useMemo, useRef } from 'react'
import type { Output } from '../../api/client.ts'
import { subjectOf } from '../../parts/subject.ts'
import { ms, number } from '../../time/format.ts'
import { JsonTree, parsed } from '../../ui/json.tsx'
import { plain } from '../../ui/plain.ts'
import { Empty, Skeleton } from '../../ui/states.tsx'
import { When } from '../../ui/when.tsx'
import './calls.css'

export type Call = Output<'session-calls'>['rows'][number]

const NONE: readonly Call[] = []

const PHASES = {
  before: '15 minutes before',
  during: 'during the session',
  after: '15 minutes after',
} as const

/**
 * Calls by the same credentials around the session. The call of the current time is highlighted; clicking a
 * call sets the time.
 */
export function Calls({
  calls: loaded,
  total,
  at,
  timed,
  opened,
  onOpen,
  onSeek,
}: {
  /** Undefined while they load. */
  calls: readonly Call[] | undefined
  total: number
  at: number
  timed: boolean
  opened: string | undefined
  onOpen: (id: string | undefined) => void
  onSeek: (at: number) => void
}) {
  const calls = loaded ?? NONE
  const current = useMemo(() => (timed ? nearest(calls, at) : undefined), [calls, at, timed])
  const lit = useRef<HTMLElement>(null)
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls only when the current call changes
  useEffect(() => {
    const [row, list] = [lit.current, box.current]
    // Scrolls the list only: the page itself must not move.
    if (!row || !list || list.scrollHeight <= list.clientHeight) return
    const above = row.offsetTop - list.offsetTop - 32
    if (above < list.scrollTop) list.scrollTop = above
    else if (above + 76 > list.scrollTop + list.clientHeight) list.scrollTop = above + 76 - list.clientHeight
  }, [current])
  return (
    <section className="pane calls" aria-label="API calls">
      <header>
        <h2>API calls</h2>
        <small title="From 15 minutes before to 15 minutes after">same access key or source identity</small>
      </header>
      <div className="list num" ref={box}>
        {!loaded && <Skeleton />}
        {loaded?.length === 0 && (
          <Empty title="No other calls">
            The same access key and source identity called nothing else from 15 minutes before to 15 minutes
            after.
          </Empty>
        )}
        {(['before', 'during', 'after'] as const).map((phase) => {
          const these = calls.filter((call) => call.phase === phase)
          return (
            these.length > 0 && (
              <section key={phase} aria-label={PHASES[phase]}>
                <h3>{PHASES[phase]}</h3>
                <ul>
                  {these.map((call) => (
                    <li
                      key={call.eventid}
                      ref={call.eventid === current ? (lit as React.RefObject<HTMLLIElement>) : undefined}
                    >
                      <button
                        type="button"
                        className={call.eventid === current ? 'call current' : 'call'}
                        aria-expanded={opened === call.eventid}
                        onClick={() => {
                          onOpen(opened === call.eventid ? undefined : call.eventid)
                          const time = ms(call.eventtime)
                          if (time !== undefined) onSeek(time)
                        }}
                      >
                        <span className="mono faint">
                          <When at={call.eventtime} form="clock" />
                        </span>
                        <span className="what">
                          {plain(`${(call.eventsource ?? '').split('.')[0]}:${call.eventname ?? ''}`)}
                          <small>{plain(subjectOf(call))}</small>
                        </span>
                        <Result call={call} />
                      </button>
                      {opened === call.eventid && <Detail call={call} />}
                    </li>
                  ))}
                </ul>
              </section>
            )
          )
        })}
        {total > calls.length && (
          <p className="faint more">
            The first {number(calls.length)} of {number(total)} calls.
          </p>
        )}
      </div>
    </section>
  )
}

export function Result({ call }: { call: { errorcode: string | null; readonly: boolean | null } }) {
  if (call.errorcode)
    return <span className="tag red cut">{plain(call.errorcode.replace(/^Client\./, ''))}</span>
  return call.readonly === false ? <span className="tag amber">change</span> : <span />
}

function Detail({ call }: { call: Call }) {
  const facts = [
    ['From', call.sourceipaddress],
    ['Region', call.awsregion],
    ['By', call.same === 'both' ? 'access key and source identity' : call.same],
    ['Agent', call.useragent],
  ] as const
  return (
    <div className="detail">
      <dl>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{plain(value)}</dd>
              </div>
            ),
        )}
      </dl>
      {call.requestparameters && <JsonTree value={parsed(call.requestparameters)} />}
      <a
        href={`/activity?t=${encodeURIComponent(`${call.eventtime} ±15m`)}&e=${encodeURIComponent(call.eventid)}`}
      >
        Open in Activity
      </a>
    </div>
  )
}

/** The call nearest to the current time, at most five seconds away. */
function nearest(calls: readonly Call[], at: number): string | undefined {
  let found: { id: string; away: number } | undefined
  for (const { eventid, eventtime } of calls) {
    const away = Math.abs((ms(eventtime) ?? Number.POSITIVE_INFINITY) - at)
    if (away <= 5_000 && (!found || away < found.away)) found = { id: eventid, away }
  }
  return found?.id
}
