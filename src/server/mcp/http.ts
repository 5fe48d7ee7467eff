import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { type AuthInfo, createMcpHandler } from '@modelcontextprotocol/server'
import type { Hono } from 'hono'
import type { Reader } from '../../query/reader.ts'
import type { Carried } from '../routes.ts'
import type { Offer } from './contract.ts'
import { mcpServer } from './server.ts'

/** The caller, as the SDK carries it with a request. */
interface Asker extends Record<string, unknown> {
  reader: Reader
  address: string | null
}

/**
 * MCP over Streamable HTTP at one path. Requests are stateless: each identifies its caller, so there is no
 * session to take over. Requests from pages of other sites, or with a foreign name of this machine, are
 * refused earlier.
 */
export function mountMcp(app: Hono<Carried>, path: string, offer: Offer): void {
  // The SDK reports a client's mistake like a failure. Only the status of the answer tells them apart.
  const untold = new AsyncLocalStorage<{ thrown: Error[]; answered: boolean }>()
  const handler = createMcpHandler(
    ({ authInfo }) => {
      if (!authInfo?.extra) throw new Error('a request came to MCP that nobody asks')
      const { reader, address } = authInfo.extra as Asker
      return mcpServer(offer, (signal) => ({
        kind: 'served',
        reader,
        address,
        requestId: randomUUID(),
        signal,
      }))
    },
    {
      onerror: (thrown) => {
        const request = untold.getStore()
        if (request && !request.answered) request.thrown.push(thrown)
        else offer.onFailure('mcp', thrown)
      },
    },
  )
  app.all(path, async (http) => {
    const asker: Asker = { reader: http.get('reader'), address: http.get('address') }
    const authInfo: AuthInfo = { token: '', clientId: asker.reader.subject, scopes: [], extra: asker }
    const request = { thrown: [] as Error[], answered: false }
    const answer = await untold.run(request, async () => await handler.fetch(http.req.raw, { authInfo }))
    request.answered = true
    if (answer.status >= 500) for (const thrown of request.thrown) offer.onFailure('mcp', thrown)
    return answer
  })
}
