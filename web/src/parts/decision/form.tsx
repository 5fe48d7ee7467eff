import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { type Output, Problem, post } from '../../api/client.ts'
import { number } from '../../time/format.ts'
import { Button, Key, MOD } from '../../ui/button.tsx'
import { Reason, reasonMissing } from '../../ui/fields.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Refusal } from '../../ui/states.tsx'
import { say } from '../../ui/toast.tsx'

type Review = Output<'review'>
type Choice = 'confirm' | 'deny'

export function Form({ review: { review, version } }: { review: Review }) {
  const draft = `draft:${review.id}`
  const [choice, setChoice] = useState<Choice>()
  const [reason, setReason] = useState(() => sessionStorage.getItem(draft) ?? '')
  const field = useRef<HTMLTextAreaElement>(null)
  const client = useQueryClient()
  useEffect(() => {
    if (reason) sessionStorage.setItem(draft, reason)
    else sessionStorage.removeItem(draft)
  }, [draft, reason])
  const record = useMutation({
    mutationFn: () =>
      post('review-decide', { id: review.id, seq: review.seq, decision: choice as Choice, reason }),
    onSuccess: () => {
      sessionStorage.removeItem(draft)
      say('Decision recorded')
      return client.invalidateQueries()
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 409)
        return client.invalidateQueries({ queryKey: ['review'] })
    },
  })
  const missing = choice ? reasonMissing(reason) : 'Choose confirm or deny first'
  const send = () => !missing && !record.isPending && record.mutate()
  // A choice moves the focus to the reason, and records nothing.
  const choose = (one: Choice) => {
    setChoice(one)
    field.current?.focus()
  }
  useKeys({ c: () => choose('confirm'), d: () => choose('deny'), 'Mod+Enter': send })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Reason
        ref={field}
        rows={4}
        value={reason}
        maxLength={4000}
        onChange={setReason}
        onKeyDown={(event) => (event.metaKey || event.ctrlKey) && event.key === 'Enter' && send()}
      />
      <div className="pair" role="radiogroup" aria-label="Decision">
        {(['confirm', 'deny'] as const).map((one) => (
          // biome-ignore lint/a11y/useSemanticElements: a pair of buttons of one weight
          <button
            key={one}
            type="button"
            role="radio"
            aria-checked={choice === one}
            className="btn"
            onClick={() => choose(one)}
          >
            <span aria-hidden="true">{choice === one ? '●' : '○'}</span>
            {one === 'confirm' ? 'Confirm' : 'Deny'}
            <Key>{one === 'confirm' ? 'C' : 'D'}</Key>
          </button>
        ))}
      </div>
      <Button look="primary" type="submit" off={missing} disabled={record.isPending}>
        Record decision
        <kbd aria-hidden="true">{MOD} Enter</kbd>
      </Button>
      {record.error &&
        (record.error instanceof Problem && record.error.status === 409 ? (
          <p className="notice red" role="alert">
            This review has changed since you opened it. Read the history below, then record again.
          </p>
        ) : (
          <Refusal error={record.error} />
        ))}
      <p className="faint small">
        Recorded with your name, the time, what you opened and lake version {number(version)}. It cannot be
        changed; a later decision is added after it.
      </p>
    </form>
  )
}
