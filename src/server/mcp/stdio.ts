import { randomUUID } from 'node:crypto'
import { PassThrough } from 'node:stream'
import type { Transport } from '@modelcontextprotocol/server'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Services } from '../../api/context.ts'
import type { Operation } from '../../api/contract.ts'
import type { Reader } from '../../query/reader.ts'
import type { Offer } from './contract.ts'
import { lakeOffer } from './offer.ts'
import { mcpServer } from './server.ts'

/**
 * MCP on standard input and output, for a client that starts loglake.
 *
 * @returns a function that ends it, and a promise that resolves when the client has closed its end and has
 * its answers
 */
export function serveMcpOnStdio(
  services: Services,
  operations: readonly Operation[],
  reader: Reader,
  onFailure: Offer['onFailure'],
): { close(): Promise<void>; gone: Promise<void> } {
  const offer = lakeOffer(services, operations, onFailure)
  const { transport, gone } = answeringAll()
  const handle = serveStdio(
    () =>
      mcpServer(offer, (signal) => ({
        kind: 'served',
        reader,
        address: null,
        requestId: randomUUID(),
        signal,
      })),
    { transport, onerror: (thrown) => onFailure('mcp', oneLine(thrown)) },
  )
  return { close: () => handle.close(), gone }
}

/**
 * A transport over standard input and output that outlives its input: `echo … | loglake mcp` closes it at
 * once, and still wants an answer. The SDK's own transport aborts requests in progress then.
 */
function answeringAll(): { transport: Transport; gone: Promise<void> } {
  const input = new PassThrough()
  const wire = new StdioServerTransport(input as unknown as typeof process.stdin)
  const asked = new Set<string | number>()
  let hasEnded = false

  function endWhenIdle(): void {
    if (!hasEnded || asked.size > 0) return
    // Handles what was read first: a request may be in it.
    if (input.readableLength > 0 || input.writableLength > 0) setImmediate(endWhenIdle)
    else input.end()
  }
  const onEnd = () => {
    hasEnded = true
    setImmediate(endWhenIdle)
  }
  process.stdin.pipe(input, { end: false })
  process.stdin.once('end', onEnd).once('close', onEnd)
  const answered = (id: string | number) => {
    asked.delete(id)
    setImmediate(endWhenIdle)
  }

  let done: () => void = () => undefined
  const gone = new Promise<void>((resolve) => {
    done = resolve
  })
  const transport: Transport = {
    start: () => wire.start(),
    async send(message) {
      try {
        await wire.send(message)
      } finally {
        if (!('method' in message) && message.id !== undefined) answered(message.id)
      }
    },
    async close() {
      process.stdin.unpipe(input)
      await wire.close()
    },
  }
  wire.onclose = () => {
    process.stdin.unpipe(input)
    process.stdin.pause()
    transport.onclose?.()
    done()
  }
  wire.onerror = (thrown) => transport.onerror?.(thrown)
  wire.onmessage = (message) => {
    if ('method' in message && 'id' in message) asked.add(message.id)
    transport.onmessage?.(message)
    // A request that the client cancelled gets no answer.
    if ('method' in message && message.method === 'notifications/cancelled') {
      const { requestId } = (message.params ?? {}) as { requestId?: string | number }
      if (requestId !== undefined) answered(requestId)
    }
  }
  return { transport, gone }
}

/** Replaces the SDK's page-long error about a message that is no JSON-RPC. */
function oneLine(thrown: Error): Error {
  const isTheirs = thrown.name === 'ZodError' || thrown instanceof SyntaxError
  return isTheirs
    ? new Error('the client sent a line that is no message of JSON-RPC: it was left out')
    : thrown
}
