import { createHmac } from 'node:crypto'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { makeCertificates } from '../../../test/receivers/certificates.ts'
import { startConnectProxy } from '../../../test/receivers/connect-proxy.ts'
import { type Got, type HttpReceiver, type Reply, startHttp } from '../../../test/receivers/http.ts'
import type { Delivery } from '../contract.ts'
import { deliver, settle } from '../patience.ts'
import { destinations } from './index.ts'
import { frame } from './syslog.ts'

let http: HttpReceiver | undefined
afterEach(async () => {
  await http?.stop()
  http = undefined
})

const signal = new AbortController().signal

function deliveries(
  count: number,
  text = (n: number): string => JSON.stringify({ n, title: `event ${n}` }),
): Delivery[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `finding/${n}`,
    table: 'finding',
    time: 1_767_825_403 + n,
    text: text(n),
  }))
}

async function send(name: string, settings: object, batch: readonly Delivery[], maxMs = 1_000_000) {
  const found = destinations.find((one) => one.name === name)
  if (!found) throw new Error(name)
  const receiver = found.open(found.settings.parse(settings), { route: 'siem' })
  const waits: number[] = []
  const patience = {
    signal,
    maxMs,
    sleep: async (ms: number) => void waits.push(ms),
  }
  try {
    const refused = [...(await deliver(receiver, batch, patience)), ...(await settle(receiver, patience))]
    return { refused, waits }
  } finally {
    await receiver.close?.()
  }
}

async function receiver(reply: (got: Got) => Reply = () => [200, {}]): Promise<HttpReceiver> {
  http = await startHttp()
  http.reply = reply
  return http
}

describe('opensearch', () => {
  const bulk =
    (status: (n: number) => number) =>
    (got: Got): Reply => {
      const lines = got.body.trimEnd().split('\n')
      expect(got.body.endsWith('\n')).toBe(true)
      const items = lines
        .filter((_, at) => at % 2 === 1)
        .map((line) => {
          const code = status(JSON.parse(line).n)
          return {
            create: { status: code, ...(code > 299 ? { error: { type: 'x', reason: `why ${code}` } } : {}) },
          }
        })
      return [200, { errors: items.some(({ create }) => create.status > 299), items }]
    }

  it('creates documents under the ids of their rows; what is there already is taken', async () => {
    const { url, got } = await receiver(bulk(() => 409))
    const { refused } = await send(
      'opensearch',
      { url, index: 'findings', user: 'u', password: 'p' },
      deliveries(3),
    )
    expect(refused).toEqual([])
    expect(got[0]).toMatchObject({ path: '/_bulk', headers: { authorization: `Basic ${btoa('u:p')}` } })
    expect(
      got[0]?.body
        .split('\n')
        .slice(0, 2)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { create: { _index: 'findings', _id: 'finding/0' } },
      { '@timestamp': '2026-01-07T22:36:43.000Z', n: 0, title: 'event 0' },
    ])
  })

  it('a success with errors inside is found out: 429 again, 400 refused alone', async () => {
    let asked = 0
    const { url, got } = await receiver((request) => {
      asked++
      return bulk((n) => (n === 1 ? 400 : n === 2 && asked < 3 ? 429 : 201))(request)
    })
    const { refused, waits } = await send('opensearch', { url, index: 'findings' }, deliveries(4))
    expect(refused).toMatchObject([
      { delivery: { id: 'finding/1' }, code: '400', answer: expect.stringContaining('why 400') },
    ])
    expect(got.map(({ body }) => body.split('\n').length - 1)).toEqual([8, 2, 2])
    expect(waits).toHaveLength(2)
  })

  it('a time deep in a record is none of the document, and a text that begins like JSON is a text', async () => {
    const { url, got } = await receiver(bulk(() => 201))
    const [one, two, three] = deliveries(3) as [Delivery, Delivery, Delivery]
    const inner = '{"n":0,"log":{"@timestamp":"x"}}'
    const batch = [
      { ...one, text: inner },
      { ...two, text: '{oh} no', plain: true },
      { ...three, text: '{"n":2,"@timestamp":"2026-01-01T00:00:00Z"}' },
    ]
    await send('opensearch', { url, index: 'findings' }, batch)
    const documents = (got[0]?.body ?? '').split('\n').filter((_, at) => at % 2 === 1)
    expect(documents.map((line) => JSON.parse(line))).toEqual([
      { '@timestamp': '2026-01-07T22:36:43.000Z', n: 0, log: { '@timestamp': 'x' } },
      { '@timestamp': '2026-01-07T22:36:44.000Z', message: '{oh} no' },
      { '@timestamp': '2026-01-01T00:00:00Z', n: 2 },
    ])
  })

  // In the words of OpenSearch 2.19.
  it.each([
    [403, 'cluster_block_exception', 'index [b] blocked by: [FORBIDDEN/8/index write (api)];'],
    [404, 'index_not_found_exception', 'no such index [d]'],
    [400, 'index_closed_exception', 'closed'],
    [400, 'invalid_index_name_exception', 'Invalid index name [UPPER], must be lowercase'],
    [400, 'illegal_argument_exception', 'pipeline with id [nope] does not exist'],
    [400, 'illegal_argument_exception', 'no write index is defined for alias [e]. The write index may be'],
  ])('a setting that is wrong (%i %s) refuses no row', async (status, type, reason) => {
    const item = { create: { status, error: { type, reason } } }
    const { url } = await receiver(() => [200, { errors: true, items: [item, item] }])
    await expect(send('opensearch', { url, index: 'findings' }, deliveries(2), 0)).rejects.toThrow(reason)
  })

  it('a refusal counts even where the answer says that there are no errors', async () => {
    const taken = { create: { status: 201 } }
    const item = { create: { status: 400, error: { type: 'mapper_parsing_exception', reason: 'no long' } } }
    const { url } = await receiver(() => [200, { errors: false, items: [taken, item] }])
    const { refused } = await send('opensearch', { url, index: 'findings' }, deliveries(2))
    expect(refused).toMatchObject([{ delivery: { id: 'finding/1' }, code: '400' }])
  })

  it('an answer about fewer documents than were sent counts for none', async () => {
    const { url } = await receiver(() => [200, { errors: true, items: [] }])
    await expect(send('opensearch', { url, index: 'findings' }, deliveries(2), 0)).rejects.toThrow(
      '0 documents',
    )
  })
})

