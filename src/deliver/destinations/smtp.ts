/** E-mail: one message for a batch of rows, as plain text, through an SMTP server (RFC 5321) over TLS. */
import { createHash } from 'node:crypto'
import type { Transporter } from 'nodemailer'
import type { z } from 'zod'
import { names, oneOf, section, text, textLike, whole } from '../../lib/settings.ts'
import type { Answer, Delivery, Receiver } from '../contract.ts'
import { checkHost, isForbidden, timeoutSetting, tlsSection } from '../http.ts'
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
      'TLS from the start, STARTTLS that must succeed, or none.',
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

export function onlyTo(recipient: string): Partial<Settings> | undefined {
  return ADDRESS.test(recipient) ? { to: [recipient] } : undefined
}

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
      // Log text is never read as the name of a file or an address.
      disableFileAccess: true,
      disableUrlAccess: true,
      pool: true,
      maxConnections: 1,
    })
  let transport: Transporter | undefined
  /** The receivers that a message has not reached yet. */
  let waiting: { id: string; to: string[] } | undefined
  return {
    max: { deliveries: options.batch_events, bytes: 4 << 20 },
    async send(batch): Promise<Answer> {
      await checkHost(options.host)
      const mail = mailOf(batch, options, route)
      if (waiting?.id !== mail.messageId) waiting = undefined
      const to = waiting?.to ?? options.to
      try {
        transport ??= await connect()
        const told = await transport.sendMail({ ...mail, envelope: { from: options.from, to } })
        const { later, forGood } = rejectedOf(told as Told)
        // The message goes again to those alone that the server may take later.
        waiting =
          later.length > 0
            ? { id: mail.messageId, to: later.map(({ recipient = '' }) => recipient) }
            : undefined
        return {
          refused: forGood[0] ? batch.map((delivery) => ({ delivery, ...answerOf(forGood) })) : [],
          ...(later.length > 0 ? { later: { deliveries: batch, why: answerOf(later).answer } } : {}),
        }
      } catch (thrown) {
        const {
          responseCode,
          response = '',
          command,
        } = thrown as { responseCode?: number; response?: string; command?: string }
        // All others have the message: waiting for this one would hold up what comes after it.
        if (waiting && responseCode !== undefined && responseCode >= 500 && command === 'RCPT TO') {
          waiting = undefined
          return {
            refused: batch.map((delivery) => ({ delivery, code: String(responseCode), answer: response })),
          }
        }
        // 552 and 554 are about the message, and not about its sender.
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

interface Told {
  rejectedErrors?: readonly { recipient?: string; responseCode?: number; response?: string }[]
}

/**
 * The receivers that a server did not take beside others: 4xx is for now, as with greylisting, 5xx for good.
 */
function rejectedOf({ rejectedErrors = [] }: Told) {
  const isForGood = ({ responseCode = 0 }: (typeof rejectedErrors)[number]) => responseCode >= 500
  return {
    later: rejectedErrors.filter((one) => !isForGood(one)),
    forGood: rejectedErrors.filter(isForGood),
  }
}

function answerOf(rejected: NonNullable<Told['rejectedErrors']>): { code: string; answer: string } {
  const answer = rejected
    .map(({ recipient, response }) => `${recipient}: ${response ?? 'refused'}`)
    .join('; ')
  return { code: String(rejected[0]?.responseCode ?? 'rejected'), answer }
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
    // The same batch has the same id: mail programs and servers that check it keep one copy.
    messageId: `<${id}@${from.split('@')[1]}>`,
    headers: { 'X-Loglake-Route': route, 'Auto-Submitted': 'auto-generated' },
  }
}
