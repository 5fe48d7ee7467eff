import { Check, CornerDownLeft, LoaderCircle, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useAddress } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { number, plural, usd } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { useKeys } from '../ui/keys.ts'
import { plain } from '../ui/plain.ts'
import { Scrolled } from '../ui/scrolled.tsx'
import { copy } from '../ui/toast.tsx'
import { type Answer, type Asked, type Step, useAsking } from './ask/asking.ts'
import { type Cited, Claims } from './ask/claims.tsx'
import { Results } from './ask/results.tsx'
import { Record } from './record.tsx'
import './activity.css'
import './ask.css'

export { AgentRun } from './ask/run.tsx'

const EXAMPLES = [
  'Who was denied access, and how often?',
  'Which sessions lasted over 30 minutes?',
  'What did goran@example.com do?',
  'Which tools did agents ask for?',
  'What did each model cost?',
  'Who turned off recording?',
]

/** A question in words. It is asked when a person asks it, never by opening a link: a model may cost money. */
export function Ask() {
  const { one, change } = useAddress()
  const { asked, ask, stop, clear } = useAsking()
  const [text, setText] = useState(one('q') ?? asked?.question ?? '')
  const [record, setRecord] = useState<{ table: string; id: string }>()
  const box = useRef<HTMLTextAreaElement>(null)
  const withoutModel = one('model') === 'off'
  const go = (question: string) => {
    const wanted = question.trim()
    if (wanted.length < 3) return box.current?.focus()
    setText(wanted)
    setRecord(undefined)
    change({ q: wanted }, { replace: one('q') === wanted })
    ask(wanted, withoutModel ? 'off' : 'auto')
  }
  const anew = () => {
    clear()
    setText('')
    setRecord(undefined)
    change({ q: undefined })
    box.current?.focus()
  }
  useKeys({
    '/': () => box.current?.focus(),
    n: anew,
    Escape: () => (record ? setRecord(undefined) : asked?.busy && stop()),
  })
  useEffect(() => box.current?.focus(), [])
  return (
    <>
      <Header title="Ask">
        {asked && (
          <Button onClick={anew} keys="n">
            New question
          </Button>
        )}
      </Header>
      <div className={`page ask${record ? ' with-record' : ''}`}>
        <div className="reading">
          <div className="column">
            {!asked && (
              <div className="opening">
                <h2>What do you want to know?</h2>
                <p>
                  In words, about who did what in AWS. Every sentence of the answer is held against the rows
                  that prove it.
                </p>
              </div>
            )}
            <form
              className="box"
              onSubmit={(event) => {
                event.preventDefault()
                go(text)
              }}
            >
              <textarea
                ref={box}
                rows={1}
                value={text}
                maxLength={4000}
                aria-label="Question"
                placeholder="Who was denied access on 8 January?"
                onChange={(event) => setText(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
                  event.preventDefault()
                  go(text)
                }}
              />
              <div className="under">
                <label title="Only by questions that have names: at no cost, and nothing leaves this server">
                  <input
                    type="checkbox"
                    checked={withoutModel}
                    onChange={({ target }) => change({ model: target.checked ? 'off' : undefined })}
                  />
                  Without a model
                </label>
                <span className="spring" />
                {asked?.busy && (
                  <Button onClick={stop} keys="Esc">
                    Stop
                  </Button>
                )}
                <Button
                  look="primary"
                  type="submit"
                  off={text.trim().length < 3 ? 'Write a question' : undefined}
                >
                  Ask <CornerDownLeft size={13} aria-hidden="true" />
                </Button>
              </div>
            </form>
            {asked ? (
              <Outcome asked={asked} onAsk={go} onOpen={setRecord} />
            ) : (
              <ul className="examples" aria-label="For example">
                {EXAMPLES.map((example) => (
                  <li key={example}>
                    <button type="button" onClick={() => go(example)}>
                      {example}
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </div>
        </div>
        {record && <Record {...record} onClose={() => setRecord(undefined)} />}
      </div>
    </>
  )
}

function Outcome({
  asked,
  onAsk,
  onOpen,
}: {
  asked: Asked
  onAsk: (question: string) => void
  onOpen: (record: { table: string; id: string }) => void
}) {
  const { steps, answer, fault, busy, question } = asked
  return (
    <>
      <Steps steps={steps} busy={busy} done={answer !== undefined} failed={fault !== undefined} />
      {fault && (
        <div className="notice red" role="alert">
          {fault}
          {!busy && (
            <Button look="quiet" onClick={() => onAsk(question)}>
              Ask again
            </Button>
          )}
        </div>
      )}
      {answer && <Answered answer={answer} onAsk={onAsk} onOpen={onOpen} key={answer.run} />}
    </>
  )
}

/** What was done, as it is done; folded away once the answer is there. */
function Steps({
  steps,
  busy,
  done,
  failed,
}: {
  steps: readonly Step[]
  busy: boolean
  done: boolean
  failed: boolean
}) {
  const list = (
    <ol className="steps" aria-busy={busy}>
      {(steps.length === 0 && busy ? [{ text: 'looking for a question' } as Step] : steps).map((step, at) => {
        const isLast = at === Math.max(0, steps.length - 1)
        const look = !isLast ? undefined : busy ? 'now' : failed ? 'failed' : undefined
        const Icon = look === 'now' ? LoaderCircle : look === 'failed' ? X : Check
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
          <li key={at} className={look}>
            <Icon size={13} aria-hidden="true" />
            <span>{plain(step.text)}</span>
            {step.sql && <Scrolled label="SQL" text={plain(step.sql.trim())} />}
          </li>
        )
      })}
    </ol>
  )
  return (
    <>
      <span className="hidden" role="status">
        {busy ? steps.at(-1)?.text : done ? 'The answer is there.' : ''}
      </span>
      {busy || !done ? (
        list
      ) : (
        <details className="worked">
          <summary>{plural(steps.length, 'step')}</summary>
          {list}
        </details>
      )}
    </>
  )
}

const MODES: { [Mode in Answer['mode']]: readonly [string, string] } = {
  model: ['Answered by a model', 'violet'],
  named: ['Answered by a named question, without a model', 'blue'],
  nearest: ['No question fits clearly enough', ''],
  nothing: ['Nothing fits this question', ''],
}

function Answered({
  answer,
  onAsk,
  onOpen,
}: {
  answer: Answer
  onAsk: (question: string) => void
  onOpen: (record: { table: string; id: string }) => void
}) {
  const [cited, setCited] = useState<Cited>()
  const [title, look] = MODES[answer.mode]
  const struck = answer.claims.filter(({ verdict }) => verdict === 'struck out').length
  return (
    <article className="answered" aria-label="Answer">
      <header>
        <span className={`tag ${look}`}>{title}</span>
        {answer.trusted && answer.mode === 'model' && <span className="tag blue">named questions only</span>}
        {struck > 0 && <span className="tag red">{struck} struck out</span>}
        <span className="spring" />
        <Button look="quiet" onClick={() => copy(JSON.stringify(answer, null, 2), 'answer')}>
          Copy as JSON
        </Button>
      </header>
      {answer.claims.length > 0 && <Claims answer={answer} cited={cited} onCite={setCited} />}
      {answer.notes.length > 0 && (
        <ul className="notes">
          {answer.notes.map((note) => (
            <li key={note}>{plain(note)}</li>
          ))}
        </ul>
      )}
      <Nearest answer={answer} onAsk={onAsk} />
      <Results answer={answer} cited={cited} onOpen={onOpen} />
      {answer.suggestions.length > 0 && (
        <section aria-label="Ask next">
          <h2>Ask next</h2>
          <ul className="examples">
            {answer.suggestions.map((one) => (
              <li key={one}>
                <button type="button" onClick={() => onAsk(one)}>
                  {plain(one)}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Spent answer={answer} />
    </article>
  )
}

/** Questions that are near to what was asked, when none was run. */
function Nearest({ answer, onAsk }: { answer: Answer; onAsk: (question: string) => void }) {
  if (answer.mode !== 'nearest' || answer.nearest.length === 0) return null
  return (
    <section className="nearest" aria-label="The nearest questions">
      <h2>The nearest questions that have names</h2>
      <ul>
        {answer.nearest.map(({ name, title, doc, parameters, command }) => (
          <li key={name} className="card">
            <button type="button" onClick={() => onAsk(title)}>
              <h3>{plain(title)}</h3>
              <p>{plain(doc)}</p>
              {Object.entries(parameters).map(([key, value]) => (
                <span key={key} className="tag">
                  {plain(key)}: {plain(value)}
                </span>
              ))}
            </button>
            <button
              type="button"
              className="command mono cut"
              title="Copy"
              onClick={() => copy(command, 'command')}
            >
              {plain(command)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What it took. */
function Spent({ answer: { cost, version } }: { answer: Answer }) {
  const tokens = cost.input_tokens + cost.output_tokens
  const parts = [
    cost.model,
    cost.turns > 0 && plural(cost.turns, 'turn'),
    plural(cost.statements, 'statement'),
    tokens > 0 && `${cost.estimated ? 'about ' : ''}${number(tokens)} tokens`,
    cost.usd !== null && usd(cost.usd),
    `${cost.seconds.toFixed(1)} s`,
    `lake ${number(version)}`,
    cost.ended !== 'answered' && `ended: ${cost.ended}`,
  ]
  return <small className="spent num">{parts.filter(Boolean).map(String).map(plain).join(' · ')}</small>
}
