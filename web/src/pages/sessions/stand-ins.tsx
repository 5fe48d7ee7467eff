import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureText, type Output, post, useAsk } from '../../api/client.ts'
import { may, useMe } from '../../shell/me.ts'
import { dayTime, ms } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/float.tsx'
import { plain } from '../../ui/plain.ts'
import { say } from '../../ui/toast.tsx'
import './stand-ins.css'

type StandIn = Output<'delegations'>['rows'][number]

const DAY_MS = 86_400_000

/** Who stands in for whom; a manager gives their reviews to somebody for a time here. */
export function StandIns() {
  const [open, setOpen] = useState(false)
  const known = useAsk('delegations', {}).data
  const me = useMe()
  const now = known?.rows.filter(({ state }) => state === 'now') ?? []
  const away = now.find(({ from }) => from === me?.name)
  return (
    <>
      {away && <span className="tag amber">{plain(away.to)} stands in for you</span>}
      <Button onClick={() => setOpen(true)}>Stand-ins…</Button>
      {open && known && <StandInDialog rows={known.rows} onClose={() => setOpen(false)} />}
    </>
  )
}

function StandInDialog({ rows, onClose }: { rows: readonly StandIn[]; onClose: () => void }) {
  const me = useMe()
  const standing = rows.filter(({ state }) => state !== 'over')
  return (
    <Dialog title="Stand-ins" onClose={onClose}>
      {standing.length === 0 ? (
        <p className="soft">Nobody stands in for anybody now.</p>
      ) : (
        <ul className="stand-ins" aria-label="Stand-ins">
          {standing.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </ul>
      )}
      {may(me, 'delegate') && <Give onGiven={onClose} />}
    </Dialog>
  )
}

function Line({ one }: { one: StandIn }) {
  const [ending, setEnding] = useState(false)
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: () => post('delegation-end', { id: one.id, reason }),
    onSuccess: () => {
      say(`${one.to} does not stand in any more`)
      return client.invalidateQueries()
    },
    onError: told,
  })
  const when = (time: string) => dayTime(ms(time) ?? 0).slice(0, -3)
  return (
    <li>
      <span>
        <b>{plain(one.to)}</b> for {plain(one.from)}
        <small>
          {one.state === 'coming' ? `from ${when(one.begins)} ` : ''}until {when(one.ends)} · “
          {plain(one.reason)}”
        </small>
      </span>
      {one.may_end && !ending && <Button onClick={() => setEnding(true)}>End…</Button>}
      {ending && (
        <form
          className="field"
          onSubmit={(event) => {
            event.preventDefault()
            if (reason.trim().length >= 3) send.mutate()
          }}
        >
          <label htmlFor={`end-${one.id}`}>Why it ends now</label>
          <input
            id={`end-${one.id}`}
            className="input"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button
            type="submit"
            off={reason.trim().length < 3 ? 'It needs a reason' : undefined}
            disabled={send.isPending}
          >
            End it
          </Button>
        </form>
      )}
    </li>
  )
}

function told(error: Error): void {
  say(failureText(error))
}

/** A day as a field of dates has it, so many days from now. */
function dayIn(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
}

function Give({ onGiven }: { onGiven: () => void }) {
  const today = dayIn(0)
  const [to, setTo] = useState('')
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState(dayIn(7))
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: () =>
      post('delegate', {
        to: to.trim(),
        ...(from > today ? { from: `${from}T00:00:00Z` } : {}),
        // The day that is named is the last on which it holds.
        until: new Date(Date.parse(`${until}T00:00:00Z`) + DAY_MS).toISOString(),
        reason,
      }),
    onSuccess: () => {
      say(`${to.trim()} stands in for you`)
      onGiven()
      return client.invalidateQueries()
    },
  })
  const off = !to.trim()
    ? 'Say who stands in'
    : until < from
      ? 'It ends before it begins'
      : reason.trim().length < 3
        ? 'It needs a reason'
        : undefined
  return (
    <form
      className="give"
      onSubmit={(event) => {
        event.preventDefault()
        if (!off) send.mutate()
      }}
    >
      <h2>Give your reviews to somebody</h2>
      <p className="soft">
        They see your people's sessions and decide on them in your place; each decision has both names. Their
        own sessions stay with you.
      </p>
      <div className="field">
        <label htmlFor="stand-in">Stand-in</label>
        <input
          id="stand-in"
          className="input"
          value={to}
          placeholder="ines@example.com"
          onChange={(event) => setTo(event.target.value)}
        />
      </div>
      <div className="days">
        {(
          [
            ['stand-in-from', 'First day (UTC)', from, setFrom, today],
            ['stand-in-until', 'Last day (UTC)', until, setUntil, from],
          ] as const
        ).map(([id, label, value, set, least]) => (
          <div className="field" key={id}>
            <label htmlFor={id}>{label}</label>
            <input
              id={id}
              className="input"
              type="date"
              min={least}
              value={value}
              onChange={(event) => set(event.target.value)}
            />
          </div>
        ))}
      </div>
      <div className="field">
        <label htmlFor="stand-in-why">Reason</label>
        <textarea
          id="stand-in-why"
          className="input"
          rows={2}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      {send.error && (
        <p className="notice red" role="alert">
          {failureText(send.error)}
        </p>
      )}
      <Button look="primary" type="submit" off={off} disabled={send.isPending}>
        Give them my reviews
      </Button>
    </form>
  )
}
