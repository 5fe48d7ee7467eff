/**
 * The `_bulk` API of OpenSearch and Elasticsearch. Each document has its row's id and is created, so that an
 * existing one is answered with 409 and not stored twice; data streams accept only `create`.
 */
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { section, size, text, textLike, whole, yesNo } from '../../lib/settings.ts'
import { type Answer, type Delivery, type Receiver, type Refused, TAKEN } from '../contract.ts'
import { answered, isBusy, openHttp, timeoutSetting, tlsSection, url, zipped } from '../http.ts'
import { openBodies } from './bodies.ts'
import { isPlain } from './json.ts'

export const name = 'opensearch'
export const doc = 'OpenSearch or Elasticsearch: an index, or a data stream.'

export const settings = section(
  {
    url: url('The cluster, as in https://search.example.com:9200.'),
    index: textLike(
      /^[a-z0-9][a-z0-9._-]{0,200}$/,
      'the name of an index is wanted, in small letters',
      'The index or data stream.',
    ),
    daily: yesNo('Whether each day has an index of its own, with `-2026.01.07` behind its name.').default(
      false,
    ),
    user: text('A user; with `password`.').optional(),
    password: text('Its password.').optional(),
    api_key: text("Elasticsearch's API key, as it gives it.").optional(),
    pipeline: text('An ingest pipeline.').optional(),
    gzip: yesNo('Whether bodies are compressed.').default(true),
    batch_events: whole(1, 'Most documents of a request.').default(2000),
    batch_bytes: size('Most bytes of a request before it is compressed.').prefault('5MB'),
    timeout_seconds: timeoutSetting(),
    tls: tlsSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `url: https://search.example.com:9200
index: loglake-cloudtrail
user: loglake
password: "\${SEARCH_PASSWORD}"`

interface Item {
  status?: number
  error?: { type?: string; reason?: string } | string
}

export function open(options: Settings): Receiver {
  const http = openHttp(options)
  const { gzip, pipeline, batch_events, batch_bytes } = options
  const path = `/_bulk${pipeline === undefined ? '' : `?pipeline=${encodeURIComponent(pipeline)}`}`
  const bodies = openBodies(async (batch) => {
    const body = batch.map((one) => linesOf(one, options)).join('')
    return gzip ? await zipped(body) : body
  })
  return {
    max: { deliveries: batch_events, bytes: batch_bytes },
    prepare: bodies.prepare,
    async send(batch, signal): Promise<Answer> {
      const headers = {
        'content-type': 'application/x-ndjson',
        ...authorization(options),
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      }
      const answer = await http.post(path, await bodies.of(batch), headers, signal)
      if (isBusy(answer.status))
        return {
          refused: [],
          later: { deliveries: batch, why: answered(answer).message, afterMs: answer.afterMs },
        }
      if (answer.status === 413 || answer.status === 400)
        return { refused: [], halve: { deliveries: batch, code: String(answer.status), answer: answer.text } }
      if (answer.status !== 200) throw answered(answer)
      return judge(batch, answer.text)
    },
    close: () => http.close(),
  }
}

/**
 * Status 200 only means that the request was read: each document has its own status, whatever `errors`
 * contains.
 */
function judge(batch: readonly Delivery[], said: string): Answer {
  const { errors, items } = JSON.parse(said) as { errors?: boolean; items?: Record<string, Item>[] }
  if (errors === false && !items?.length) return TAKEN
  if (!Array.isArray(items) || items.length !== batch.length)
    throw new Error(`the answer speaks of ${items?.length ?? 0} documents, and ${batch.length} were sent`)
  const refused: Refused[] = []
  const busy: Delivery[] = []
  let why = ''
  for (const [at, delivery] of batch.entries()) {
    const { status = 0, error } = Object.values(items[at] ?? {})[0] ?? {}
    // 409: it already exists, by its id.
    if ((status >= 200 && status < 300) || status === 409) continue
    const told = typeof error === 'string' ? error : JSON.stringify(error ?? {})
    if (isOfAll(status, error)) throw new Error(`${status}: ${told.slice(0, 300)}`)
    if (isBusy(status)) {
      busy.push(delivery)
      why ||= `${status}: ${told.slice(0, 300)}`
    } else refused.push({ delivery, code: String(status), answer: told })
  }
  return { refused, ...(busy.length > 0 ? { later: { deliveries: busy, why } } : {}) }
}

/**
 * Whether a document is refused because of its target (rights, a closed index, an alias, a pipeline) and not
 * because of its content: then the next one would be refused, too.
 */
function isOfAll(status: number, error: Item['error']): boolean {
  if (status === 0 || status === 401 || status === 403 || status === 404) return true
  const { type = '', reason = '' } = typeof error === 'object' ? error : {}
  if (['index_closed_exception', 'invalid_index_name_exception', 'security_exception'].includes(type))
    return true
  return /^(pipeline with id|no write index is defined)/.test(reason)
}

function linesOf(one: Delivery, { index, daily }: Settings): string {
  const day = new Date(one.time * 1000).toISOString().slice(0, 10).replaceAll('-', '.')
  const create = { _index: daily ? `${index}-${day}` : index, _id: documentId(one.id) }
  return `${JSON.stringify({ create })}\n${documentOf(one)}\n`
}

/** Data streams require `@timestamp`; a document is an object. */
function documentOf(delivery: Delivery): string {
  const { text: written, time } = delivery
  const at = JSON.stringify(new Date(time * 1000).toISOString())
  if (isPlain(delivery)) return `{"@timestamp":${at},"message":${JSON.stringify(written)}}`
  if (hasTimestamp(written)) return written.replaceAll('\n', ' ')
  return written === '{}'
    ? `{"@timestamp":${at}}`
    : `{"@timestamp":${at},${written.slice(1).replaceAll('\n', ' ')}`
}

/** A field of that name inside of a record is none of the document's. */
function hasTimestamp(written: string): boolean {
  if (!written.includes('"@timestamp":')) return false
  return written.startsWith('{"@timestamp":') || Object.hasOwn(JSON.parse(written) as object, '@timestamp')
}

/** At most 512 bytes. */
function documentId(id: string): string {
  return Buffer.byteLength(id) <= 512 ? id : createHash('sha256').update(id).digest('hex')
}

function authorization({ user, password, api_key }: Settings): Record<string, string> {
  if (api_key !== undefined) return { authorization: `ApiKey ${api_key}` }
  if (user === undefined) return {}
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
}
