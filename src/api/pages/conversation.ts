import { sql } from '../../lib/sql.ts'
import type { TextRole } from '../../scan/index.ts'
import { answerOf, type ChatPart, messageOf } from '../chat.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { type Show, showing } from '../mask.ts'
import { notFound } from '../problem.ts'
import { type RunRow, runOf, runsUrl } from './conversations.ts'
import { numberAfter } from './cursors.ts'
import { costOf, pricesOf, type Tokens } from './prices.ts'
import { countedByRun, findingsOfRuns, flagsOf, type RunFinding } from './run-findings.ts'

interface Input {
  id: string
  after?: string | undefined
  limit: number
  unmask: boolean
}

interface Call extends Tokens {
  call: number
  requestid: string
  time: string
  pause_s: number | null
  model: string | null
  modelid: string | null
  region: string | null
  operation: string | null
  errorcode: string | null
  stop_reason: string | null
  latency_ms: number | null
  guardrail: string | null
  has_identity: boolean
  known: number
  system: string | null
  new_messages: string[] | null
  prompt: string | null
  answer: string | null
  completion: string | null
  body: string | null
}

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

export async function conversationOf(input: Input, context: Context): Promise<Answer> {
  const show = showing(context, input.unmask)
  const run = await runRow(context, input.id)
  const since = exactly(run.started, -1)
  const until = exactly(run.ended, 1)
  const [first] = await context.objects<{ conversation_id: string | null; identity_arn: string | null }>(
    sql(url('run-first')),
    { id: run.id, since, until },
  )
  const calls = await context.objects<Call>(sql(url('run-calls')), {
    since,
    until,
    conversation_id: first?.conversation_id ?? null,
    identity: first?.identity_arn ?? null,
    after: numberAfter(input.after),
    max: input.limit + 1,
  })
  const page = calls.slice(0, input.limit)
  const events = await eventsOf(context, page, since, until)
  const prices = await pricesOf(context)
  const found = (await findingsOfRuns(context, since, until)).filter(
    ({ conversation }) => conversation === run.id,
  )
  const system = page[0]?.system ?? null
  return {
    kind: 'json',
    seen: { rows: page.length, about: run.id, unmasked: input.unmask },
    value: {
      version: context.version.number,
      conversation: runOf(run, prices, countedByRun(found).get(run.id) ?? 0),
      system: system === null ? null : { passage: passageOf(system, 'system', show, []) },
      calls: page.map((call) => ({
        call: call.call,
        requestid: call.requestid,
        eventid: events.get(call.requestid) ?? null,
        time: call.time,
        pause_s: call.pause_s,
        model: call.model,
        operation: call.operation,
        errorcode: call.errorcode,
        stop_reason: call.stop_reason,
        latency_ms: call.latency_ms,
        input_tokens: call.input_tokens,
        output_tokens: call.output_tokens,
        cache_read_tokens: call.cache_read_tokens,
        cache_write_tokens: call.cache_write_tokens,
        cost_usd: costOf(prices, { ...call, day: call.time.slice(0, 10) }, call),
        guardrail: call.guardrail,
        identity_from: call.has_identity ? 'invocation log' : null,
        ...saidIn(
          call,
          show,
          found.filter(({ requestid }) => requestid === call.requestid),
        ),
        body: call.body ?? 'not logged',
      })),
      next: calls.length > input.limit ? String(page.at(-1)?.call ?? 0) : null,
    },
  }
}

/** @throws Problem the same for an unknown run and for one that the reader may not see */
async function runRow(context: Context, id: string): Promise<RunRow> {
  const [run] = await context.objects<RunRow>(sql(runsUrl), {
    since: '1970-01-01T00:00:00Z',
    until: '9999-01-01T00:00:00Z',
    id,
    who: null,
    model: null,
    tool: null,
    only: 'all',
    found: '[]',
  })
  if (!run) throw notFound()
  return run
}

/** A time in milliseconds stands for all microseconds in it. */
function exactly(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString()
}

async function eventsOf(context: Context, calls: readonly Call[], since: string, until: string) {
  if (calls.length === 0) return new Map<string, string>()
  const rows = await context.objects<{ requestid: string; eventid: string }>(sql(url('run-events')), {
    since,
    until,
    ids: JSON.stringify(calls.map(({ requestid }) => requestid)),
  })
  return new Map(rows.map(({ requestid, eventid }) => [requestid, eventid]))
}

/**
 * The messages of a call that no earlier call had. The first of them repeats the answer of the call before.
 */
function saidIn(call: Call, show: Show, found: readonly RunFinding[]) {
  const given = (call.new_messages ?? []).map((text) => parsedOr(text))
  const messages = given.map((message, at) => ({
    index: call.known + at,
    // A message of more than two million characters was cut and is no longer JSON: its text is shown as it
    // is.
    ...(typeof message === 'string' ? { role: 'user', parts: [textPart(message)] } : messageOf(message)),
  }))
  const repeatsAnswer = call.known > 0 && messages[0]?.role === 'assistant'
  const fresh = repeatsAnswer ? messages.slice(1) : messages
  const asked =
    fresh.length === 0 && call.prompt !== null
      ? [{ index: call.known, role: 'user', parts: [{ kind: 'text' as const, text: call.prompt }] }]
      : fresh
  const answered = answerOf(parsedOr(call.answer))
  const parts: ChatPart[] =
    answered.length > 0 ? answered : call.completion ? [{ kind: 'text', text: call.completion }] : []
  return {
    repeated: call.known + (repeatsAnswer ? 1 : 0),
    messages: asked.map(({ role, index, parts: own }) => ({
      role,
      index,
      parts: own.map((part) => partOf(part, roleOf(role), show, found)),
    })),
    answer: parts.map((part) => partOf(part, 'answer', show, found)),
  }
}

function textPart(text: string): ChatPart {
  return { kind: 'text', text }
}

function roleOf(role: string): TextRole {
  return role === 'assistant'
    ? 'answer'
    : role === 'system'
      ? 'system'
      : role === 'tool'
        ? 'document'
        : 'user'
}

function partOf({ kind, text, tool }: ChatPart, role: TextRole, show: Show, found: readonly RunFinding[]) {
  const as: TextRole = kind === 'tool_call' ? 'parameters' : kind === 'tool_result' ? 'document' : role
  return {
    kind,
    ...(text === undefined ? {} : { passage: passageOf(text, as, show, found) }),
    ...(tool ? { tool } : {}),
  }
}

/** Characters of a text that a page shows at first. */
const SHOWN = 4000

function passageOf(text: string, role: TextRole, show: Show, found: readonly RunFinding[]) {
  const shown = show(text, role, { from: 0, to: SHOWN })
  return { ...shown, flags: flagsOf(shown.text, role, found) }
}

function parsedOr(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
