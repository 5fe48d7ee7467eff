import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { proxyAuthorization } from './proxy.ts'

/**
 * A connection through a proxy (CONNECT, RFC 9110, 9.3.6). Its errors have a code, like errors of the
 * network.
 *
 * @param target host and port
 */
export function tunnel(proxy: URL, target: string, ms: number): Promise<Socket> {
  return new Promise((done, failed) => {
    const { hostname, port, protocol, host } = proxy
    // With a code, so that it is retried like trouble of the network.
    const fail = (why: string, code = 'ECONNREFUSED') =>
      failed(Object.assign(new Error(`the proxy ${host} ${why}`), { code }))
    const isSecure = protocol === 'https:'
    const asked = (isSecure ? httpsRequest : httpRequest)({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port || (isSecure ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...proxyAuthorization(proxy) },
      agent: false,
      timeout: ms,
    })
    asked.once('connect', ({ statusCode }, socket: Socket) => {
      socket.setTimeout(0)
      if (statusCode === 200) return done(socket)
      socket.destroy()
      fail(`does not lead to ${target}: HTTP ${statusCode}`)
    })
    // A proxy that refuses may answer like a web server.
    asked.once('response', (answer) => {
      answer.destroy()
      fail(`does not lead to ${target}: HTTP ${answer.statusCode}`)
    })
    asked.once('timeout', () => {
      fail(`does not answer within ${ms / 1000} s`, 'ETIMEDOUT')
      asked.destroy()
    })
    asked.once('error', (thrown: NodeJS.ErrnoException) =>
      fail(`cannot be reached: ${thrown.message}`, thrown.code),
    )
    asked.end()
  })
}
