import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { failureText, type Output, Problem, post, useAsk } from '../../api/client.ts'
import { number, plural } from '../../time/format.ts'
import { Button, MOD } from '../../ui/button.tsx'
import { Dialog } from '../../ui/float.tsx'
import { useKeys } from '../../ui/keys.ts'
import { plain } from '../../ui/plain.ts'
import { Part } from '../../ui/states.tsx'
import { say } from '../../ui/toast.tsx'
import { History } from './history.tsx'
import './decision.css'

type Review = Output<'review'>
type Choice = 'confirm' | 'deny'

/** What was looked at here, beside what the server has on record. */
export interface Looked {
  readonly lines: number
  readonly lastLine: number
  readonly calls: number
  readonly callsShown: boolean
  readonly findings: number
  readonly findingsOpened: number
}

/** Confirm or deny, both of equal weight, neither chosen beforehand; a reason for either. Nothing is decided by one key. */
export function Decision({ id, looked }: { id: string; looked: Looked }) {
  const review = useAsk('review', { id })
  return (
    <section className="pane decision" aria-label="Your decision">
      <header>
        <h2>{review.data?.may.includes('decide') ? 'Your decision' : 'Review'}</h2>
      </header>
      <div className="scroll">
        <Part of={review}>{(data) => <Parts review={data} looked={looked} />}</Part>
      </div>
    </section>
  )
}

function Parts({ review, looked }: { review: Review; looked: Looked }) {
  const decides = review.may.includes('decide')
  return (
    <>
      <div className="content">
        <Checklist looked={looked} review={review} />
        {review.complete.note && <p className="notice amber">{review.complete.note}</p>}
        {review.question && <p className="notice">Asked: “{plain(review.question)}”</p>}
        {decides ? <Form review={review} /> : <Standing review={review} />}
        <Others review={review} />
      </div>
      <History steps={review.steps} told={review.told} />
    </>
  )
}

function Checklist({ looked, review: { checklist } }: { looked: Looked; review: Review }) {
  const lines: readonly (readonly [boolean, string])[] = [
    ...(looked.lines > 0
      ? [
          looked.lastLine >= looked.lines - 1
            ? ([true, 'Terminal read to the end'] as const)
            : ([
                false,
                looked.lastLine < 0
                  ? 'Terminal not read yet'
                  : `Terminal read to line ${number(looked.lastLine + 1)} of ${number(looked.lines)}`,
              ] as const),
        ]
      : []),
    [
      looked.callsShown,
      looked.calls === 0
        ? 'No other calls'
        : `${looked.callsShown ? 'All ' : ''}${plural(looked.calls, 'call')} ${looked.callsShown ? 'shown' : 'not shown yet'}`,
    ],
    ...(looked.findings > 0
      ? [
          [
            looked.findingsOpened >= looked.findings,
            `${number(Math.max(looked.findingsOpened, checklist.findings_opened))} of ${plural(looked.findings, 'finding')} opened`,
          ] as const,
        ]
      : []),
  ]
  return (
    <ul className="checklist" aria-label="What you have looked at">
      {lines.map(([done, text]) => (
        <li key={text} className={done ? 'done' : ''}>
          <span aria-hidden="true">{done ? '✓' : '○'}</span>
          {text}
        </li>
      ))}
    </ul>
  )
}

function Form({ review: { review, version } }: { review: Review }) {
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
  const missing = !choice
    ? 'Choose confirm or deny first'
    : reason.trim().length < 3
      ? 'A decision needs a reason'
      : undefined
  const send = () => !missing && !record.isPending && record.mutate()
  // Choosing leads to the reason, and records nothing.
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
      <div className="field">
        <label htmlFor="reason">Reason</label>
        <textarea
          ref={field}
          id="reason"
          className="input"
          rows={4}
          value={reason}
          maxLength={4000}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => (event.metaKey || event.ctrlKey) && event.key === 'Enter' && send()}
        />
      </div>
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
            <kbd aria-hidden="true">{one === 'confirm' ? 'C' : 'D'}</kbd>
          </button>
        ))}
      </div>
      <Button look="primary" type="submit" off={missing} disabled={record.isPending}>
        Record decision
        <kbd aria-hidden="true">{MOD} Enter</kbd>
      </Button>
      {record.error && (
        <p className="notice red" role="alert">
          {record.error instanceof Problem && record.error.status === 409
            ? 'Somebody did something to this review meanwhile. Look at the history below, then record again.'
            : failureText(record.error)}
        </p>
      )}
      <p className="faint small">
        Recorded with your name, the time, what you opened and lake version {number(version)}. It cannot be
        changed; a later decision is added after it.
      </p>
    </form>
  )
}

function Standing({ review: { review, steps, why_not } }: { review: Review }) {
  const decided = steps.findLast(({ kind }) => kind === 'decided')
  return (
    <div className="form">
      {decided ? (
        <p className={`notice ${decided.decision === 'deny' ? 'red' : 'green'}`}>
          <b>{decided.decision === 'deny' ? 'Denied' : 'Confirmed'}</b> by {plain(decided.by.name)}
          {decided.reason && <span className="why">“{plain(decided.reason)}”</span>}
        </p>
      ) : (
        <p className="notice">
          {review.reviewer
            ? `${plain(review.reviewer)} is to decide.`
            : 'No manager is known for this person: it is in the queue of those.'}
        </p>
      )}
      {why_not && <p className="faint small">{why_not}</p>}
      {decided && (
        <a className="btn" href={`/api/evidence?review=${encodeURIComponent(review.id)}`} download>
          Export the evidence
        </a>
      )}
    </div>
  )
}

const ASK = {
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

function Others({ review: { review, may } }: { review: Review }) {
  const [open, setOpen] = useState<keyof typeof ASK | 'again'>()
  const offered = (Object.keys(ASK) as (keyof typeof ASK)[]).filter((one) => may.includes(one))
  const again = may.includes('look again')
  if (offered.length === 0 && !again) return null
  return (
    <div className="others">
      {offered.map((one) => (
        <Button key={one} onClick={() => setOpen(one)}>
          {one === 'ask' && review.person
            ? `Ask ${plain(review.person.split('@')[0] ?? '')}…`
            : ASK[one].name}
        </Button>
      ))}
      {again && <Button onClick={() => setOpen('again')}>Look again…</Button>}
      {open && <Ask review={review} kind={open} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function Ask({
  review,
  kind,
  onClose,
}: {
  review: Review['review']
  kind: keyof typeof ASK | 'again'
  onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const [to, setTo] = useState('')
  const client = useQueryClient()
  const words =
    kind === 'again'
      ? { title: 'Look again at the decision', label: 'Why', verb: 'Uphold it', step: 'upheld' as const }
      : ASK[kind]
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
    reason.trim().length < 3 ? 'It needs words' : kind === 'reassign' && !to ? 'Say to whom' : undefined
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
      <div className="field">
        <label htmlFor="words">{words.label}</label>
        <textarea
          id="words"
          className="input"
          rows={4}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      {send.error && (
        <p className="notice red" role="alert">
          {failureText(send.error)}
        </p>
      )}
      <small>It is added to the history of this review, with your name.</small>
    </Dialog>
  )
}
