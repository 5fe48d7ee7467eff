import { full, latency, ms, number } from '../../time/format.ts'
import { costText } from '../../ui/cost.tsx'
import { ending } from '../../ui/ending.ts'
import { plain } from '../../ui/plain.ts'
import type { Call } from './data.ts'

export function About({ call }: { call: Call | undefined }) {
  if (!call) return <aside className="pane about" />
  const facts: readonly (readonly [string, string | null])[] = [
    ['Time', full(ms(call.time) ?? 0)],
    ['Took', call.latency_ms === null ? null : latency(call.latency_ms)],
    ['Model', call.model],
    ['Operation', call.operation],
    ['Ended', ending(call.stop_reason)],
    ['Tokens in', call.input_tokens === null ? 'not logged' : number(call.input_tokens)],
    ['From cache', call.cache_read_tokens ? number(call.cache_read_tokens) : null],
    ['To cache', call.cache_write_tokens ? number(call.cache_write_tokens) : null],
    ['Tokens out', call.output_tokens === null ? 'not logged' : number(call.output_tokens)],
    ['Cost', costText(call.cost_usd, call.cost_usd === null && hasTokens(call))],
    ['Guardrail', call.guardrail ? (call.guardrail === 'NONE' ? 'passed' : 'intervened') : 'none'],
    [
      'Identity',
      call.identity_from
        ? `from ${call.identity_from === 'cloudtrail' ? 'CloudTrail' : 'the invocation log'}`
        : null,
    ],
    ['Request', call.requestid],
  ]
  return (
    <aside className="pane about" aria-label={`Call ${call.call}`}>
      <header>
        <h2>Call {number(call.call)}</h2>
      </header>
      <dl className="num">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd className={name === 'Request' ? 'mono' : ''}>{plain(value)}</dd>
              </div>
            ),
        )}
      </dl>
      {call.eventid && (
        <p>
          <a
            href={`/activity?t=${encodeURIComponent(`${call.time} ±15m`)}&e=${encodeURIComponent(call.eventid)}`}
          >
            Its CloudTrail event
          </a>
        </p>
      )}
    </aside>
  )
}

function hasTokens(call: Call): boolean {
  const { input_tokens, output_tokens, cache_read_tokens, cache_write_tokens } = call
  return [input_tokens, output_tokens, cache_read_tokens, cache_write_tokens].some(
    (count) => (count ?? 0) > 0,
  )
}
