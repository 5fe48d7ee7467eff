/**
 * Any HTTP endpoint: NDJSON or a JSON array, signed in the way of GitHub and Stripe: HMAC-SHA256 over time
 * and body.
 */
import { createHmac } from 'node:crypto'
import type { z } from 'zod'
import { oneOf, section, size, text, whole, yesNo } from '../../lib/settings.ts'
import type { Answer, Delivery, Receiver } from '../contract.ts'
import { answered, isAboutBatch, isBusy, openHttp, timeoutSetting, tlsSection, url, zipped } from '../http.ts'
import { openBodies } from './bodies.ts'
import { headersSection } from './headers.ts'
import { isPlain } from './json.ts'

export const name = 'webhook'
export const doc = 'Any HTTP endpoint: a POST of JSON, signed with HMAC-SHA256 if there is a secret.'

export const settings = section(
  {
    url: url('The address, with its path.'),
    secret: text(
      'The secret of the signature: `x-loglake-signature: t=<seconds>,v1=<hex>` is the HMAC-SHA256 of `<seconds>.<body>`.',
    ).optional(),
    headers: headersSection(),
    body: oneOf(
      ['ndjson', 'array', 'single'],
      'One event a line, a JSON array, or one request for each event.',
    ).default('ndjson'),
    gzip: yesNo('Whether bodies are compressed; the signature is of the body as it is sent.').default(false),
    batch_events: whole(1, 'Most events of a request.').default(500),
    batch_bytes: size('Most bytes of a request.').prefault('1MB'),
    timeout_seconds: timeoutSetting(),
    tls: tlsSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `url: https://hooks.example.com/loglake
secret: "\${WEBHOOK_SECRET}"`

export function open(options: Settings): Receiver {
  const http = openHttp(options)
  const { body: form, gzip, secret, headers, batch_events, batch_bytes } = options
  const bodies = openBodies(async (batch) => {
    const plain = Buffer.from(bodyOf(batch, form))
    return gzip ? await zipped(plain) : plain
  })
  return {
    max: { deliveries: form === 'single' ? 1 : batch_events, bytes: batch_bytes },
    prepare: bodies.prepare,
    async send(batch, signal): Promise<Answer> {
      const body = await bodies.of(batch)
      const seconds = Math.floor(Date.now() / 1000)
      const all = {
        ...headers,
        'content-type': form === 'ndjson' ? 'application/x-ndjson' : 'application/json',
        // The same batch has the same id each time it is sent.
        'idempotency-key': idOf(batch.map(({ id }) => id)),
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
        ...(secret === undefined ? {} : { 'x-loglake-signature': signature(secret, seconds, body) }),
      }
      const answer = await http.post('', body, all, signal)
      if (answer.status >= 200 && answer.status < 300) return { refused: [] }
      if (isBusy(answer.status))
        return {
          refused: [],
          later: { deliveries: batch, why: answered(answer).message, afterMs: answer.afterMs },
        }
      if (isAboutBatch(answer.status))
        return { refused: [], halve: { deliveries: batch, code: String(answer.status), answer: answer.text } }
      throw answered(answer)
    },
    close: () => http.close(),
  }
}

/** As a receiver checks it: over the time too, so that an old request cannot be replayed. */
export function signature(secret: string, seconds: number, body: Uint8Array): string {
  const hex = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex')
  return `t=${seconds},v1=${hex}`
}

function bodyOf(batch: readonly Delivery[], form: Settings['body']): string {
  if (form === 'ndjson')
    return batch.map((one) => `${one.text.replace(/\r?\n/g, isPlain(one) ? '\\n' : ' ')}\n`).join('')
  const values = batch.map((one) => (isPlain(one) ? JSON.stringify(one.text) : one.text))
  return form === 'single' ? (values[0] ?? '') : `[${values.join(',')}]`
}

function idOf(ids: readonly string[]): string {
  return createHmac('sha256', 'batch').update(ids.join('\n')).digest('hex').slice(0, 32)
}
