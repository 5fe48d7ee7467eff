/**
 * How the SDK connects to AWS: directly, or through a tunnel of the proxy in the environment (CONNECT, RFC
 * 9110, 9.3.6), with TLS from end to end. The SDK itself does not support proxies. Plain HTTP, to an
 * emulator, never uses one.
 */
import { Agent, type RequestOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect } from 'node:tls'
import { proxyFor } from '../lib/proxy.ts'
import { tunnel } from '../lib/tunnel.ts'

type Options = ConnectionOptions & { host: string; port: number | string }
type Done = (error: Error | null, stream: Duplex) => void

/** Most concurrent connections to one service in one Region. */
const SOCKETS = 128
/** Limits in milliseconds on connecting, on silence, and on a whole request. */
const CONNECT_MS = 5_000
const SILENT_MS = 30_000
const REQUEST_MS = 300_000

export interface Limits {
  connectMs?: number
  requestMs?: number
}

/** The setting `requestHandler` of an SDK client. */
export function connections({ connectMs = CONNECT_MS, requestMs = REQUEST_MS }: Limits = {}) {
  const agent = { keepAlive: true, maxSockets: SOCKETS }
  const isProxied = ['https_proxy', 'HTTPS_PROXY'].some((name) => process.env[name])
  return {
    connectionTimeout: connectMs,
    requestTimeout: requestMs,
    throwOnRequestTimeout: true,
    socketTimeout: Math.min(SILENT_MS, requestMs),
    httpAgent: agent,
    httpsAgent: isProxied ? new TunnelAgent(connectMs) : agent,
  }
}

/** An agent for Node's HTTPS client whose connections use the proxy, where there is one. */
class TunnelAgent extends Agent {
  readonly #connectMs: number

  constructor(connectMs: number) {
    super({ keepAlive: true, maxSockets: SOCKETS })
    this.#connectMs = connectMs
  }

  override createConnection(options: RequestOptions, done?: Done): Duplex | null | undefined {
    const { host, port, ...tls } = { host: 'localhost', port: 443, ...options } as Options
    const name = host.includes(':') ? `[${host}]` : host
    const proxy = proxyFor(new URL(`https://${name}:${port}`))
    if (!proxy) return super.createConnection(options as never, done as never)
    tunnel(proxy, `${name}:${port}`, this.#connectMs).then(
      (socket) => done?.(null, connect({ ...tls, socket, servername: tls.servername ?? host })),
      // Node checks the error first, and there is no stream with it.
      (thrown: Error) => (done as ((error: Error) => void) | undefined)?.(thrown),
    )
    return undefined
  }
}
