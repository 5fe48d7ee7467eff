/** Slack's incoming webhooks (api.slack.com/messaging/webhooks): one message a second, JSON with blocks. */
import type { z } from 'zod'
import { section } from '../../lib/settings.ts'
import type { Delivery, Receiver } from '../contract.ts'
import { openHttp, timeoutSetting, tlsSection, url } from '../http.ts'
import { messageOf } from './message.ts'
import { postEach } from './post.ts'

export const name = 'slack'
export const doc = 'A channel of Slack, by an incoming webhook: one message for each row.'

export const settings = section(
  {
    url: url("The webhook's address: who has it can write, so take it from the environment or a file."),
    timeout_seconds: timeoutSetting(),
    tls: tlsSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `url: "https://hooks.slack.com/services/\${SLACK_TOKEN}"`

export function open(options: Settings): Receiver {
  const http = openHttp(options)
  return {
    max: { deliveries: 20, bytes: 1 << 20 },
    send: (batch, signal) => postEach(http, batch, signal, slackMessage),
    close: () => http.close(),
  }
}

const MARK = { critical: '🔴', error: '🟠', warning: '🟡', info: '🔵' }

export function slackMessage(delivery: Delivery): object {
  const { title, severity, facts } = messageOf(delivery)
  return {
    // Shown in notifications, where Slack interprets its markup.
    text: escaped(`${MARK[severity]} ${title}`),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: `${MARK[severity]} ${title}`.slice(0, 150) } },
      {
        type: 'section',
        // At most ten fields.
        fields: facts
          .slice(0, 10)
          .map(([name, value]) => ({ type: 'plain_text', text: `${name}\n${value}` })),
      },
    ],
  }
}

/** Slack would interpret `<!channel>` and `<http://…|text>`. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
