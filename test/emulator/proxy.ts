import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** What becomes of one request on its way to the emulator and back. */
export type Fault =
  /** Not passed on: answered so instead. */
  | { kind: 'refuse'; status: number; code: string; message?: string }
  /** Passed on and done, but answered so instead. */
  | { kind: 'deny'; status: number; code: string; message?: string }
  /** Passed on and done, but the answer is lost with its connection. */
  | { kind: 'lose' }
  /** Not passed on; the connection is cut. */
  | { kind: 'drop' }
  /** The connection is cut after so many bytes of the answer's body; by default in its middle. */
  | { kind: 'cut'; bytes?: number }
  /** Half of the body that the header promises comes, and then the end, as if all were well. */
  | { kind: 'short' }
  /** Half of the body comes, and the header promises no more than that. */
  | { kind: 'shorten' }
  /** Half of the body comes, and then nothing, for as long as anybody waits. */
  | { kind: 'stall' }
  /** One byte of the answer's body is another one. */
  | { kind: 'flip' }
  /** The request waits so long first. */
  | { kind: 'delay'; ms: number }

export interface Seen {
  method: string
  /** With its query. */
  path: string
  headers: IncomingMessage['headers']
}

/** A proxy on loopback in front of an emulator, whose faults are chosen request by request. */
export interface FaultProxy {
  endpoint: string
  /** Called for each request; undefined lets it pass. */
  fault: (seen: Seen) => Fault | undefined
  /** What came by. */
  seen: Seen[]
  stop(): Promise<void>
}

export async function startProxy(target: string): Promise<FaultProxy> {
  const server = createServer((from, to) => {
    pass(from, to).catch(() => to.destroy())
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: () => undefined,
    seen: [],
    stop: () =>
      new Promise((gone) => {
        server.close(() => gone())
        server.closeAllConnections()
      }),
  }

  async function pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const seen = { method: from.method ?? '', path: from.url ?? '', headers: from.headers }
    proxy.seen.push(seen)
    const body = await bytesOf(from)
    const fault = proxy.fault(seen)
    if (fault?.kind === 'drop') return void to.destroy()
    if (fault?.kind === 'refuse') return answer(to, seen, fault)
    if (fault?.kind === 'delay') await wait(fault.ms)
    const got = await send(`${target}${seen.path}`, seen, body)
    if (fault?.kind === 'lose') return void to.destroy()
    if (fault?.kind === 'deny') return answer(to, seen, fault)
    const half = got.body.subarray(0, got.body.length >> 1)
    if (fault?.kind === 'shorten') {
      to.writeHead(got.status, { ...got.headers, 'content-length': String(half.length) })
      return void to.end(half)
    }
    to.writeHead(got.status, got.headers)
    if (fault?.kind === 'cut') {
      const come = fault.bytes === undefined ? half : got.body.subarray(0, fault.bytes)
      to.write(come, () => setTimeout(() => to.destroy(), 20))
      return
    }
    if (fault?.kind === 'short') return void to.write(half, () => to.socket?.end())
    if (fault?.kind === 'stall') return void to.write(half)
    if (fault?.kind === 'flip') got.body[got.body.length >> 1] = (got.body[got.body.length >> 1] ?? 0) ^ 1
    to.end(got.body)
  }
  return proxy
}

/** As the service that was asked says it: those that are told their action in a header speak JSON, S3 speaks XML. */
function answer(
  to: ServerResponse,
  { headers }: Seen,
  { status, code, message = 'made to fail' }: { status: number; code: string; message?: string },
): void {
  const json = headers['x-amz-target'] !== undefined
  to.writeHead(status, { 'content-type': json ? 'application/x-amz-json-1.0' : 'application/xml' })
  to.end(
    json
      ? JSON.stringify({ __type: code, message })
      : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  )
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function send(
  url: string,
  { method, headers }: Seen,
  body: Buffer,
): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  return new Promise((done, failed) => {
    const { expect: _, ...passed } = headers
    const passing = request(url, { method, headers: passed }, (got) => {
      bytesOf(got).then(
        (whole) => done({ status: got.statusCode ?? 0, headers: got.headers, body: whole }),
        failed,
      )
    })
    passing.on('error', failed)
    passing.end(body)
  })
}
