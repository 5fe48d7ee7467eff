import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureText, type Input, post } from '../../api/client.ts'
import { number, plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { Reason, reasonMissing } from '../../ui/fields.tsx'
import { Dialog } from '../../ui/float.tsx'
import { Refusal } from '../../ui/states.tsx'
import { say } from '../../ui/toast.tsx'
import { Assign } from './assign.tsx'

type Matching = NonNullable<Input<'triage'>['matching']>

type Verdict = 'true' | 'false' | 'benign' | 'duplicate'

const VERDICTS = [
  ['true', 'True positive: the rule is right'],
  ['benign', 'Benign: it happened, and was intended'],
  ['false', 'False positive: the rule is wrong'],
  ['duplicate', 'Duplicate: another finding covers it'],
] as const

export function Bulk({
  chosen,
  total,
  matching,
  onDone,
}: {
  chosen: string[]
  total: number
  matching: Matching
  onDone: () => void
}) {
  const [all, setAll] = useState(false)
  const target = all ? { matching } : { ids: chosen }
  return (
    <div className="bar bulk">
      <b>{all ? `All ${number(total)} that meet the conditions` : `${number(chosen.length)} chosen`}</b>
      {!all && total > chosen.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          Choose all {number(total)}
        </Button>
      )}
      <Triage target={target} onDone={onDone} />
      <span className="spring" />
      <Button look="quiet" onClick={onDone}>
        Choose none
      </Button>
    </div>
  )
}

export function Triage({
  target,
  onDone,
}: {
  target: { ids?: string[]; matching?: Matching }
  onDone?: () => void
}) {
  const [dialog, setDialog] = useState<'close' | 'assign'>()
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: (input: Omit<Input<'triage'>, 'ids' | 'matching'>) => post('triage', { ...target, ...input }),
    onSuccess: ({ changed }) => {
      say(`${plural(changed, 'finding')} changed`)
      setDialog(undefined)
      onDone?.()
      return client.invalidateQueries()
    },
    // The dialog has a place for it, and keeps what was written.
    onError: (error) => !dialog && say(failureText(error)),
  })
  return (
    <>
      <Button onClick={() => send.mutate({ to: 'taken' })}>Take</Button>
      <Button onClick={() => setDialog('assign')}>Assign…</Button>
      <Button onClick={() => setDialog('close')}>Close…</Button>
      <Button onClick={() => send.mutate({ to: 'open' })}>Reopen</Button>
      {dialog === 'assign' && (
        <Assign
          error={send.error}
          onClose={() => setDialog(undefined)}
          onSend={(assignee) => send.mutate({ to: 'taken', assignee })}
        />
      )}
      {dialog === 'close' && (
        <Close
          error={send.error}
          onClose={() => setDialog(undefined)}
          onSend={(verdict, reason) => send.mutate({ to: 'closed', verdict, reason })}
        />
      )}
    </>
  )
}

function Close({
  error,
  onClose,
  onSend,
}: {
  error: Error | null
  onClose: () => void
  onSend: (verdict: Verdict, reason: string) => void
}) {
  const [verdict, setVerdict] = useState<Verdict>()
  const [reason, setReason] = useState('')
  const off = !verdict ? 'Choose a verdict' : reasonMissing(reason)
  return (
    <Dialog
      title="Close"
      onClose={onClose}
      footer={
        <Button look="primary" off={off} onClick={() => verdict && onSend(verdict, reason)}>
          Close
        </Button>
      }
    >
      <fieldset className="verdicts">
        <legend className="hidden">Verdict</legend>
        {VERDICTS.map(([name, title]) => (
          <label key={name}>
            <input type="radio" name="verdict" checked={verdict === name} onChange={() => setVerdict(name)} />{' '}
            {title}
          </label>
        ))}
      </fieldset>
      <Reason value={reason} onChange={setReason} />
      {error && <Refusal error={error} />}
    </Dialog>
  )
}
