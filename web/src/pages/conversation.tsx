import { useParams } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { get, type Output, useAsk } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { useAddress } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { may, useMe } from '../shell/me.ts'
import {
  clockTime,
  full,
  latency,
  ms,
  number,
  plural,
  short as shortNumber,
  span,
  usd,
} from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { JsonTree, parsed } from '../ui/json.tsx'
import { plain } from '../ui/plain.ts'
import { Failed, Skeleton } from '../ui/states.tsx'
import { Decision } from './session/decision.tsx'
import { short } from './session/role.ts'
import './conversation.css'

type Data = Output<'conversation'>
type Call = Data['calls'][number]
type Part = Call['answer'][number]
type Passage = NonNullable<Part['passage']>

const Unmasked = createContext(false)

/** A run of an agent as a conversation: what was said, which tools were called with what, what came back. Text is text. */
export function Conversation() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { one, change } = useAddress()
  const me = useMe()
  const [unmask, setUnmask] = useState(false)
  const pages = usePages('conversation', { id, limit: 50, ...(unmask && { unmask: true }) })
  const data = pages.data?.pages as Data[] | undefined
  const review = useAsk('review', { id }, may(me, 'review'))
  if (pages.error && !data)
    return (
      <>
        <Header title="Conversation" />
        <Failed error={pages.error} retry={() => pages.refetch()} />
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
        title={`${plain(facts.who ?? 'unknown')}${facts.role ? ` · ${plain(short(facts.role))}` : ''}`}
        tags={
          <>
            {facts.tool_calls > 0 && (
              <span className="tag violet">{plural(facts.tool_calls, 'tool call')}</span>
            )}
            {facts.findings > 0 && <span className="tag red">{plural(facts.findings, 'finding')}</span>}
            {facts.guardrail_interventions > 0 && <span className="tag amber">guardrail intervened</span>}
            {facts.failed > 0 && <span className="tag red">{number(facts.failed)} failed</span>}
          </>
        }
      >
        {unmask ? (
          <span className="tag amber">shown without masks; recorded</span>
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
            onChoose={(call) => change({ call: String(call) }, { replace: true })}
            onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage()}
          />
          <Aside call={calls.find(({ call }) => call === chosen)} />
          {review.data && (
            <Decision
              id={review.data.review.id}
              looked={{
                lines: 0,
                lastLine: 0,
                calls: facts.calls,
                callsShown: !pages.hasNextPage,
                findings: facts.findings,
                findingsOpened: 0,
              }}
            />
          )}
        </div>
      </div>
    </Unmasked.Provider>
  )
}

