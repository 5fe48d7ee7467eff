/** E-mail: one message for a batch of rows, as plain text, by a server that takes it (RFC 5321) over TLS. */
import { createHash } from 'node:crypto'
import type { Transporter } from 'nodemailer'
import type { z } from 'zod'
import { names, oneOf, section, text, textLike, whole } from '../../lib/settings.ts'
import { type Answer, type Delivery, type Receiver, TAKEN } from '../contract.ts'
import { isForbidden, timeoutSetting, tlsSection } from '../http.ts'
import { clipped, messageOf } from './message.ts'

export const name = 'smtp'
export const doc = 'E-mail: the rows of a batch in one message.'

const ADDRESS = /^[^\s<>"]+@[^\s<>"@]+$/

export const settings = section(
  {
    host: text('The mail server.').refine(
      (host) => !isForbidden(host),
      'a link-local address is no receiver',
    ),
    port: whole(1, 'Its port.').default(587),
    security: oneOf(
      ['starttls', 'tls', 'none'],
      'TLS from the start, TLS that is asked for and insisted on, or none.',
    ).default('starttls'),
    user: text('A user; with `password`.').optional(),
    password: text('Its password.').optional(),
    from: textLike(ADDRESS, 'an e-mail address is wanted', 'The sender.'),
    to: names('The receivers.').refine(
      (all) => all.length > 0 && all.every((one) => ADDRESS.test(one)),
      'e-mail addresses are wanted',
    ),
    subject: text('What the subject begins with.').default('loglake'),
    batch_events: whole(1, 'Most rows of a message.').default(50),
    timeout_seconds: timeoutSetting(),
    tls: tlsSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `host: mail.example.com
user: loglake
password: "\${MAIL_PASSWORD}"
from: loglake@example.com
to: [security@example.com]`

export function open(options: Settings, { route }: { route: string }): Receiver {
  const ms = options.timeout_seconds * 1000
  const { server_name: servername, ...pem } = options.tls ?? {}
  const connect = async () =>
    (await import('nodemailer')).createTransport({
      host: options.host,
      port: options.port,
      secure: options.security === 'tls',
      requireTLS: options.security === 'starttls',
      ignoreTLS: options.security === 'none',
      ...(options.user === undefined ? {} : { auth: { user: options.user, pass: options.password ?? '' } }),
      tls: { ...pem, ...(servername === undefined ? {} : { servername }) },
      connectionTimeout: ms,
      greetingTimeout: ms,
      socketTimeout: ms,
      // A text of a log is never a file or an address to be read.
      disableFileAccess: true,
      disableUrlAccess: true,
      pool: true,
      maxConnections: 1,
    })
  let transport: Transporter | undefined
  return {
    most: { deliveries: options.batch_events, bytes: 4 << 20 },
    async send(batch): Promise<Answer> {
      try {
        transport ??= await connect()
        const { rejected } = await transport.sendMail(mailOf(batch, options, route))
        if (rejected && rejected.length > 0)
          return {
            refused: batch.map((delivery) => ({
              delivery,
              code: 'rejected',
              answer: 'a receiver was refused',
            })),
          }
        return TAKEN
      } catch (thrown) {
        const {
          responseCode,
          response = '',
          command,
        } = thrown as { responseCode?: number; response?: string; command?: string }
        // 552, 554: of the message, and not of who sends it.
        const isAboutMessage = command === 'DATA' && responseCode !== undefined && responseCode >= 500
        if (!isAboutMessage)
          throw new Error(`the mail server: ${responseCode ?? ''} ${(thrown as Error).message}`, {
            cause: thrown,
          })
        return { refused: [], halve: { deliveries: batch, code: String(responseCode), answer: response } }
      }
    },
    async close() {
      transport?.close()
    },
  }
}

function mailOf(batch: readonly Delivery[], { from, to, subject }: Settings, route: string) {
  const messages = batch.map(messageOf)
  const [first] = messages
  const more = batch.length > 1 ? ` and ${batch.length - 1} more` : ''
  const id = createHash('sha256')
    .update(batch.map((one) => one.id).join('\n'))
    .digest('hex')
    .slice(0, 40)
  const body = messages.map(({ title, facts }) =>
    [title, ...facts.map(([name, value]) => `  ${name}: ${value}`)].join('\n'),
  )
  return {
    from,
    to,
    subject: clipped(`${subject}: ${first?.title ?? ''}${more}`, 200),
    text: body.join('\n\n'),
    // The same batch has the same id: mail programs and servers that look at it keep one.
    messageId: `<${id}@${from.split('@')[1]}>`,
    headers: { 'X-Loglake-Route': route, 'Auto-Submitted': 'auto-generated' },
  }
}
