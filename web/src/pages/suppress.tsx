import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureText, type Output, post } from '../api/client.ts'
import { plural } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/float.tsx'
import { plain } from '../ui/plain.ts'
import { say } from '../ui/toast.tsx'

type Finding = Output<'finding'>['finding']

const DAY_MS = 86_400_000
const BY_DEFAULT_DAYS = 30

/** A value that stands for itself alone: signs of patterns are taken as they are. */
function exactly(value: string): string {
  return value.replace(/[[*?]/g, '[$&]')
}

/** A date in so many days, as fields of dates have it. */
function dateIn(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
}

/** Hides findings like one until a day. They stay in the lake, and under Suppressed. */
export function Suppress({ finding }: { finding: Finding }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>Suppress…</Button>
      {open && <SuppressDialog finding={finding} onClose={() => setOpen(false)} />}
    </>
  )
}

function SuppressDialog({ finding, onClose }: { finding: Finding; onClose: () => void }) {
  const { rule, title, arn, what } = finding
  const [actor, setActor] = useState(arn !== null)
  const [resource, setResource] = useState(what !== null)
  const [until, setUntil] = useState(dateIn(BY_DEFAULT_DAYS))
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: () =>
      post('suppress', {
        rule,
        ...(actor && arn !== null ? { actor: exactly(arn) } : {}),
        ...(resource && what !== null ? { resource: exactly(what) } : {}),
        until: `${until}T00:00:00Z`,
        reason: reason.trim(),
      }),
    onSuccess: ({ hides }) => {
      say(`${plural(hides, 'finding')} suppressed until ${until}`)
      onClose()
      return client.invalidateQueries()
    },
    onError: (error) => say(failureText(error)),
  })
  const off = !(Date.parse(until) > Date.now())
    ? 'Choose a day to come'
    : reason.trim().length < 3
      ? 'It needs a reason'
      : undefined
  return (
    <Dialog
      title="Suppress"
      onClose={onClose}
      footer={
        <Button
          look="primary"
          off={off ?? (send.isPending ? 'It is being sent' : undefined)}
          onClick={() => send.mutate()}
        >
          Suppress
        </Button>
      }
    >
      <p className="soft">
        Hides findings of “{plain(title)}” until a day. None is deleted: they stay under Suppressed, with your
        name and reason.
      </p>
      <fieldset className="verdicts">
        <legend className="hidden">Which findings</legend>
        {arn !== null && (
          <label>
            <input type="checkbox" checked={actor} onChange={() => setActor(!actor)} /> Only of {plain(arn)}
          </label>
        )}
        {what !== null && (
          <label>
            <input type="checkbox" checked={resource} onChange={() => setResource(!resource)} /> Only about{' '}
            {plain(what)}
          </label>
        )}
      </fieldset>
      <div className="field">
        <label htmlFor="suppressed-until">Until (UTC)</label>
        <input
          id="suppressed-until"
          className="input"
          type="date"
          min={dateIn(1)}
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="suppressing">Reason</label>
        <textarea
          id="suppressing"
          className="input"
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Dialog>
  )
}
