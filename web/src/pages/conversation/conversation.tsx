import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAsk } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { Decision } from '../../parts/decision/decision.tsx'
import { useLooked } from '../../parts/decision/looked.ts'
import { useAddress } from '../../search.ts'
import { Header } from '../../shell/header.tsx'
import { may, useMe } from '../../shell/me.ts'
import { number, plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { shortRole } from '../../ui/identity.ts'
import { plain } from '../../ui/plain.ts'
import { Failed, Skeleton } from '../../ui/states.tsx'
import { About } from './about.tsx'
import type { Data } from './data.ts'
import { Facts } from './facts.tsx'
import { Unmasked } from './masks.ts'
import { Thread } from './thread.tsx'
import './conversation.css'

/** An agent's run as a conversation: messages, tool calls with their input, and results. */
export function Conversation() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { one, change } = useAddress()
  const me = useMe()
  const [unmask, setUnmask] = useState(false)
  const pages = usePages('conversation', { id, limit: 50, ...(unmask && { unmask: true }) })
  const data = pages.data?.pages as Data[] | undefined
  const review = useAsk('review', { id }, may(me, 'review'))
  const looked = useLooked(review.data?.review.id, {
    calls: data?.[0]?.conversation.calls,
    callsShown: data !== undefined && !pages.hasNextPage,
  })
  if (pages.error && !data)
    return (
      <>
        <Header title="Conversation" />
        <Failed error={pages.error} retry={() => pages.refetch()} list="/conversations" />
      </>
    )
  const first = data?.[0]
  if (!first || pages.isPlaceholderData)
    return (
      <>
        <Header title="Conversation" />
        <Skeleton rows={14} />
      </>
    )
  const calls = data.flatMap((page) => page.calls)
  const chosen = Number(one('call') ?? calls[0]?.call ?? 1)
  const facts = first.conversation
  const masked = calls.some((call) =>
    [...call.answer, ...call.messages.flatMap(({ parts }) => parts)].some(
      ({ passage }) => passage?.masked.length,
    ),
  )
  return (
    <Unmasked.Provider value={unmask}>
      <Header
        title={`${plain(facts.who ?? 'unknown')}${facts.role ? ` · ${plain(shortRole(facts.role))}` : ''}`}
        tags={
          <>
            {facts.tool_calls > 0 && (
              <span className="tag violet">{plural(facts.tool_calls, 'tool call')}</span>
            )}
            {facts.findings > 0 && (
              <a
                className="tag red"
                href={`/findings?state=all&t=${encodeURIComponent(`${facts.started}..${facts.ended}`)}`}
              >
                {plural(facts.findings, 'finding')}
              </a>
            )}
            {facts.guardrail_interventions > 0 && <span className="tag amber">guardrail intervened</span>}
            {facts.failed > 0 && <span className="tag red">{number(facts.failed)} failed</span>}
          </>
        }
      >
        {unmask ? (
          <span className="tag amber">shown without masks, and recorded</span>
        ) : masked && me?.unmask ? (
          <Button onClick={() => setUnmask(true)}>Masked · show all…</Button>
        ) : masked ? (
          <span className="tag">masked</span>
        ) : null}
      </Header>
      <div className="page conversation">
        <Facts facts={facts} />
        <div className={`cols${review.data ? ' three' : ''}`}>
          <Thread
            first={first}
            calls={calls}
            chosen={chosen}
            onChoose={(call) => {
              const opened = calls.find((one) => one.call === call)
              if (opened) looked.openRow(opened.requestid)
              change({ call: String(call) }, { replace: true })
            }}
            onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage()}
          />
          <About call={calls.find(({ call }) => call === chosen)} />
          {review.data && <Decision id={review.data.review.id} looked={looked.now} />}
        </div>
      </div>
    </Unmasked.Provider>
  )
}