describe('otlp', () => {
  it('a success that rejects some is found out by halving', async () => {
    const { url } = await receiver(({ body }) => {
      const bad = /event 2/.test(body)
      return [200, bad ? { partialSuccess: { rejectedLogRecords: '1', errorMessage: 'too old' } } : {}]
    })
    const { refused } = await send('otlp', { url }, deliveries(5))
    expect(refused).toMatchObject([{ delivery: { id: 'finding/2' }, answer: 'too old' }])
  })

  it('a count of 0 with a message is no rejection, and a count may be a number', async () => {
    const { url } = await receiver(({ body }) => [
      200,
      { partialSuccess: { rejectedLogRecords: /event 1\b/.test(body) ? 1 : 0, errorMessage: 'slow down' } },
    ])
    expect((await send('otlp', { url }, deliveries(1))).refused).toEqual([])
    expect((await send('otlp', { url }, deliveries(2))).refused).toHaveLength(1)
  })
})

describe('webhook', () => {
  it('signs time and body, so that a receiver can tell', async () => {
    const { url, got } = await receiver()
    await send('webhook', { url: `${url}/in`, secret: 'a secret' }, deliveries(3))
    const [one] = got as [Got]
    const [, seconds, hex] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(one.headers['x-loglake-signature'])) ?? []
    expect(hex).toBe(createHmac('sha256', 'a secret').update(`${seconds}.`).update(one.raw).digest('hex'))
    expect(
      one.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).n),
    ).toEqual([0, 1, 2])
    expect(one.path).toBe('/in')
  })

  it.each([
    ['array', 1],
    ['single', 3],
  ])('as %s', async (body, requests) => {
    const { url, got } = await receiver()
    const found = destinations.find(({ name }) => name === 'webhook')
    const opened = found?.open(found.settings.parse({ url, body }), { route: 'siem' })
    const max = opened?.max.deliveries ?? 0
    const batch = deliveries(3)
    for (let at = 0; at < batch.length; at += max) await opened?.send(batch.slice(at, at + max), signal)
    expect(got).toHaveLength(requests)
    await opened?.close?.()
  })

  it('a text that begins like JSON is a text in an array', async () => {
    const { url, got } = await receiver()
    const batch = deliveries(2, (n) => (n === 0 ? '[ERROR] "x"' : '{"n":1}')).map((one, n) => ({
      ...one,
      plain: n === 0,
    }))
    await send('webhook', { url, body: 'array' }, batch)
    expect(JSON.parse(got[0]?.body ?? '')).toEqual(['[ERROR] "x"', { n: 1 }])
  })

  it('follows no redirect: where it leads to is not configured', async () => {
    const { url, got } = await receiver(() => [302, '', { location: 'http://169.254.169.254/' }])
    await expect(send('webhook', { url }, deliveries(1), 0)).rejects.toThrow('HTTP 302')
    expect(got).toHaveLength(1)
  })

  it.each([
    ['seconds', () => '600'],
    ['a date', () => new Date(Date.now() + 600_000).toUTCString()],
  ])('waits as long as Retry-After says in %s', async (_, after) => {
    let asked = 0
    const { url } = await receiver(() => (asked++ === 0 ? [429, '', { 'retry-after': after() }] : [204]))
    const { waits } = await send('webhook', { url }, deliveries(1))
    expect(waits).toHaveLength(1)
    // Without it, the first wait is half a second. A machine may be slow between the answer and the wait.
    expect(waits[0]).toBeGreaterThan(300_000)
    expect(waits[0]).toBeLessThanOrEqual(600_000)
  })

  it('a batch that is refused is halved until the row at fault is known', async () => {
    const { url, got } = await receiver(({ body }) => (/event (3|11)"/.test(body) ? [400, 'no'] : [200]))
    const { refused } = await send('webhook', { url }, deliveries(16))
    expect(refused.map(({ delivery }) => delivery.id)).toEqual(['finding/3', 'finding/11'])
    const taken = got
      .filter(({ body }) => !/event (3|11)"/.test(body))
      .flatMap(({ body }) => body.trimEnd().split('\n'))
    expect(taken.map((line) => JSON.parse(line).n)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15])
  })
})

