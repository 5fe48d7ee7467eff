import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { storageError, systemCode, UserError } from '../lib/errors.ts'
import type { Carried } from './routes.ts'

export interface Listening {
  host: string
  port: number
  /** Ends the server: what is being answered is answered, up to a few seconds. */
  close(): Promise<void>
}

const LAST_ANSWERS_MS = 3_000
/** Node's own 16 KiB are less than the conditions that a question in an address may have. */
const LONGEST_HEADERS = 1 << 20

/**
 * Opens the socket.
 *
 * @param port 0 for any that is free
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
    if (systemCode(thrown) !== 'EADDRINUSE') throw storageError('listen', `${host}:${port}`, thrown)
    throw new UserError(`port ${port} of ${host} is taken: set another with --port; 0 takes any that is free`)
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
