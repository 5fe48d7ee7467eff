import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { listenError } from '../lib/listening.ts'
import type { Carried } from './routes.ts'

export interface Listening {
  host: string
  port: number
  /** Closes the server; requests in progress get a few seconds to finish. */
  close(): Promise<void>
}

const LAST_ANSWERS_MS = 3_000
/** Node's default of 16 KiB is less than the conditions of a query in an address may have. */
const LONGEST_HEADERS = 1 << 20

/**
 * Opens the socket.
 *
 * @param port 0 for any free port
 * @throws UserError when the port is taken
 */
export async function listen(app: Hono<Carried>, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { maxHeaderSize: LONGEST_HEADERS },
  }) as Server
  server.requestTimeout = 60_000
  server.headersTimeout = 20_000
  server.keepAliveTimeout = 30_000
  server.listen(port, host)
  await once(server, 'listening').catch((thrown) => {
    throw listenError(thrown, host, port, '--port; 0 takes any that is free')
  })
  return {
    host,
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((done) => server.close(done))
      server.closeIdleConnections()
      const late = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS)
      await closed
      clearTimeout(late)
    },
  }
}