function Facts({ facts }: { facts: Data['conversation'] }) {
  const started = ms(facts.started) ?? 0
  const list: readonly (readonly [string, string])[] = [
    ['Started', full(started)],
    ['Lasted', span((ms(facts.ended) ?? started) - started)],
    ['Calls', number(facts.calls)],
    ['Model', facts.models.join(', ')],
    [
      'Tokens',
      `${shortNumber(facts.input_tokens + facts.cache_read_tokens + facts.cache_write_tokens)} in, ${shortNumber(facts.output_tokens)} out`,
    ],
    [
      'Cost',
      facts.cost_usd === null
        ? 'unpriced'
        : `${usd(facts.cost_usd)}${facts.unpriced ? ' and unpriced tokens' : ''}`,
    ],
    ['Tools', facts.tools.join(', ') || 'none'],
  ]
  return (
    <dl className="facts">
      {list.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value}>{plain(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Thread({
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onEnd` is another at each drawing
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
                <OneCall
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
        <span className="faint">
          {number(system.passage.length)} characters
          {system.same_in_runs !== null &&
            system.same_in_runs > 1 &&
            ` · the same in ${number(system.same_in_runs)} runs`}
        </span>
      </summary>
      <Text passage={system.passage} of={{ requestid: calls[0]?.requestid ?? '', of: 'system' }} />
    </details>
  )
}

interface Result {
  status: string | null
  passage: Passage | undefined
  of: Of
}

/** A result stands in the next call's messages; it is shown with the call of the tool. */
function resultsOf(calls: readonly Call[]): Map<string, Result> {
  const found = new Map<string, Result>()
  for (const call of calls)
    for (const message of call.messages)
      for (const [index, part] of message.parts.entries())
        if (part.kind === 'tool_result' && part.tool?.id && !found.has(part.tool.id))
          found.set(part.tool.id, {
            status: part.tool.status,
            passage: part.passage,
            of: { requestid: call.requestid, of: 'message', message: message.index, part: index },
          })
  return found
}

function OneCall({
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
      // A result is with its call, unless that is not here.
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
        <OnePart
          key={key}
          who={role === 'user' ? 'User' : role === 'assistant' ? 'Assistant' : role}
          part={part}
          of={of}
          results={results}
        />
      ))}
      {call.answer.map((part, index) => (
        <OnePart
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
            ? 'What was asked and answered is not in the logs: this account logs calls without their bodies.'
            : `The body is ${plain(call.body)}.`}
        </p>
      )}
    </article>
  )
}

function isCalled(call: Call, results: Map<string, Result>, id: string): boolean {
  return results.has(id) && call.call > 1
}

interface Of {
  requestid: string
  of: 'system' | 'message' | 'answer' | 'input_body' | 'output_body'
  message?: number
  part?: number
}

function OnePart({
  who,
  part,
  of,
  results,
}: {
  who: string
  part: Part
  of: Of
  results: Map<string, Result>
}) {
  if (part.kind === 'tool_call') {
    const result = part.tool?.id ? results.get(part.tool.id) : undefined
    return (
      <Tool
        name={part.tool?.name ?? 'a tool'}
        first={part.tool?.first_ever ?? false}
        status={result?.status ?? null}
      >
        {part.passage && <Text passage={part.passage} of={of} json />}
        {result ? (
          <div className="came">
            <small>came back{result.status === 'error' ? ' with an error' : ''}</small>
            {result.passage ? (
              <Text passage={result.passage} of={result.of} json />
            ) : (
              <span className="faint">nothing</span>
            )}
          </div>
        ) : (
          <small>No result is in the logs of this run.</small>
        )}
      </Tool>
    )
  }
  if (part.kind === 'tool_result')
    return (
      <Tool name="result of a tool" first={false} status={part.tool?.status ?? null}>
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
          <span className="faint">an {part.kind}, which is not shown</span>
        )}
      </div>
    </div>
  )
}

function Tool({
  name,
  first,
  status,
  children,
}: {
  name: string
  first: boolean
  status: string | null
  children: ReactNode
}) {
  return (
    <div className="tool">
      <div className="name">
        <span aria-hidden="true">⚙</span>
        <b>{plain(name)}</b>
        {status === 'error' && <span className="tag red">error</span>}
        {first && <span className="tag amber">first ever by this agent</span>}
      </div>
      {children}
    </div>
  )
}

/** Clipped by characters and lines, not by measured height: the beginning of a text of a megabyte costs as much as a short one. */
const CLIP = 1_500
const CLIP_LINES = 20

function Text({ passage, of, json = false }: { passage: Passage; of: Of; json?: boolean }) {
  const unmask = useContext(Unmasked)
  const [all, setAll] = useState(false)
  const [more, setMore] = useState('')
  const [failed, setFailed] = useState('')
  const whole = passage.text + more
  const clipped = all ? whole : clip(whole)
  const left = passage.length - clipped.length
  const tree =
    json && whole.length < 20_000 && more === '' && passage.text.length >= passage.length
      ? parsed(passage.text)
      : undefined
  const masked = passage.masked.reduce((sum, { count }) => sum + count, 0)
  const further = async () => {
    if (!all) {
      setAll(true)
      if (whole.length >= passage.length) return
    }
    try {
      const next = await get('conversation-text', {
        ...of,
        from: whole.length,
        ...(unmask && { unmask: true }),
      })
      setMore(more + next.text)
      setFailed('')
    } catch (error) {
      setFailed((error as Error).message)
    }
  }
  return (
    <div className="passage">
      {tree !== undefined && tree !== null && typeof tree === 'object' ? (
        <JsonTree value={tree} />
      ) : (
        <Flagged text={clipped} flags={passage.flags} mono={json} />
      )}
      {masked > 0 && (
        <small>
          {passage.masked
            .map(({ kind, count }) => `${number(count)} ${kind.replaceAll('_', ' ').replaceAll('-', ' ')}`)
            .join(', ')}{' '}
          masked
        </small>
      )}
      {left > 0 && !(tree && typeof tree === 'object') && (
        <button type="button" className="btn quiet more" onClick={further}>
          first {number(clipped.length)} of {number(passage.length)} characters · show{' '}
          {all ? 'more' : left <= 65_536 ? 'all' : 'more'}
        </button>
      )}
      {failed && <small className="red">{failed}</small>}
    </div>
  )
}

function clip(text: string): string {
  let end = Math.min(text.length, CLIP)
  let at = -1
  for (let line = 0; line < CLIP_LINES; line++) {
    at = text.indexOf('\n', at + 1)
    if (at < 0 || at > end) return text.slice(0, end)
  }
  end = Math.min(end, at)
  return text.slice(0, end)
}

/** A text with the passages that a scanner flagged. Nothing in it is made a link, an image or Markdown. */
function Flagged({ text, flags, mono }: { text: string; flags: Passage['flags']; mono: boolean }) {
  const parts: ReactNode[] = []
  let from = 0
  for (const flag of flags.toSorted((one, other) => one.from - other.from)) {
    if (flag.from < from || flag.from >= text.length) continue
    parts.push(plain(text.slice(from, flag.from)))
    parts.push(
      <mark key={flag.from} title={`${flag.kind.replaceAll('_', ' ')}, ${flag.score.toFixed(2)}`}>
        {plain(text.slice(flag.from, flag.to))}
      </mark>,
    )
    from = flag.to
  }
  parts.push(plain(text.slice(from)))
  return <p className={mono ? 'words mono' : 'words'}>{parts}</p>
}

function Aside({ call }: { call: Call | undefined }) {
  if (!call) return <aside className="pane about" />
  const facts: readonly (readonly [string, string | null])[] = [
    ['Time', full(ms(call.time) ?? 0)],
    ['Took', call.latency_ms === null ? null : latency(call.latency_ms)],
    ['Model', call.model],
    ['Operation', call.operation],
    ['Stopped by', call.stop_reason?.replaceAll('_', ' ') ?? null],
    ['Tokens in', call.input_tokens === null ? 'not logged' : number(call.input_tokens)],
    ['From cache', call.cache_read_tokens ? number(call.cache_read_tokens) : null],
    ['To cache', call.cache_write_tokens ? number(call.cache_write_tokens) : null],
    ['Tokens out', call.output_tokens === null ? 'not logged' : number(call.output_tokens)],
    ['Cost', call.cost_usd === null ? 'unpriced' : usd(call.cost_usd)],
    ['Guardrail', call.guardrail ? (call.guardrail === 'NONE' ? 'let it pass' : 'intervened') : 'none'],
    [
      'Identity',
      call.identity_from
        ? `the word of ${call.identity_from === 'cloudtrail' ? 'CloudTrail' : 'the invocation log'}`
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
