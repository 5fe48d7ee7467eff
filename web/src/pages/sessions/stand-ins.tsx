import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureText, type Output, post, useAsk } from '../../api/client.ts'
import { may, useMe } from '../../shell/me.ts'
import { dayTime, ms } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/float.tsx'
import { plain } from '../../ui/plain.ts'
import { Refusal } from '../../ui/states.tsx'
import { say } from '../../ui/toast.tsx'
import './stand-ins.css'
import { DateField, dateIn, Reason, reasonMissing } from '../../ui/fields.tsx'

type StandIn = Output<'delegations'>['rows'][number]

const DAY_MS = 86_400_000

/** Lists stand-ins, and lets managers give their reviews to one for some days. */
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
        <p className="soft">No stand-in now.</p>
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
      say(`${one.to} no longer stands in`)
      return client.invalidateQueries()
    },
    onError: (error) => say(failureText(error)),
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
            if (!reasonMissing(reason)) send.mutate()
          }}
        >
          <label htmlFor={`end-${one.id}`}>Why it ends now</label>
          <input
            id={`end-${one.id}`}
            className="input"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button type="submit" off={reasonMissing(reason)} disabled={send.isPending}>
            End it
          </Button>
        </form>
      )}
    </li>
  )
}

function Give({ onGiven }: { onGiven: () => void }) {
  const today = dateIn(0)
  const [to, setTo] = useState('')
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState(dateIn(7))
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: () =>
      post('delegate', {
        to: to.trim(),
        ...(from > today ? { from: `${from}T00:00:00Z` } : {}),
        // The last day counts whole.
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
    ? 'Name the stand-in'
    : until < from
      ? 'The last day is before the first'
      : reasonMissing(reason)
  return (
    <form
      className="give"
      onSubmit={(event) => {
        event.preventDefault()
        if (!off) send.mutate()
      }}
    >
      <h2>Give your reviews to a stand-in</h2>
      <p className="soft">
        The stand-in sees your people's sessions and decides on them for you; each decision has both names.
        You still review the stand-in's own sessions.
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
        <DateField label="First day" min={today} value={from} onChange={setFrom} />
        <DateField label="Last day" min={from} value={until} onChange={setUntil} />
      </div>
      <Reason rows={2} value={reason} onChange={setReason} />
      {send.error && <Refusal error={send.error} />}
      <Button look="primary" type="submit" off={off} disabled={send.isPending}>
        Give them my reviews
      </Button>
    </form>
  )
}
