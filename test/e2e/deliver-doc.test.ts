import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createServer, type Server } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { destinations } from '../../src/deliver/destinations/index.ts'
import { makeCertificates } from '../receivers/certificates.ts'
import { type ConnectProxy, startConnectProxy } from '../receivers/connect-proxy.ts'
import { type Hec, startHec } from '../receivers/hec.ts'
import { type Got, type HttpReceiver, startHttp } from '../receivers/http.ts'
import {
  addressOf,
  EXAMPLES,
  exampleOf,
  OF_AWS,
  PAGE,
  printed,
  secretOf,
  secretsOf,
  withRoute,
} from './deliver-doc.ts'
import { ALL_SAMPLES, freshFolder, loglake } from './program.ts'

/**
 * The examples of docs/deliver.md, as they stand there: the program sends rows of the samples through each.
 *
 * What goes by HTTP keeps its address, PagerDuty's own too: the way out is a proxy, as the page describes it, behind
 * which a receiver on this machine has a certificate for that name. E-mail, syslog and files know no proxy: in these
 * the address is replaced, and nothing else.
 */

const folder = freshFolder()
const lake = join(folder, 'lake')
const WHERE = "useridentity_type = 'Root'"
const hosts = [...EXAMPLES.keys()]
  .filter((name) => destinations.some((one) => one.name === name))
  .flatMap((name) => addressOf(name)?.hostname ?? [])
const certificates = makeCertificates(hosts.filter((host) => /[a-z]/.test(host)))

let wanted: Record<string, string>[]
let hec: Hec
let https: HttpReceiver
let http: HttpReceiver
let syslog: Server
let smtp: SMTPServer
let proxy: ConnectProxy
/** All that one connection of syslog said, once it has ended. */
let heard: Promise<string>
const mails: { to: string[]; user: unknown; secure: boolean; said: string }[] = []
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

/** What OpenSearch says to documents that are new, and everybody else by default. */
const taken = ({ path, body }: Got): [number, object] => {
  const items = body.trimEnd().split('\n')
  return path === '/_bulk'
    ? [200, { errors: false, items: items.slice(items.length / 2).map(() => ({ create: { status: 201 } })) }]
    : [202, {}]
}

beforeAll(async () => {
  const { server, ca, client } = certificates
  writeFileSync(join(folder, 'ca.pem'), ca)
  writeFileSync(join(folder, 'client.pem'), client.cert)
  writeFileSync(join(folder, 'client.key'), client.key)
  hec = await startHec({ token: secretOf('SPLUNK_TOKEN'), tls: server })
  https = await startHttp(server)
  http = await startHttp()
  https.reply = taken
  syslog = createServer(server)
  heard = once(syslog, 'secureConnection').then(([socket]) => text(socket))
  await new Promise<void>((done) => syslog.listen(0, '127.0.0.1', done))
  smtp = new SMTPServer({
    ...server,
    onAuth: ({ username, password }, _, done) =>
      password === secretOf('MAIL_PASSWORD') ? done(null, { user: username }) : done(new Error('no')),
    onData(stream, { envelope, user, secure }, done) {
      text(stream).then((all) => {
        // Long lines are broken as quoted-printable has it.
        const said = all.replaceAll('=\r\n', '')
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), user, secure, said })
        done()
      }, done)
    },
  })
  await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', done))
  const { host: splunk } = addressOf('splunk-hec') as URL
  proxy = await startConnectProxy((target) => {
    const { url } = target === splunk ? hec : target === addressOf('otlp')?.host ? http : https
    return { host: '127.0.0.1', port: Number(new URL(url).port) }
  })
  printed(await loglake(['ingest', ALL_SAMPLES, '--lake', lake]))
  wanted = await rows(`select eventid, eventname from cloudtrail where ${WHERE}`)
})
afterAll(async () => {
  await Promise.all([hec, https, http, proxy].map((one) => one.stop()))
  syslog.close()
  await new Promise<void>((done) => smtp.close(done))
})

