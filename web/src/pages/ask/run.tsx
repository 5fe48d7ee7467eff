import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type Output, useAsk } from '../../api/client.ts'
import { Decision } from '../../parts/decision/decision.tsx'
import { useLooked } from '../../parts/decision/looked.ts'
import { ExportEvidence } from '../../parts/export-evidence.tsx'
import { Header } from '../../shell/header.tsx'
import { may, useMe } from '../../shell/me.ts'
import { full, ms, number, plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { costText } from '../../ui/cost.tsx'
import { FactList } from '../../ui/facts.tsx'
import { plain } from '../../ui/plain.ts'
import { Part } from '../../ui/states.tsx'

type Data = Output<'agent-run'>

/** A question that loglake's agent answered: its claims, and each step with input and result. */
export function AgentRun() {
  const { id } = useParams({ strict: false }) as { id: string }
  const me = useMe()
  const [unmask, setUnmask] = useState(false)
  const run = useAsk('agent-run', { id, ...(unmask && { unmask: true }) })
  const review = useAsk('review', { id: `ask:${id}` }, may(me, 'review'))
  const looked = useLooked(review.data?.review.id, {
    calls: run.data?.steps.length,
    callsShown: run.data !== undefined,
  })
  return (
    <>
      <Header
        title="Question to loglake"
        tags={
          run.data &&
          run.data.run.refused > 0 && (
            <span className="tag red">{plural(run.data.run.refused, 'refused step')}</span>
          )
        }
      >
        {may(me, 'query') && <ExportEvidence of={{ answer: id }} />}
        {unmask ? (
          <span className="tag amber">shown without masks, and recorded</span>
        ) : (
          me?.unmask && <Button onClick={() => setUnmask(true)}>Show without masks…</Button>
        )}
      </Header>
      <div className={`page ask${review.data ? ' with-record' : ''}`}>
        <div className="reading">
          <div className="column">
            <Part of={run}>
              {(data) => (
                <>
                  <Facts run={data.run} />
                  <Claims claims={data.claims} />
                  <Steps steps={data.steps} />
                </>
              )}
            </Part>
          </div>
        </div>
        {review.data && <Decision id={review.data.review.id} looked={looked.now} />}
      </div>
    </>
  )
}

function Facts({ run }: { run: Data['run'] }) {
  const list: readonly (readonly [string, string])[] = [
    ['Asked', plain(run.question)],
    ['By', `${plain(run.asked_by ?? 'unknown')}, as ${plain(run.role ?? 'unknown')}`],
    ['At', full(ms(run.time) ?? 0)],
    ['Model', plain(run.model ?? 'none')],
    ['Ended', plain(run.ended ?? 'unknown')],
    ['Calls of the model', number(run.turns)],
    ['Tokens', `${number(run.input_tokens)} in, ${number(run.output_tokens)} out`],
    ['Cost', costText(run.cost_usd, run.cost_usd === null && run.input_tokens + run.output_tokens > 0)],
    ['Version of the lake', number(run.lake_version)],
  ]
  return <FactList facts={list} />
}

function Claims({ claims }: { claims: Data['claims'] }) {
  if (claims.length === 0) return <p>The answer has no claims.</p>
  return (
    <ol className="claims">
      {claims.map(({ text, verdict, why }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no other name
        <li key={index} className={verdict === 'struck out' ? 'struck' : undefined}>
          {verdict === 'struck out' ? <del>{plain(text)}</del> : plain(text)} <small>{plain(why)}</small>
        </li>
      ))}
    </ol>
  )
}

function Steps({ steps }: { steps: Data['steps'] }) {
  return (
    <ol aria-label="Steps">
      {steps.map(({ seq, kind, tool, outcome, input, sql, said, rows }) => (
        <li key={seq}>
          <strong>{plain(tool ?? kind ?? 'step')}</strong>{' '}
          {outcome === 'refused' && <span className="tag red">refused</span>}
          {rows !== null && <small> {plural(rows, 'row')}</small>}
          {input && <p className="mono">{plain(input)}</p>}
          {sql && <p className="mono">{plain(sql)}</p>}
          {said && <p className="mono">{plain(said)}</p>}
        </li>
      ))}
    </ol>
  )
}
