import { useState } from 'react'
import { number, plural, usd } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { plain } from '../../ui/plain.ts'
import { copy } from '../../ui/toast.tsx'
import type { Answer } from './asking.ts'
import { type Cited, Claims } from './claims.tsx'
import { Results } from './results.tsx'

const MODES: { [Mode in Answer['mode']]: readonly [string, string] } = {
  model: ['Answered by a model', 'violet'],
  named: ['Answered by a named question, without a model', 'blue'],
  nearest: ['No question fits clearly enough', ''],
  nothing: ['Nothing fits this question', ''],
}

export function Answered({
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
      {answer.mode === 'nothing' && (
        <p>
          Name a person, a role, a service, a table or a kind of finding, or write the question in SQL on the
          page Query.
        </p>
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

/** Named questions near to the one asked, when none fitted well enough to run. */
function Nearest({ answer, onAsk }: { answer: Answer; onAsk: (question: string) => void }) {
  if (answer.mode !== 'nearest' || answer.nearest.length === 0) return null
  return (
    <section className="nearest" aria-label="The nearest questions">
      <h2>The nearest named questions</h2>
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

/** The cost of an answer. */
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