describe('what people read', () => {
  const hostile = () =>
    JSON.stringify({
      title: '<!channel> *x* [click](http://evil.example) <http://evil.example|here>\u202e',
      level: 'critical',
    })

  it('slack: no mention and no link of a log is obeyed', async () => {
    const { url, got } = await receiver(() => [200, 'ok'])
    await send('slack', { url }, deliveries(1, hostile))
    const message = JSON.parse(got[0]?.body ?? '')
    expect(message.text).not.toMatch(/[<>]/)
    expect(JSON.stringify(message.blocks)).not.toContain('mrkdwn')
    expect(message.unfurl_links).toBe(false)
    expect(got[0]?.body).not.toContain('\u202e')
  })

  it('teams: text runs alone, which know no Markdown', async () => {
    const { url, got } = await receiver(() => [202])
    await send('teams', { url }, deliveries(1, hostile))
    const [{ content }] = JSON.parse(got[0]?.body ?? '').attachments
    for (const { type, inlines } of content.body) {
      expect(type).toBe('RichTextBlock')
      for (const run of inlines) expect(run.type).toBe('TextRun')
    }
  })

  it('teams: a success that says in its text that it is none is found out', async () => {
    let asked = 0
    const said =
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429'
    const { url } = await receiver(() => (asked++ === 0 ? [200, said] : [200, '1']))
    const { waits, refused } = await send('teams', { url }, deliveries(1))
    expect({ waits: waits.length, refused, asked }).toEqual({ waits: 1, refused: [], asked: 2 })
  })

  it('pagerduty: the same row is the same alert', async () => {
    const { url, got } = await receiver(() => [202, { status: 'success' }])
    await send('pagerduty', { url, routing_key: 'k' }, deliveries(1, hostile))
    await send('pagerduty', { url, routing_key: 'k' }, deliveries(1, hostile))
    const [one, other] = got.map(({ body }) => JSON.parse(body))
    expect(one.dedup_key).toBe(other.dedup_key)
    expect(one).toMatchObject({ event_action: 'trigger', payload: { severity: 'critical' } })
  })

  it('one message that is refused does not stop the others, and 429 stops none for good', async () => {
    let asked = 0
    const { url, got } = await receiver(({ body }) => {
      asked++
      if (/event 1\b/.test(body)) return [400, 'invalid_blocks']
      return asked === 3 ? [429, '', { 'retry-after': '1' }] : [200, 'ok']
    })
    const { refused } = await send('slack', { url }, deliveries(4))
    expect(refused).toMatchObject([{ delivery: { id: 'finding/1' }, answer: 'invalid_blocks' }])
    expect(new Set(got.map(({ body }) => /event \d/.exec(body)?.[0])).size).toBe(4)
  })
})

