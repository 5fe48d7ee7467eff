import type { Tool } from '@modelcontextprotocol/server'
import type { Resources, Tools } from './contract.ts'

/** Adds a tool that reads the next page of a result: many clients give a model only tools, no resources. */
export function withNextPage(tools: Tools, resources: Resources): Tools {
  return {
    list: async (caller) => [...(await tools.list(caller)), NEXT_PAGE],
    async call(name, given, caller, tell) {
      if (name !== NEXT_PAGE.name) return await tools.call(name, given, caller, tell)
      const uri = typeof given.uri === 'string' ? given.uri : ''
      const found = uri.startsWith('loglake://result/') ? await resources.read(uri, caller) : undefined
      const [content] = found?.contents ?? []
      if (content === undefined || !('text' in content))
        return {
          isError: true,
          content: [
            { type: 'text', text: 'There is no such page: the result is kept for an hour; ask again.' },
          ],
        }
      return {
        content: [{ type: 'text', text: content.text }],
        structuredContent: JSON.parse(content.text) as Record<string, unknown>,
      }
    },
  }
}

const NEXT_PAGE: Tool = {
  name: 'next-page',
  title: 'Next page',
  description: 'Reads the next page of a long answer, by `page.next` of the page before.',
  inputSchema: {
    type: 'object',
    properties: { uri: { type: 'string', description: 'As in loglake://result/ID/2.' } },
    required: ['uri'],
    additionalProperties: false,
  },
  outputSchema: { type: 'object', properties: { page: { type: 'object' } }, required: ['page'] },
  annotations: {
    title: 'Next page',
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
}
