import { CornerDownLeft } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Record } from '../../parts/record.tsx'
import { useAddress } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { Button } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Answered } from './answered.tsx'
import { type Asked, useAsking } from './asking.ts'
import { Steps } from './steps.tsx'
import './ask.css'

// One script for both pages: a script of its own for each would make the first page larger.
export { AgentRun } from './run.tsx'

/** Each is answered without a model, too. */
const EXAMPLES = [
  'Who was denied access?',
  'Which sessions lasted longer than 30 minutes?',
  'What did goran@example.com do?',
  'Which tools did agents ask for?',
  'What did each model cost?',
  'Who turned off recording?',
]

/** Questions in words. Only a person asks one, never a link that is opened, since a model may cost money. */
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
  const startOver = () => {
    clear()
    setText('')
    setRecord(undefined)
    change({ q: undefined })
    box.current?.focus()
  }
  useKeys({
    '/': () => box.current?.focus(),
    n: startOver,
    Escape: () => (record ? setRecord(undefined) : asked?.busy && stop()),
  })
  useEffect(() => box.current?.focus(), [])
  return (
    <>
      <Header title="Ask">
        {asked && (
          <Button onClick={startOver} keys="N">
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
                  Ask in words who did what in AWS. Every sentence of the answer is checked against the rows
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
                <label title="Uses only named questions: no cost, and no data leaves this server">
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