describe('the way to a receiver', () => {
  it('a name that has come to stand for a link-local address is not followed', async () => {
    // DNS cannot be replaced in this test, so it calls the function that the connection uses to resolve
    // names.
    const { guardedLookup } = await import('../http.ts')
    const told = await new Promise((done) => guardedLookup('169.254.169.254', {}, (error) => done(error)))
    expect(String(told)).toContain('is not allowed as a receiver')
    await expect(
      send('smtp', { host: '2852039166', from: 'a@b.example', to: ['c@d.example'] }, deliveries(1), 0),
    ).rejects.toThrow('resolves to 169.254.169.254, which is not allowed')
  })

  it('own authority and client certificate; without them it is an outage', async () => {
    const { ca, server, client, expired } = makeCertificates()
    http = await startHttp({ ...server, ca, requestCert: true, rejectUnauthorized: true })
    const { url, got } = http
    const tls = { ca, cert: client.cert, key: client.key }
    expect((await send('webhook', { url, tls }, deliveries(1))).refused).toEqual([])
    expect(got).toHaveLength(1)
    await expect(send('webhook', { url, tls: { ca } }, deliveries(1), 0)).rejects.toThrow(
      'does not take events',
    )
    await expect(send('webhook', { url }, deliveries(1), 0)).rejects.toThrow(/certificate|self-signed/i)
    await http.stop()
    http = await startHttp(expired)
    await expect(send('webhook', { url: http.url, tls: { ca } }, deliveries(1), 0)).rejects.toThrow(/expired/)
  })

  it('goes by HTTPS_PROXY where there is one, and past it where NO_PROXY says so', async () => {
    const { ca, server } = makeCertificates()
    http = await startHttp(server)
    const proxy = await startConnectProxy()
    const before = { ...process.env }
    try {
      process.env.HTTPS_PROXY = proxy.url
      process.env.NO_PROXY = ''
      await send('webhook', { url: http.url, tls: { ca } }, deliveries(1))
      expect(proxy.asked).toHaveLength(1)
      process.env.NO_PROXY = '127.0.0.1'
      await send('webhook', { url: http.url, tls: { ca } }, deliveries(1))
      expect(proxy.asked).toHaveLength(1)
      expect(http.got).toHaveLength(2)
    } finally {
      process.env = before
      await proxy.stop()
    }
  })
})

describe('file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loglake-file-'))
  it('is set aside at a size, keeps a number of them, and ends a line that was cut', async () => {
    const path = join(folder, 'deep', 'out.ndjson')
    for (let n = 0; n < 4; n++) {
      await send('file', { path, rotate_bytes: 100, keep: 2 }, deliveries(5))
      await new Promise((done) => setTimeout(done, 5))
    }
    expect(readdirSync(join(folder, 'deep'))).toHaveLength(3)
    appendFileSync(path, '{"cut":')
    await send('file', { path }, deliveries(1))
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ n: 0 })
    expect(lines.at(-2)).toBe('{"cut":')
    rmSync(folder, { recursive: true })
  })
})

describe('syslog', () => {
  it('a message counts its octets, and is cut between characters', () => {
    const [one] = deliveries(1, () => 'ä'.repeat(100)) as [Delivery]
    const plain = { facility: 13, app: 'loglake' }
    const whole = frame({ ...one, host: 'h' }, { ...plain, most_bytes: 10_000 })
    expect(whole.toString()).toMatch(
      /^(\d+) <110>1 2026-01-07T22:36:43\.000Z h loglake - finding \[loglake@32473 /,
    )
    const space = whole.indexOf(' ')
    expect(Number(whole.subarray(0, space).toString())).toBe(whole.length - space - 1)
    for (let max = 120; max < 130; max++)
      expect(frame({ ...one, host: 'h' }, { ...plain, most_bytes: max }).toString()).not.toContain('\ufffd')
  })

  it('a receiver that breaks the connection gets the batch again', async () => {
    let connections = 0
    let text = ''
    const server = createTcp((socket) => {
      connections++
      if (connections === 1) return void socket.destroy()
      socket.on('data', (chunk) => {
        text += chunk.toString()
      })
      socket.on('error', () => undefined)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    const found = destinations.find(({ name }) => name === 'syslog')
    const opened = found?.open(found.settings.parse({ host: '127.0.0.1', port, transport: 'tcp' }), {
      route: 'r',
    })
    // Only the second write may notice the first break: syslog has no acknowledgement.
    for (let n = 0; n < 3; n++) {
      await new Promise((done) => setTimeout(done, 50))
      await deliver(
        opened as never,
        deliveries(1, () => `{"turn":${n}}`),
        { signal, sleep: async () => undefined },
      )
    }
    await new Promise((done) => setTimeout(done, 50))
    expect(text).toContain('{"turn":2}')
    expect(connections).toBe(2)
    await opened?.close?.()
    server.close()
  })
})
