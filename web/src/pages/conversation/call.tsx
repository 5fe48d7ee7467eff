import { clockTime, ms, number, plural, span } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import type { Call } from './data.ts'
import { MessagePart } from './part.tsx'
import type { Result } from './results.ts'

export function ModelCall({
  call,
  results,
  chosen,
  onChoose,
}: {
  call: Call
  results: Map<string, Result>
  chosen: boolean
  onChoose: () => void
}) {
  const messages = call.messages.flatMap(({ role, index, parts }) =>
    parts.flatMap((part, at) =>
      // A result is shown with its tool call, unless the logs lack that call.
      part.kind === 'tool_result' && part.tool?.id && isCalled(call, results, part.tool.id)
        ? []
        : [
            {
              key: `${index}.${at}`,
              role,
              part,
              of: { requestid: call.requestid, of: 'message' as const, message: index, part: at },
            },
          ],
    ),
  )
  return (
    <article className={chosen ? 'call chosen' : 'call'} aria-label={`Call ${call.call}`}>
      <button type="button" className="head" onClick={onChoose} aria-pressed={chosen}>
        <span className="mono faint">{clockTime(ms(call.time) ?? 0)}</span>
        <span className="faint">call {number(call.call)}</span>
        {call.pause_s !== null && call.pause_s > 60 && (
          <span className="amber">after {span(call.pause_s * 1000)}</span>
        )}
        {call.repeated > 0 && (
          <span className="faint">{plural(call.repeated, 'message')} of the history folded</span>
        )}
        {call.errorcode && <span className="tag red">{plain(call.errorcode)}</span>}
        {call.guardrail === 'INTERVENED' && <span className="tag amber">guardrail intervened</span>}
      </button>
      {messages.map(({ key, role, part, of }) => (
        <MessagePart
          key={key}
          who={role === 'user' ? 'User' : role === 'assistant' ? 'Assistant' : role}
          part={part}
          of={of}
          results={results}
        />
      ))}
      {call.answer.map((part, index) => (
        <MessagePart
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
          key={index}
          who="Assistant"
          part={part}
          of={{ requestid: call.requestid, of: 'answer', part: index }}
          results={results}
        />
      ))}
      {call.body !== 'inline' && call.body !== 'fetched' && (
        <p className="faint body-note">
          {call.body === 'not logged'
            ? 'The logs have no prompt and no answer: this account logs calls without their bodies.'
            : `The body is ${plain(call.body)}.`}
        </p>
      )}
    </article>
  )
}

function isCalled(call: Call, results: Map<string, Result>, id: string): boolean {
  return results.has(id) && call.call > 1
}
