import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Output, post } from '../../api/client.ts'
import { plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { DateField, dateIn, Reason, reasonMissing } from '../../ui/fields.tsx'
import { Dialog } from '../../ui/float.tsx'
import { plain } from '../../ui/plain.ts'
import { Refusal } from '../../ui/states.tsx'
import { say } from '../../ui/toast.tsx'

type Finding = Output<'finding'>['finding']

const DEFAULT_DAYS = 30

/** A pattern that matches this value only: its wildcards are escaped. */
function exactly(value: string): string {
  return value.replace(/[[*?]/g, '[$&]')
}

/** Hides findings like this one until a day; the tab Suppressed still shows them. */
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
  const [until, setUntil] = useState(dateIn(DEFAULT_DAYS))
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
  })
  const off = Date.parse(until) > Date.now() ? reasonMissing(reason) : 'Choose a day in the future'
  return (
    <Dialog
      title="Suppress"
      onClose={onClose}
      footer={
        <Button
          look="primary"
          off={off ?? (send.isPending ? 'Sending' : undefined)}
          onClick={() => send.mutate()}
        >
          Suppress
        </Button>
      }
    >
      <p className="soft">
        Hides findings of “{plain(title)}” until a day. None is deleted: the tab Suppressed shows them with
        your name and reason.
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
      <DateField label="Until" min={dateIn(1)} value={until} onChange={setUntil} />
      <Reason value={reason} onChange={setReason} />
      {send.error && <Refusal error={send.error} />}
    </Dialog>
  )
}
