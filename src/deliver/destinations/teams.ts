/**
 * Microsoft Teams, through a workflow "Post to a channel when a webhook request is received": an Adaptive
 * Card 1.4.
 */
import type { z } from 'zod'
import { section } from '../../lib/settings.ts'
import type { Delivery, Receiver } from '../contract.ts'
import { type HttpAnswer, openHttp, timeoutSetting, tlsSection, url } from '../http.ts'
import { messageOf } from './message.ts'
import { postEach } from './post.ts'

export const name = 'teams'
export const doc = 'A channel of Microsoft Teams, by a workflow with a webhook: one card for each row.'

export const settings = section(
  {
    url: url("The workflow's address: who has it can write, so take it from the environment or a file."),
    timeout_seconds: timeoutSetting(),
    tls: tlsSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `url: "https://prod-01.westeurope.logic.azure.com/workflows/\${TEAMS_TOKEN}"`

export function open(options: Settings): Receiver {
  const http = openHttp(options)
  return {
    max: { deliveries: 20, bytes: 1 << 20 },
    send: (batch, signal) => postEach(http, batch, signal, teamsCard, isTaken),
    close: () => http.close(),
  }
}

/** Some addresses answer 200, and say in the text that Teams has not taken the message. */
function isTaken({ status, text }: HttpAnswer): boolean {
  return status >= 200 && status < 300 && !/delivery failed|HTTP error \d{3}/i.test(text)
}

const COLOR = { critical: 'Attention', error: 'Attention', warning: 'Warning', info: 'Default' }

/** Text runs, because text blocks and facts interpret Markdown, including links. */
export function teamsCard(delivery: Delivery): object {
  const { title, severity, facts } = messageOf(delivery)
  const run = (text: string, more: object = {}) => ({ type: 'TextRun', text, ...more })
  const paragraph = (...inlines: object[]) => ({ type: 'RichTextBlock', inlines })
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      paragraph(run(title, { weight: 'Bolder', size: 'Medium', color: COLOR[severity] })),
      ...facts.map(([name, value]) => paragraph(run(`${name}: `, { weight: 'Bolder' }), run(value))),
    ],
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}
