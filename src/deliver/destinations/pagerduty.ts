/**
 * PagerDuty's Events API v2 (developer.pagerduty.com): 202 when an event is taken; alerts with the same
 * `dedup_key` are merged.
 */
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { section, text } from '../../lib/settings.ts'
import type { Delivery, Receiver } from '../contract.ts'
import { openHttp, timeoutSetting, tlsSection, url } from '../http.ts'
import { clipped, messageOf } from './message.ts'
import { postEach } from './post.ts'

export const name = 'pagerduty'
export const doc = 'PagerDuty: an alert for each row.'

export const settings = section(
  {
    routing_key: text('The integration key of the service.'),
    url: url("The address of the events API; by default PagerDuty's.").default(
      'https://events.pagerduty.com/v2/enqueue',
    ),
    timeout_seconds: timeoutSetting(),
    tls: tlsSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `routing_key: "\${PAGERDUTY_TOKEN}"`

export function open(options: Settings): Receiver {
  const http = openHttp(options)
  return {
    max: { deliveries: 20, bytes: 512 << 10 },
    send: (batch, signal) => postEach(http, batch, signal, (one) => alertOf(one, options)),
    close: () => http.close(),
  }
}

function alertOf(delivery: Delivery, { routing_key }: Settings): object {
  const { title, severity, facts } = messageOf(delivery)
  return {
    routing_key,
    event_action: 'trigger',
    dedup_key: createHash('sha256').update(delivery.id).digest('hex'),
    payload: {
      summary: clipped(title, 1024),
      source: clipped(delivery.source ?? `loglake:${delivery.table}`, 255),
      severity,
      timestamp: new Date(delivery.time * 1000).toISOString(),
      custom_details: Object.fromEntries(facts),
    },
  }
}
