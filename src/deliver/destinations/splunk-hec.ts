/**
 * Splunk's HTTP Event Collector (docs.splunk.com, "HTTP Event Collector REST API endpoints" and "About HTTP
 * Event Collector Indexer Acknowledgment"): JSON events one behind the other; status codes 0 to 27 in the
 * body.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import { section, size, text, whole, yesNo } from '../../lib/settings.ts'
import { type Answer, type Delivery, type Receiver, type Refused, TAKEN } from '../contract.ts'
import {
  answered,
  type HttpAnswer,
  isBusy,
  openHttp,
  timeoutSetting,
  tlsSection,
  url,
  zipped,
} from '../http.ts'
import { openBodies } from './bodies.ts'
import { isPlain } from './json.ts'

export const name = 'splunk-hec'
export const doc = "Splunk's HTTP Event Collector, and receivers with its protocol."

export const settings = section(
  {
    url: url('The collector, as in https://splunk.example.com:8088, without a path.'),
    token: text('The token.'),
    index: text("The index of the events; by default the token's.").optional(),
    sourcetype: text("Their source type; by default the shape's.").optional(),
    source: text("Their source; by default the shape's, or `loglake:` and the table.").optional(),
    host: text("Their host; by default the shape's.").optional(),
    fields: yesNo('Whether table and id are indexed fields of each event.').default(true),
    acknowledge: yesNo(
      'Whether the cursor waits until indexers say that they have the events: the token must allow it. Splunk Cloud has it for Firehose alone.',
    ).default(false),
    acknowledge_seconds: whole(
      1,
      'Seconds after which events without acknowledgement are sent again.',
    ).default(120),
    gzip: yesNo('Whether bodies are compressed.').default(true),
    batch_events: whole(1, 'Most events of a request.').default(1000),
    batch_bytes: size('Most bytes of a request before it is compressed; Splunk Cloud takes 1MB.').prefault(
      '1MB',
    ),
    timeout_seconds: timeoutSetting(),
    tls: tlsSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `url: https://splunk.example.com:8088
token: "\${SPLUNK_TOKEN}"
index: aws
sourcetype: aws:cloudtrail`

/** A batch that waits for its acknowledgement. */
interface Waiting {
  id: number
  /** The channel that it was sent on: ids count anew in each. */
  channel: string
  deliveries: readonly Delivery[]
  sinceMs: number
}

/** Most bytes kept for a resend: beyond, sending waits for acknowledgements. */
const MAX_WAITING = 16 << 20
const POLL_MS = 250

