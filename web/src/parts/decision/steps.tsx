import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Output, post } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Reason } from '../../ui/fields.tsx'
import { Dialog } from '../../ui/float.tsx'
import { plain } from '../../ui/plain.ts'
import { Refusal } from '../../ui/states.tsx'
import { say } from '../../ui/toast.tsx'

type Review = Output<'review'>

const STEPS = {
  ask: {
    step: 'asked',
    name: 'Ask…',
    title: 'Ask the person',
    label: 'Your question',
    verb: 'Send the question',
  },
  answer: {
    step: 'answered',
    name: 'Answer…',
    title: 'Answer',
    label: 'Your answer',
    verb: 'Send the answer',
  },
  reassign: { step: 'reassigned', name: 'Hand over…', title: 'Hand over', label: 'Why', verb: 'Hand over' },
  withdraw: {
    step: 'withdrawn',
    name: 'Withdraw…',
    title: 'Withdraw the review',
    label: 'Why',
    verb: 'Withdraw',
  },
} as const

export function FurtherSteps({ review: { review, may } }: { review: Review }) {
  const [open, setOpen] = useState<keyof typeof STEPS | 'again'>()
  const offered = (Object.keys(STEPS) as (keyof typeof STEPS)[]).filter((one) => may.includes(one))
  const again = may.includes('look again')
  if (offered.length === 0 && !again) return null
  return (
    <div className="others">
      {offered.map((one) => (
        <Button key={one} onClick={() => setOpen(one)}>
          {one === 'ask' && review.person
            ? `Ask ${plain(review.person.split('@')[0] ?? '')}…`
            : STEPS[one].name}
        </Button>
      ))}
      {again && <Button onClick={() => setOpen('again')}>Look again…</Button>}
      {open && <StepDialog review={review} kind={open} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function StepDialog({
  review,
  kind,
  onClose,
}: {
  review: Review['review']
  kind: keyof typeof STEPS | 'again'
  onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const [to, setTo] = useState('')
  const client = useQueryClient()
  const words =
    kind === 'again'
      ? { title: 'Look again at the decision', label: 'Why', verb: 'Uphold it', step: 'upheld' as const }
      : STEPS[kind]
  const send = useMutation({
    mutationFn: (step: 'asked' | 'answered' | 'reassigned' | 'upheld' | 'overturned' | 'withdrawn') =>
      post('review-step', { id: review.id, seq: review.seq, step, reason, ...(to && { to }) }),
    onSuccess: () => {
      onClose()
      say('Recorded')
      return client.invalidateQueries()
    },
  })
  const off =
    reason.trim().length < 3
      ? 'Write at least three characters'
      : kind === 'reassign' && !to
        ? 'Name the new reviewer'
        : undefined
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      footer={
        <>
          {kind === 'again' && (
            <Button off={off} onClick={() => send.mutate('overturned')}>
              Overturn it
            </Button>
          )}
          <Button look="primary" off={off} onClick={() => send.mutate(words.step)}>
            {words.verb}
          </Button>
        </>
      }
    >
      {kind === 'reassign' && (
        <div className="field">
          <label htmlFor="to">To</label>
          <input
            id="to"
            className="input"
            value={to}
            placeholder="ines@example.com"
            onChange={(event) => setTo(event.target.value)}
          />
        </div>
      )}
      <Reason label={words.label} rows={4} value={reason} onChange={setReason} />
      {send.error && <Refusal error={send.error} />}
      <small>The history of this review shows it with your name.</small>
    </Dialog>
  )
}
