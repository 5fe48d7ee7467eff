import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, it } from 'vitest'
import { type Certificates, makeCertificates } from '../../../test/receivers/certificates.ts'
import type { Delivery } from '../contract.ts'
import { deliver } from '../patience.ts'
import { open, settings } from './smtp.ts'

let server: SMTPServer
const mails: { to: string[]; user: unknown; secure: boolean; text: string }[] = []
const certificates: Certificates = makeCertificates()
afterEach(async () => {
  mails.length = 0
  await new Promise<void>((done) => server.close(done))
})

async function started(options: SMTPServerOptions = {}): Promise<number> {
  server = new SMTPServer({
    ...certificates.server,
    onAuth: ({ username, password }, _, done) =>
      password === 'right' ? done(null, { user: username }) : done(new Error('wrong password')),
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      stream.on('end', () => {
        if (text.includes('poison'))
          return done(Object.assign(new Error('not this one'), { responseCode: 554 }))
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          user: session.user,
          secure: session.secure,
          text,
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.server.address() as { port: number }).port
}

function receiver(port: number, more: object = {}) {
  const common = {
    host: '127.0.0.1',
    port,
    from: 'loglake@example.com',
    to: ['security@example.com'],
    tls: { ca: certificates.ca },
  }
  return open(settings.parse({ ...common, user: 'loglake', password: 'right', ...more }), { route: 'alarms' })
}

function deliveries(...titles: string[]): Delivery[] {
  return titles.map((title, n) => ({
    id: `finding/${n}`,
    table: 'finding',
    time: 1,
    text: JSON.stringify({ title, level: 'high' }),
  }))
}

const patience = { signal: new AbortController().signal, maxMs: 0 }

it('sends a batch as one message over STARTTLS, as who is configured', async () => {
  const port = await started()
  const mail = receiver(port)
  expect(await deliver(mail, deliveries('first', 'second\r\nBcc: x@example.com'), patience)).toEqual([])
  await mail.close?.()
  expect(mails).toMatchObject([{ to: ['security@example.com'], user: 'loglake', secure: true }])
  expect(mails[0]?.text).toContain('Subject: loglake: first and 1 more')
  expect(mails[0]?.text).toContain('X-Loglake-Route: alarms')
  // Log text never becomes a header.
  expect(mails[0]?.text).not.toMatch(/^Bcc:/m)
})

it('a message that the server refuses is halved until the row at fault is found', async () => {
  const port = await started()
  const mail = receiver(port)
  const refused = await deliver(mail, deliveries('a', 'b', 'poison', 'd'), patience)
  await mail.close?.()
  expect(refused).toMatchObject([{ delivery: { id: 'finding/2' }, code: '554' }])
  expect(mails.map(({ text }) => /^Subject: (.*)$/m.exec(text)?.[1])).toEqual([
    'loglake: a and 1 more',
    'loglake: d',
  ])
})

it('a receiver of several that the server takes later gets the message later, and it alone', async () => {
  let asked = 0
  const port = await started({
    onRcptTo({ address }, _, done) {
      const isLater = address.startsWith('grey') && asked++ === 0
      done(isLater ? Object.assign(new Error('greylisted'), { responseCode: 450 }) : undefined)
    },
  })
  const mail = receiver(port, { to: ['security@example.com', 'grey@example.com'] })
  const outages: string[] = []
  const patient = {
    signal: patience.signal,
    sleep: async () => undefined,
    onOutage: (outage: { why: string } | undefined) => void outages.push(outage?.why ?? 'over'),
  }
  expect(await deliver(mail, deliveries('a'), patient)).toEqual([])
  await mail.close?.()
  expect(mails.map(({ to }) => to)).toEqual([['security@example.com'], ['grey@example.com']])
  expect(outages).toEqual([expect.stringContaining('grey@example.com: 450 greylisted'), 'over'])
})

it('a receiver of several that the server refuses for good is told with its answer', async () => {
  const port = await started({
    onRcptTo({ address }, _, done) {
      done(
        address.startsWith('gone')
          ? Object.assign(new Error('no such box'), { responseCode: 550 })
          : undefined,
      )
    },
  })
  const mail = receiver(port, { to: ['security@example.com', 'gone@example.com'] })
  const refused = await deliver(mail, deliveries('a'), patience)
  await mail.close?.()
  expect(mails.map(({ to }) => to)).toEqual([['security@example.com']])
  expect(refused).toMatchObject([
    { code: '550', answer: expect.stringContaining('gone@example.com: 550 no such box') },
  ])
})

it.each([
  [{ password: 'wrong' }, 'mail server'],
  [{ tls: undefined }, 'mail server'],
])('wrong settings (%o) are an outage, and refuse no row', async (more, told) => {
  const port = await started()
  const mail = receiver(port, more)
  await expect(deliver(mail, deliveries('a'), patience)).rejects.toThrow(told)
  await expect(deliver(mail, deliveries('a'), patience)).rejects.not.toThrow(/wrong password.*wrong$/)
  await mail.close?.()
  expect(mails).toEqual([])
})

it('a server without TLS is not used', async () => {
  const port = await started({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] })
  const mail = receiver(port)
  await expect(deliver(mail, deliveries('a'), patience)).rejects.toThrow('mail server')
  await mail.close?.()
})
