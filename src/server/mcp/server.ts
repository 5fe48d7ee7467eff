import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError, Server } from '@modelcontextprotocol/server'
import type { Caller } from '../../api/call.ts'
import { failure, Problem } from '../../api/problem.ts'
import { withoutSecrets } from '../../lib/secrets.ts'
import type { Offer } from './contract.ts'

/**
 * An MCP server for one caller. Mistakes in the use of a tool are results, which the model can read and
 * correct; an unknown tool, resource or prompt is a protocol error.
 *
 * @param callerOf called for each request, whose id the access log records
 */
export function mcpServer(offer: Offer, callerOf: (signal: AbortSignal) => Caller): Server {
  /** A problem as a protocol error; for a failure of the server, only where to look. */
  async function asked<Made>(signal: AbortSignal, work: (caller: Caller) => Promise<Made>): Promise<Made> {
    const caller = callerOf(signal)
    try {
      return await work(caller)
    } catch (thrown) {
      const isOurs = !(thrown instanceof Problem)
      if (isOurs) offer.onFailure(caller.requestId, thrown)
      const { title, detail } = isOurs ? failure(thrown) : { title: thrown.title, detail: thrown.message }
      const isTheirs = !isOurs && thrown.status < 500
      const code = isTheirs ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError
      throw new ProtocolError(code, withoutSecrets(`${title}: ${detail}`))
    }
  }

  const server = new Server(
    { name: offer.name, title: 'loglake', version: offer.version },
    { capabilities: { tools: {}, resources: {}, prompts: {} }, instructions: offer.instructions },
  )
  const { tools, resources, prompts } = offer
  server.setRequestHandler('tools/list', async (_, { mcpReq }) => ({
    tools: await asked(mcpReq.signal, (caller) => tools.list(caller)),
  }))
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const progressToken = params._meta?.progressToken
    let progress = 0
    const tell = async (message: string) => {
      if (progressToken === undefined) return
      progress++
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress, message },
      })
    }
    const result = await asked(mcpReq.signal, (caller) =>
      tools.call(params.name, params.arguments ?? {}, caller, tell),
    )
    if (!result) throw invalid(`Unknown tool: ${params.name}`)
    return result
  })
  server.setRequestHandler('resources/list', async (_, { mcpReq }) => ({
    resources: await asked(mcpReq.signal, (caller) => resources.list(caller)),
  }))
  server.setRequestHandler('resources/templates/list', async (_, { mcpReq }) => ({
    resourceTemplates: await asked(mcpReq.signal, (caller) => resources.templates(caller)),
  }))
  server.setRequestHandler('resources/read', async ({ params }, { mcpReq }) => {
    const result = await asked(mcpReq.signal, (caller) => resources.read(params.uri, caller))
    if (!result) throw new ResourceNotFoundError(params.uri)
    return result
  })
  server.setRequestHandler('prompts/list', async (_, { mcpReq }) => ({
    prompts: await asked(mcpReq.signal, (caller) => prompts.list(caller)),
  }))
  server.setRequestHandler('prompts/get', async ({ params }, { mcpReq }) => {
    const result = await asked(mcpReq.signal, (caller) =>
      prompts.get(params.name, params.arguments ?? {}, caller),
    )
    if (!result) throw invalid(`Unknown prompt: ${params.name}`)
    return result
  })
  return server
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message)
}