/** Sends all that a configuration has to send, and nothing beside it. */
async function sent(yaml: string, env: Record<string, string> = {}): Promise<string> {
  writeFileSync(join(folder, 'loglake.yaml'), `lake: ./lake\n${yaml}`)
  const way = { http_proxy: '', https_proxy: '', no_proxy: '', NO_PROXY: '' }
  return printed(
    await loglake(['deliver', '--once'], {
      cwd: folder,
      env: {
        ...way,
        HTTP_PROXY: proxy.url,
        HTTPS_PROXY: proxy.url,
        NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
        ...secretsOf(yaml),
        ...env,
      },
    }),
  )
}

async function rows(sql: string): Promise<Record<string, string>[]> {
  return JSON.parse(printed(await loglake(['query', sql, '--lake', lake, '--format', 'json'])))
}

/** What arrived at the receivers by HTTP since it was asked last. */
const posted = () => https.got.splice(0)
const bodies = (got: readonly Got[]) => got.map(({ body }) => body).join('\n')

interface Way {
  /** What is replaced in the example, so that it leads to this machine. */
  moved?(): readonly [from: string, to: string]
  /** What arrived, once what the example says of the receiver has been seen there. */
  arrived(out: string): string | Promise<string>
}

const WAYS: Readonly<Record<string, Way>> = {
  'splunk-hec': {
    arrived() {
      const events = hec.events.splice(0)
      for (const one of events) expect(one).toMatchObject({ index: 'aws', sourcetype: 'aws:cloudtrail' })
      return JSON.stringify(events)
    },
  },
  opensearch: {
    arrived() {
      const got = posted()
      const basic = `Basic ${btoa(`loglake:${secretOf('SEARCH_PASSWORD')}`)}`
      for (const { headers } of got) expect(headers.authorization).toBe(basic)
      expect(bodies(got)).toContain('"_index":"loglake-cloudtrail"')
      return bodies(got)
    },
  },
  otlp: {
    arrived() {
      const got = http.got.splice(0)
      for (const { path } of got) expect(path).toBe('/v1/logs')
      return bodies(got)
    },
  },
  webhook: {
    arrived() {
      const got = posted()
      for (const { path, headers, raw } of got) {
        expect(path).toBe('/loglake')
        const [, t, v1] = /^t=(\d+),v1=(.*)$/.exec(String(headers['x-loglake-signature'])) ?? []
        const signed = createHmac('sha256', secretOf('WEBHOOK_SECRET')).update(`${t}.`).update(raw)
        expect(v1).toBe(signed.digest('hex'))
      }
      return bodies(got)
    },
  },
  slack: {
    arrived() {
      const got = posted()
      for (const { path } of got) expect(path).toBe(`/services/${secretOf('SLACK_TOKEN')}`)
      return bodies(got)
    },
  },
  teams: {
    arrived() {
      const got = posted()
      for (const { path } of got) expect(path).toBe(`/workflows/${secretOf('TEAMS_TOKEN')}`)
      return bodies(got)
    },
  },
  pagerduty: {
    arrived() {
      const got = posted()
      for (const { body } of got)
        expect(JSON.parse(body)).toMatchObject({ routing_key: secretOf('PAGERDUTY_TOKEN') })
      return bodies(got)
    },
  },
  smtp: {
    // Its port is 587 where nothing is said: here only root may listen there.
    moved: () => ['mail.example.com', `127.0.0.1\n    port: ${portOf(smtp.server)}`],
    arrived() {
      expect(mails).toMatchObject([{ to: ['security@example.com'], user: 'loglake', secure: true }])
      expect(mails[0]?.said).toContain('From: loglake@example.com')
      return mails[0]?.said ?? ''
    },
  },
  syslog: {
    moved: () => ['syslog.example.com\n    port: 6514', `127.0.0.1\n    port: ${portOf(syslog)}`],
    arrived: () => heard,
  },
  file: {
    moved: () => ['/var/log/loglake', join(folder, 'var')],
    arrived: () => readFileSync(join(folder, 'var', 'cloudtrail.ndjson'), 'utf8'),
  },
  stdout: { arrived: (out) => out },
}