export function open(options: Settings): Receiver {
  const { token, acknowledge, gzip, batch_events, batch_bytes } = options
  const http = openHttp(options)
  const bodies = openBodies(async (batch) => {
    const body = batch.map((one) => eventOf(one, options)).join('\n')
    return gzip ? await zipped(body) : body
  })
  let channel = randomUUID()
  let waiting: Waiting[] = []
  let polling: Promise<Answer> | undefined
  const headers = (own: string) => ({
    authorization: `Splunk ${token}`,
    'content-type': 'application/json',
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
    ...(acknowledge ? { 'x-splunk-request-channel': own } : {}),
  })

  async function send(batch: readonly Delivery[], signal: AbortSignal): Promise<Answer> {
    if (acknowledge && weightOf(waiting) > MAX_WAITING) {
      const { later } = await settle(signal)
      if (later) return { refused: [], later: { ...later, deliveries: [...later.deliveries, ...batch] } }
    }
    const refused: Refused[] = []
    let rest = batch
    // Splunk takes the events before the one that it refuses: those after it are sent again.
    while (rest.length > 0) {
      const body = await bodies.of(rest)
      const own = channel
      const answer = await http.post('/services/collector/event', body, headers(own), signal)
      const said = bodyOf(answer)
      if (answer.status === 200 && said.code === 0) {
        if (acknowledge) note(own, rest, said)
        return { refused }
      }
      // 24 and 25: taken, and a queue is nearly full.
      if (answer.status === 200 && (said.code === 24 || said.code === 25)) {
        if (acknowledge) note(own, rest, said)
        await wait(1_000, undefined, { signal })
        return { refused }
      }
      if (isBusy(answer.status))
        return {
          refused,
          later: { deliveries: rest, why: answered(answer).message, afterMs: answer.afterMs },
        }
      const at = said['invalid-event-number']
      const isOurs = !OF_ALL.has(said.code ?? -1)
      if (answer.status === 400 && isOurs && typeof at === 'number' && rest[at]) {
        refused.push({ delivery: rest[at], code: String(said.code), answer: answer.text })
        // The events before it have no acknowledgement: when one is required, they are sent again.
        rest = [...(acknowledge ? rest.slice(0, at) : []), ...rest.slice(at + 1)]
        continue
      }
      const split = { deliveries: rest, code: String(said.code ?? answer.status), answer: answer.text }
      if (answer.status === 413 || (answer.status === 400 && isOurs && said.code !== undefined))
        return { refused, halve: split }
      throw answered(answer)
    }
    return { refused }
  }

  function note(own: string, deliveries: readonly Delivery[], { ackId }: Said): void {
    if (typeof ackId !== 'number')
      throw new Error('the receiver took the events and gave no ackId: its token does not acknowledge')
    waiting.push({ id: ackId, channel: own, deliveries, sinceMs: Date.now() })
  }

  /** One at a time: what one of several batches under way sends again, the others do not. */
  async function settle(signal: AbortSignal): Promise<Answer> {
    while (polling) await polling.catch(() => undefined)
    polling = acknowledged(signal)
    try {
      return await polling
    } finally {
      polling = undefined
    }
  }

  async function acknowledged(signal: AbortSignal): Promise<Answer> {
    const maxMs = options.acknowledge_seconds * 1000
    while (waiting.length > 0) {
      for (const own of new Set(waiting.map((one) => one.channel))) await poll(own, signal)
      const late = waiting.filter(({ sinceMs }) => Date.now() - sinceMs > maxMs)
      if (late.length > 0) {
        const deliveries = waiting.flatMap((one) => one.deliveries)
        waiting = []
        // A late acknowledgement of an old id must not match a new one, so a new channel begins.
        channel = randomUUID()
        return { refused: [], later: { deliveries, why: `no acknowledgement within ${maxMs / 1000} s` } }
      }
      if (waiting.length > 0) await wait(POLL_MS, undefined, { signal })
    }
    return TAKEN
  }

  async function poll(own: string, signal: AbortSignal): Promise<void> {
    const acks = waiting.filter((one) => one.channel === own).map(({ id }) => id)
    const { authorization } = headers(own)
    const all = { authorization, 'content-type': 'application/json', 'x-splunk-request-channel': own }
    const polled = await http
      .post(`/services/collector/ack?channel=${own}`, JSON.stringify({ acks }), all, signal)
      .catch((thrown) => {
        if (signal.aborted) throw thrown
        return undefined
      })
    const told = polled?.status === 200 ? (bodyOf(polled).acks ?? {}) : {}
    // Splunk answers true once, and then forgets the id.
    waiting = waiting.filter((one) => one.channel !== own || told[String(one.id)] !== true)
  }

  return {
    max: { deliveries: batch_events, bytes: batch_bytes },
    prepare: bodies.prepare,
    send,
    ...(acknowledge ? { settle } : {}),
    close: () => http.close(),
  }
}

/** Codes about the token, the channel or the index of all events, and not about one event. */
const OF_ALL = new Set([1, 2, 3, 4, 7, 10, 11, 14, 16, 21, 22])

interface Said {
  code?: number
  ackId?: number
  acks?: Record<string, boolean>
  'invalid-event-number'?: number
}

function bodyOf({ text: said }: HttpAnswer): Said {
  try {
    const found: unknown = JSON.parse(said)
    return typeof found === 'object' && found !== null ? found : {}
  } catch {
    return {}
  }
}

function eventOf(one: Delivery, options: Settings): string {
  const meta = {
    time: one.time,
    ...given('host', options.host ?? one.host),
    source: options.source ?? one.source ?? `loglake:${one.table}`,
    ...given('sourcetype', options.sourcetype ?? one.sourcetype),
    ...given('index', options.index),
    ...(options.fields ? { fields: { loglake_table: one.table, loglake_id: one.id } } : {}),
  }
  return `${JSON.stringify(meta).slice(0, -1)},"event":${eventText(one)}}`
}

/** JSON is sent as JSON; any other text as a string, which must not be empty. */
function eventText(one: Delivery): string {
  return isPlain(one) ? JSON.stringify(one.text === '' ? '-' : one.text) : one.text
}

function given(key: string, value: string | undefined): object {
  return value === undefined ? {} : { [key]: value }
}

function weightOf(batches: readonly Waiting[]): number {
  return batches.reduce(
    (sum, { deliveries }) => sum + deliveries.reduce((n, { text: t }) => n + t.length, 0),
    0,
  )
}
