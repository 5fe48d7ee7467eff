import { randomUUID } from 'node:crypto'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Services } from '../../api/context.ts'
import type { Operation } from '../../api/contract.ts'
import type { Reader } from '../../query/reader.ts'
import type { Offer } from './contract.ts'
import { lakeOffer } from './offer.ts'
import { mcpServer } from './server.ts'

/**
 * MCP on standard input and output, for a client that starts us.
 *
 * @returns a function that ends it, and a promise that is done when the client has gone
 */
export function serveMcpOnStdio(
  services: Services,
  operations: readonly Operation[],
  reader: Reader,
  onFailure: Offer['onFailure'],
): { close(): Promise<void>; gone: Promise<void> } {
  const offer = lakeOffer(services, operations, onFailure)
  const transport = new StdioServerTransport()
  const handle = serveStdio(
    () => mcpServer(offer, (signal) => ({ reader, address: null, requestId: randomUUID(), signal })),
    { transport, onerror: (thrown) => onFailure('mcp', oneLine(thrown)) },
  )
  const gone = new Promise<void>((done) => process.stdin.once('close', done).once('end', done))
  return { close: () => handle.close(), gone }
}

/** What the SDK says of a message that is none takes a page. */
function oneLine(thrown: Error): Error {
  const isTheirs = thrown.name === 'ZodError' || thrown instanceof SyntaxError
  return isTheirs
    ? new Error('the client sent a line that is no message of JSON-RPC: it was left out')
    : thrown
}