it('every destination has an example, and every example of the page is sent through', () => {
  const names = destinations.map(({ name }) => name)
  expect([...Object.keys(WAYS), ...OF_AWS].toSorted()).toEqual(names.toSorted())
  expect([...EXAMPLES.keys()].toSorted()).toEqual([...names, 'Deliver', 'Routes over a view'].toSorted())
})

describe('the example of', () => {
  it.each(Object.entries(WAYS))('%s sends rows', async (name, { moved, arrived }) => {
    let yaml = exampleOf(name)
    if (moved) {
      const [from, to] = moved()
      expect(yaml.split(from)).toHaveLength(2)
      yaml = yaml.replace(from, to)
    }
    const asked = proxy.asked.length
    // A route's cursor is in the lake: each example has a route of its own.
    const out = await sent(withRoute(yaml, WHERE).replace('  rows:', `  to-${name}:`))
    const found = await arrived(out)
    expect(wanted.length).toBeGreaterThan(1)
    for (const { eventid, eventname } of wanted) {
      expect(found).toContain(eventid)
      expect(found).toContain(eventname)
    }
    const { host = '', protocol, hostname } = addressOf(name) ?? {}
    const target = host === hostname ? `${host}:${protocol === 'https:' ? 443 : 80}` : host
    const targets = new Set(proxy.asked.slice(asked).map((one) => one.target))
    expect([...targets]).toEqual(host === '' ? [] : [target])
  })

  it('a whole configuration sends what its condition takes', async () => {
    hec.events.length = 0
    await sent(exampleOf('Deliver'))
    const calls = await rows(
      "select requestid from bedrock_invocation where input_tokens > 100 and timestamp >= '2026-01-01'",
    )
    const found = hec.events.splice(0)
    expect(found.map(({ event }) => event.requestid).toSorted()).toEqual(
      calls.map(({ requestid }) => requestid).toSorted(),
    )
    for (const one of found) expect(one).toMatchObject({ index: 'aws', sourcetype: 'aws:bedrock' })
  })

  it('a route over a view sends the columns of the view', async () => {
    const [whole = ''] = exampleOf('Deliver').split(/^routes:/m)
    // From its first row on, so that there is something new to send.
    const route = exampleOf('Routes over a view').replace(/to: siem$/m, '$&\n    from: start')
    const [, view = ''] = /^### Routes over a view\n[\s\S]*?^```sql\n([\s\S]*?)^```/m.exec(PAGE) ?? []
    mkdirSync(join(folder, 'views'))
    writeFileSync(join(folder, 'views', 'console_login.sql'), view)
    await sent(`${whole}${route}`)
    const logins = await rows(
      `select eventid, 'No' as mfa from cloudtrail where eventname = 'ConsoleLogin'
       and (additionaleventdata ->> '$.MFAUsed') = 'No' order by eventid`,
    )
    expect(logins.length).toBeGreaterThan(0)
    const found = hec.events
      .splice(0)
      .map(({ event }) => ({ eventid: String(event.eventid), mfa: event.mfa }))
    expect(found.toSorted((one, other) => (one.eventid < other.eventid ? -1 : 1))).toEqual(logins)
  })

  it('TLS with an authority and a certificate of its own', async () => {
    const [, line = ''] = /^TLS: `(tls: .*)`\.$/m.exec(PAGE) ?? []
    const { server, ca } = certificates
    const strict = await startHttp({ ...server, ca, requestCert: true, rejectUnauthorized: true })
    const yaml = exampleOf('webhook').replace(/url: .*/, `url: ${strict.url}\n    ${line}`)
    try {
      await sent(withRoute(yaml, WHERE).replace('  rows:', '  tls:'), {
        NODE_EXTRA_CA_CERTS: '',
        NO_PROXY: '127.0.0.1',
      })
      expect(bodies(strict.got)).toContain('ConsoleLogin')
    } finally {
      await strict.stop()
    }
  })
})
