import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type Output, post, useAsk } from '../api/client.ts'
import { Header } from '../shell/header.tsx'
import { full, ms, span } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { FactList } from '../ui/facts.tsx'
import { Reason, reasonMissing } from '../ui/fields.tsx'
import { plain } from '../ui/plain.ts'
import { Empty, Part, Refusal } from '../ui/states.tsx'
import { say } from '../ui/toast.tsx'
import { When } from '../ui/when.tsx'
import './questions.css'

type Question = Output<'questions'>['rows'][number]

const KINDS = {
  session: 'a session of yours',
  run: 'a run of an agent',
  ask: 'a question to loglake',
} as const

/** What reviewers ask a person about their own sessions: the facts of each, and no row of it. */
export function Questions() {
  const questions = useAsk('questions', {})
  return (
    <>
      <Header title="Questions to you" />
      <div className="page roomy questions">
        <Part of={questions} rows={6}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Empty title="Nobody has asked you anything">
                When the reviewer of a session of yours asks about it, the question is here, and you answer it
                on this page.
              </Empty>
            ) : (
              rows.map((row) => <Card key={`${row.id} ${row.asked_at}`} question={row} />)
            )
          }
        </Part>
      </div>
    </>
  )
}

function Card({ question: row }: { question: Question }) {
  const [started, ended] = [ms(row.started), ms(row.ended)]
  return (
    <section className="card" aria-label={`Question of ${row.asked_by}`}>
      <header>
        <h2>
          {plain(row.asked_by)} asks about {KINDS[row.kind]}
        </h2>
        <small>
          <When at={row.asked_at} />
        </small>
      </header>
      <FactList
        facts={[
          ['Started', started === undefined ? 'not logged' : full(started)],
          [
            'Lasted',
            row.outcome === 'refused'
              ? 'refused'
              : started !== undefined && ended !== undefined
                ? span(ended - started)
                : 'end not logged',
          ],
          ['Where', row.where],
          ['Acting as', row.acting_as],
        ]}
      />
      <blockquote>{plain(row.question)}</blockquote>
      {row.open ? (
        <Answer question={row} />
      ) : (
        <p className="answered">
          {row.answer ? (
            <>
              You answered, <When at={row.answered_at} />: <span>“{plain(row.answer)}”</span>
            </>
          ) : (
            'It no longer waits for an answer.'
          )}
        </p>
      )}
    </section>
  )
}

function Answer({ question: { id, seq } }: { question: Question }) {
  const draft = `answer:${id}`
  const [text, setText] = useState(() => sessionStorage.getItem(draft) ?? '')
  const client = useQueryClient()
  useEffect(() => {
    if (text) sessionStorage.setItem(draft, text)
    else sessionStorage.removeItem(draft)
  }, [draft, text])
  const send = useMutation({
    mutationFn: () => post('review-step', { id, seq, step: 'answered', reason: text }),
    onSuccess: () => {
      sessionStorage.removeItem(draft)
      say('Answer sent')
      return client.invalidateQueries()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!reasonMissing(text)) send.mutate()
      }}
    >
      <Reason label="Your answer" rows={3} maxLength={4000} value={text} onChange={setText} />
      {send.error && <Refusal error={send.error} />}
      <Button
        look="primary"
        type="submit"
        off={reasonMissing(text) ? 'Write an answer first' : undefined}
        disabled={send.isPending}
      >
        Send the answer
      </Button>
      <small>The reviewer sees it with your name. It cannot be changed.</small>
    </form>
  )
}
