import type { ReactNode } from 'react'
import { plain } from '../../ui/plain.ts'
import type { Part, TextKey } from './data.ts'
import type { Result } from './results.ts'
import { Text } from './text.tsx'

export function MessagePart({
  who,
  part,
  of,
  results,
}: {
  who: string
  part: Part
  of: TextKey
  results: Map<string, Result>
}) {
  if (part.kind === 'tool_call') {
    const result = part.tool?.id ? results.get(part.tool.id) : undefined
    return (
      <Tool name={part.tool?.name ?? 'a tool'} status={result?.status ?? null}>
        {part.passage && <Text passage={part.passage} of={of} json />}
        {result ? (
          <div className="came">
            <small>came back{result.status === 'error' ? ' with an error' : ''}</small>
            {result.passage ? (
              <Text passage={result.passage} of={result.text} json />
            ) : (
              <span className="faint">nothing</span>
            )}
          </div>
        ) : (
          <small>The logs of this run have no result.</small>
        )}
      </Tool>
    )
  }
  if (part.kind === 'tool_result')
    return (
      <Tool name="result of a tool" status={part.tool?.status ?? null}>
        {part.passage && <Text passage={part.passage} of={of} json />}
      </Tool>
    )
  return (
    <div className={`message ${who.toLowerCase()}`}>
      <span className="who">{who}</span>
      <div>
        {part.kind === 'reasoning' && <small>reasoning</small>}
        {part.passage ? (
          <Text passage={part.passage} of={of} />
        ) : (
          <span className="faint">an {part.kind}, not shown</span>
        )}
      </div>
    </div>
  )
}

function Tool({ name, status, children }: { name: string; status: string | null; children: ReactNode }) {
  return (
    <div className="tool">
      <div className="name">
        <span aria-hidden="true">⚙</span>
        <b>{plain(name)}</b>
        {status === 'error' && <span className="tag red">error</span>}
      </div>
      {children}
    </div>
  )
}
