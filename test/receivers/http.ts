import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export interface Got {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  raw: Buffer
}

export type Reply = [status: number, body?: object | string, headers?: Record<string, string>]

/** An HTTP receiver that keeps what it gets, and answers as the test says. */
export interface HttpReceiver {
  url: string
  got: Got[]
  /** By default 200 and `{}`. */
  reply(got: Got): Reply
  stop(): Promise<void>
}

export async function startHttp(tls?: ServerOptions): Promise<HttpReceiver> {
  const handler = (request: IncomingMessage, response: ServerResponse) => void handle(request, response)
  const server = tls ? createTlsServer(tls, handler) : createServer(handler)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const receiver: HttpReceiver = {
    url: `http${tls ? 's' : ''}://127.0.0.1:${port}`,
    got: [],
    reply: () => [200, {}],
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const { method = '', url: path = '', headers } = request
    const body = (headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString()
    const got = { method, path, headers, body, raw }
    receiver.got.push(got)
    const [status, answer = '', more = {}] = receiver.reply(got)
    response.writeHead(status, { 'content-type': 'application/json', ...more })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  }
  return receiver
}
