/**
 * What stands in for Splunk's HTTP Event Collector: tokens, codes 0 to 27 with their statuses and texts, the prefix before an event that is
 * refused stored, acknowledgement by channel, answered once. Faults come from the test.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export interface HecEvent {
  time?: number
  host?: string
  source?: string
  sourcetype?: string
  index?: string
  // biome-ignore lint/suspicious/noExplicitAny: events are of any shape
  event: any
  fields?: Record<string, string>
}

/** What the stand-in does with one request, in place of what it would do. */
export type Fault =
  | { answer: [status: number, body: object | string, headers?: Record<string, string>] }
  /** The events are stored, and the answer never comes. */
  | { storeThen: 'cut' | 'hang' | 'die' }
  | { instead: 'cut' | 'hang' }
  | { slowMs: number }

export interface Hec {
  url: string
  /** As they were taken, repeats among them. */
  events: HecEvent[]
  requests: number
  /** The faults of the next requests; undefined is none. */
  faults: (Fault | undefined)[]
  /** Refuses an event for good. */
  refuse?: (event: HecEvent) => number | undefined
  /** Acknowledges never. */
  deaf: boolean
  maxBytes: number
  stop(): Promise<void>
}

export interface HecOptions {
  token?: string
  indexes?: readonly string[]
  acknowledges?: boolean
  tls?: { cert: string; key: string; ca?: string; requestCert?: boolean }
  port?: number
}

const CODES: Readonly<Record<number, [status: number, text: string]>> = {
  0: [200, 'Success'],
  1: [403, 'Token disabled'],
  2: [401, 'Token is required'],
  3: [401, 'Invalid authorization'],
  4: [403, 'Invalid token'],
  5: [400, 'No data'],
  6: [400, 'Invalid data format'],
  7: [400, 'Incorrect index'],
  8: [500, 'Internal server error'],
  9: [503, 'Server is busy'],
  10: [400, 'Data channel is missing'],
  11: [400, 'Invalid data channel'],
  12: [400, 'Event field is required'],
  13: [400, 'Event field cannot be blank'],
  14: [400, 'ACK is disabled'],
  15: [400, 'Error in handling indexed fields'],
  26: [429, 'Queue at capacity'],
  27: [429, 'ACK channel at capacity'],
}

export async function startHec({
  token = 'a-token',
  indexes = ['aws', 'main'],
  acknowledges = false,
  tls,
  port = 0,
}: HecOptions = {}): Promise<Hec> {
  const channels = new Map<string, { next: number; open: Set<number> }>()
  const handler = (request: IncomingMessage, response: ServerResponse) => void handle(request, response)
  const server: Server = tls
    ? createTlsServer({ ...tls, rejectUnauthorized: tls.requestCert === true }, handler)
    : createServer(handler)
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const at = (server.address() as AddressInfo).port
  const hec: Hec = {
    url: `http${tls ? 's' : ''}://127.0.0.1:${at}`,
    events: [],
    requests: 0,
    faults: [],
    deaf: false,
    maxBytes: 1 << 20,
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const code = (number: number, more: object = {}) => {
      const [status, text] = CODES[number] as [number, string]
      send(response, status, { text, code: number, ...more })
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const { authorization } = request.headers
    if (authorization === undefined || authorization === 'Splunk ') return code(2)
    if (!authorization.startsWith('Splunk ')) return code(3)
    if (authorization.slice(7) !== token) return code(4)
    const channel = String(request.headers['x-splunk-request-channel'] ?? searchParams.get('channel') ?? '')
    if (pathname === '/services/collector/ack') {
      if (!acknowledges) return code(14)
      if (channel === '') return code(10)
      const known = channels.get(channel)
      const { acks } = JSON.parse(raw.toString()) as { acks: number[] }
      const told = acks.map((id) => [String(id), !hec.deaf && known?.open.delete(id) === true])
      return send(response, 200, { acks: Object.fromEntries(told) })
    }
    if (!/^\/services\/collector(\/event(\/1\.0)?)?$/.test(pathname)) return send(response, 404, {})
    hec.requests++
    const fault = hec.faults.shift()
    if (fault && 'answer' in fault) {
      const [status, body, headers] = fault.answer
      return send(response, status, body, headers)
    }
    if (fault && 'instead' in fault) return void (fault.instead === 'cut' && request.socket.destroy())
    if (fault && 'slowMs' in fault) await new Promise((done) => setTimeout(done, fault.slowMs))
    if (acknowledges && channel === '') return code(10)
    if (acknowledges && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(channel)) return code(11)
    if (raw.length > hec.maxBytes) return send(response, 413, { text: 'Request entity too large', code: 27 })
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
    const found = concatenated(body.toString())
    if (found.length === 0) return code(5)
    for (const [n, one] of found.entries()) {
      const bad = one === undefined ? 6 : (hec.refuse?.(one) ?? faultOf(one))
      if (bad !== undefined) return code(bad, { 'invalid-event-number': n })
      hec.events.push(one as HecEvent)
    }
    if (fault && 'storeThen' in fault) {
      if (fault.storeThen === 'cut') request.socket.destroy()
      if (fault.storeThen === 'die') await hec.stop()
      return
    }
    if (!acknowledges) return code(0)
    const mine = channels.get(channel) ?? { next: 0, open: new Set<number>() }
    channels.set(channel, mine)
    const ackId = mine.next++
    mine.open.add(ackId)
    code(0, { ackId })
  }

  function faultOf({ event, index, fields }: HecEvent): number | undefined {
    if (event === undefined || event === null) return 12
    if (event === '') return 13
    if (index !== undefined && !indexes.includes(index)) return 7
    const isOdd = (value: unknown) =>
      typeof value !== 'string' &&
      !(Array.isArray(value) && value.every((one: unknown) => typeof one === 'string'))
    const odd = Object.values<unknown>(fields ?? {}).some(isOdd)
    return odd ? 15 : undefined
  }
  return hec
}

function send(response: ServerResponse, status: number, body: object | string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Objects one behind the other; undefined for what is none. */
function concatenated(text: string): (HecEvent | undefined)[] {
  const found: (HecEvent | undefined)[] = []
  let depth = 0
  let from = 0
  let inText = false
  for (let at = 0; at < text.length; at++) {
    const one = text[at]
    if (inText) {
      if (one === '\\') at++
      else if (one === '"') inText = false
    } else if (one === '"') inText = true
    else if (one === '{' || one === '[') depth++
    else if ((one === '}' || one === ']') && --depth === 0) {
      found.push(parsed(text.slice(from, at + 1)))
      from = at + 1
    }
  }
  if (text.slice(from).trim() !== '') found.push(undefined)
  return found
}

function parsed(text: string): HecEvent | undefined {
  try {
    return JSON.parse(text) as HecEvent
  } catch {
    return undefined
  }
}
