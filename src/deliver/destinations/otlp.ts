/**
 * OTLP logs over HTTP, as JSON (opentelemetry.io, "OTLP Specification 1.9", and the JSON mapping of its
 * Protobuf messages).
 */
import type { z } from 'zod'
import { section, size, text, whole, yesNo } from '../../lib/settings.ts'
import type { Answer, Delivery, Receiver } from '../contract.ts'
import { answered, isAboutBatch, openHttp, timeoutSetting, tlsSection, url, zipped } from '../http.ts'
import { openBodies } from './bodies.ts'
import { headersSection } from './headers.ts'

export const name = 'otlp'
export const doc = 'An OpenTelemetry collector, or another receiver of OTLP logs over HTTP.'

export const settings = section(
  {
    url: url('The collector, as in http://collector.example.com:4318; `/v1/logs` is put behind it.'),
    headers: headersSection(),
    service: text('The attribute `service.name` of the resource.').default('loglake'),
    gzip: yesNo('Whether bodies are compressed.').default(true),
    batch_events: whole(1, 'Most log records of a request.').default(1000),
    batch_bytes: size('Most bytes of a request before it is compressed.').prefault('4MB'),
    timeout_seconds: timeoutSetting(),
    tls: tlsSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `url: http://127.0.0.1:4318`

export function open(options: Settings): Receiver {
  const http = openHttp(options)
  const { gzip, headers, service, batch_events, batch_bytes } = options
  const bodies = openBodies(async (batch) => {
    const body = bodyOf(batch, service)
    return gzip ? await zipped(body) : body
  })
  return {
    max: { deliveries: batch_events, bytes: batch_bytes },
    prepare: bodies.prepare,
    async send(batch, signal): Promise<Answer> {
      const all = {
        ...headers,
        'content-type': 'application/json',
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      }
      const answer = await http.post('/v1/logs', await bodies.of(batch), all, signal)
      // Only these statuses allow a retry; any other error is permanent.
      if ([408, 429, 502, 503, 504].includes(answer.status))
        return {
          refused: [],
          later: { deliveries: batch, why: answered(answer).message, afterMs: answer.afterMs },
        }
      if (isAboutBatch(answer.status))
        return { refused: [], halve: { deliveries: batch, code: String(answer.status), answer: answer.text } }
      if (answer.status < 200 || answer.status > 299) throw answered(answer)
      return judge(batch, answer.text)
    },
    close: () => http.close(),
  }
}

/**
 * A success may report that some records were rejected without naming them: the batch is halved until they
 * are found.
 */
function judge(batch: readonly Delivery[], said: string): Answer {
  let partial: { rejectedLogRecords?: string | number; errorMessage?: string } | undefined
  try {
    partial = (JSON.parse(said || '{}') as { partialSuccess?: typeof partial }).partialSuccess
  } catch {
    // A success whose body is not JSON reports nothing more.
  }
  const rejected = Number(partial?.rejectedLogRecords ?? 0)
  if (!(rejected > 0)) return { refused: [] }
  const answer = partial?.errorMessage ?? ''
  if (rejected >= batch.length)
    return { refused: batch.map((delivery) => ({ delivery, code: 'partialSuccess', answer })) }
  // Records that were taken are sent twice: OTLP has no ids, so delivery is at least once.
  return { refused: [], halve: { deliveries: batch, code: 'partialSuccess', answer } }
}

function bodyOf(batch: readonly Delivery[], service: string): string {
  const observedTimeUnixNano = nanos(Date.now() / 1000)
  const logRecords = batch.map((one) => ({
    timeUnixNano: nanos(one.time),
    observedTimeUnixNano,
    severityNumber: 9,
    severityText: 'INFO',
    body: { stringValue: one.text },
    attributes: [
      attribute('event.name', `loglake.${one.table}`),
      attribute('loglake.id', one.id),
      ...(one.host === undefined ? [] : [attribute('host.name', one.host)]),
      ...(one.source === undefined ? [] : [attribute('log.file.path', one.source)]),
    ],
  }))
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [attribute('service.name', service), attribute('cloud.provider', 'aws')] },
        scopeLogs: [{ scope: { name: 'loglake' }, logRecords }],
      },
    ],
  })
}

function attribute(key: string, value: string): object {
  return { key, value: { stringValue: value } }
}

/** 64-bit integers are texts in OTLP's JSON. */
function nanos(seconds: number): string {
  return String(BigInt(Math.round(seconds * 1e6)) * 1000n)
}
