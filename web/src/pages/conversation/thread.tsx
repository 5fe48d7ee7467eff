import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { number } from '../../time/format.ts'
import { ModelCall } from './call.tsx'
import type { Call, Data } from './data.ts'
import { resultsOf } from './results.ts'
import { Text } from './text.tsx'

export function Thread({
  first,
  calls,
  chosen,
  onChoose,
  onEnd,
}: {
  first: Data
  calls: readonly Call[]
  chosen: number
  onChoose: (call: number) => void
  onEnd: () => void
}) {
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: calls.length + 1,
    getScrollElement: () => scroll.current,
    estimateSize: () => 240,
    overscan: 4,
  })
  const results = useMemo(() => resultsOf(calls), [calls])
  const items = virtual.getVirtualItems()
  const isNearEnd = (items.at(-1)?.index ?? 0) >= calls.length - 10
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onEnd` is a new function on every render
  useEffect(() => {
    if (isNearEnd) onEnd()
  }, [isNearEnd, calls.length])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
    <section className="thread" ref={scroll} aria-label="Conversation" tabIndex={0}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const call = calls[item.index - 1]
          return (
            <div
              key={item.index}
              data-index={item.index}
              ref={virtual.measureElement}
              className="slot"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {call ? (
                <ModelCall
                  call={call}
                  results={results}
                  chosen={call.call === chosen}
                  onChoose={() => onChoose(call.call)}
                />
              ) : (
                <System first={first} />
              )}
            </div>
          )
        })}
      </div>
    </section>
  )
}

function System({ first: { system, calls } }: { first: Data }) {
  if (!system) return <div className="thread-top" />
  return (
    <details className="system">
      <summary>
        <b>System</b>
        <span className="faint">{number(system.passage.length)} characters</span>
      </summary>
      <Text passage={system.passage} of={{ requestid: calls[0]?.requestid ?? '', of: 'system' }} />
    </details>
  )
}
