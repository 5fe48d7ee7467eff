import { useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { type Output, useAsk } from '../../api/client.ts'
import { Decision } from '../../parts/decision/decision.tsx'
import { useLooked } from '../../parts/decision/looked.ts'
import { useAddress } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { may, useMe } from '../../shell/me.ts'
import { ms } from '../../time/format.ts'
import { useKeys } from '../../ui/keys.ts'
import { Failed, Skeleton } from '../../ui/states.tsx'
import { Calls } from './calls.tsx'
import { usePlayer } from './clock.ts'
import { Facts } from './facts.tsx'
import { Findings } from './findings.tsx'
import { rowsOf } from './lines.ts'
import { useOutput } from './output.ts'
import { Terminal, type View } from './terminal.tsx'
import { Title } from './title.tsx'
import './session.css'

/** A session: its terminal and API calls side by side on one clock, and its review. */
export function Session() {
  const { id } = useParams({ strict: false }) as { id: string }
  const session = useAsk('session', { id })
  if (session.error && !session.data)
    return (
      <>
        <Header title="Session" />
        <Failed error={session.error} retry={() => session.refetch()} list="/sessions" />
      </>
    )
  if (!session.data || session.isPlaceholderData)
    return (
      <>
        <Header title="Session" />
        <Skeleton />
      </>
    )
  return <Opened key={id} id={id} session={session.data} />
}

function Opened({ id, session }: { id: string; session: Output<'session'> }) {
  const me = useMe()
  const { one, change } = useAddress()
  const facts = session.session
  const [unmask, setUnmask] = useState(false)
  const view = (one('view') ?? 'lines') as View
  const output = useOutput(id, session, unmask)
  const rows = useMemo(() => rowsOf(output.pieces), [output.pieces])
  const calls = useAsk('session-calls', { id })
  const began = ms(session.output.from) ?? ms(facts.started) ?? 0
  const start = Math.min(ms(facts.started) ?? began, began)
  const end = Math.max(ms(session.output.until) ?? start, ms(facts.ended) ?? start)
  const gaps = useMemo(
    () => rows.flatMap((row) => (row.kind === 'gap' ? [{ from: row.from, to: row.to }] : [])),
    [rows],
  )
  const player = usePlayer(start, end, gaps)
  const [opened, setOpened] = useState<string>()
  // Loads more output when the player reaches the end of the loaded part.
  const shownUntil = ms(output.pieces.at(-1)?.at)
  const { more } = output
  useEffect(() => {
    if (more && player.touched && shownUntil !== undefined && player.at >= shownUntil) more()
  }, [more, player.touched, player.at, shownUntil])
  const looked = useLooked(facts.review?.id, {
    lines: session.output.lines,
    calls: calls.data?.total,
    callsShown: calls.data !== undefined && calls.data.rows.length === calls.data.total,
    findings: session.findings.length,
  })
  const dots = useMemo(() => dotsOf(session, calls.data), [session, calls.data])
  useKeys({ Escape: () => setOpened(undefined) })
  return (
    <>
      <Title id={id} session={session} />
      <div className="page session">
        <Facts session={session} calls={calls.data} />
        <Findings session={session} onOpen={looked.openFinding} onSeek={player.seek} />
        <div className={`cols${facts.review && may(me, 'review') ? '' : ' two'}`}>
          <Terminal
            session={session}
            pieces={output.pieces}
            rows={rows}
            loading={output.loading}
            onMore={output.more}
            player={player}
            from={start}
            to={end}
            gaps={gaps}
            dots={dots}
            view={view}
            onView={(next) => change({ view: next === 'lines' ? undefined : next }, { replace: true })}
            find={one('find') ?? ''}
            onFind={(text) => change({ find: text || undefined }, { replace: true })}
            onSeen={looked.seeLine}
            unmask={unmask}
            mayUnmask={me?.unmask ?? false}
            onUnmask={() => setUnmask(true)}
          />
          {calls.error && !calls.data ? (
            <section className="pane calls">
              <Failed error={calls.error} retry={() => calls.refetch()} />
            </section>
          ) : (
            <Calls
              calls={calls.data?.rows}
              total={calls.data?.total ?? 0}
              at={player.at}
              timed={session.output.timed}
              opened={opened}
              onOpen={(event) => {
                setOpened(event)
                if (event) looked.openRow(event)
              }}
              onSeek={player.seek}
            />
          )}
          {facts.review && may(me, 'review') && <Decision id={facts.review.id} looked={looked.now} />}
        </div>
      </div>
    </>
  )
}

function dotsOf(session: Output<'session'>, calls: Output<'session-calls'> | undefined) {
  return [
    ...session.findings.flatMap(({ time, title }) => {
      const at = ms(time)
      return at === undefined ? [] : [{ at, title }]
    }),
    ...(calls?.rows ?? []).flatMap(({ eventtime, errorcode, eventname, phase }) => {
      const at = ms(eventtime)
      return errorcode && phase === 'during' && at !== undefined
        ? [{ at, title: `${eventname}: ${errorcode}` }]
        : []
    }),
  ]
}
