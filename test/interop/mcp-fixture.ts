import type { CallToolResult } from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import { checkOrigin } from '../../src/server/auth/requests.ts'
import type { Offer } from '../../src/server/mcp/contract.ts'
import { mountMcp } from '../../src/server/mcp/http.ts'
import type { Carried } from '../../src/server/routes.ts'

/** One white pixel, and a silent sound of no length. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=='
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='

const EMBEDDED = {
  type: 'resource' as const,
  resource: {
    uri: 'test://embedded-resource',
    mimeType: 'text/plain',
    text: 'This is an embedded resource content.',
  },
}

type Tell = (line: string) => Promise<void>
const TOOLS: Record<string, (tell: Tell) => CallToolResult | Promise<CallToolResult>> = {
  test_simple_text: () => ({
    content: [{ type: 'text', text: 'This is a simple text response for testing.' }],
  }),
  test_image_content: () => ({ content: [{ type: 'image', data: PNG, mimeType: 'image/png' }] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({ content: [EMBEDDED] }),
  test_multiple_content_types: () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: PNG, mimeType: 'image/png' },
      EMBEDDED,
    ],
  }),
  test_error_handling: () => ({
    isError: true,
    content: [{ type: 'text', text: 'This tool intentionally returns an error for testing' }],
  }),
  async test_tool_with_progress(tell) {
    for (const line of ['0', '50', '100']) await tell(line)
    return { content: [{ type: 'text', text: 'done' }] }
  },
  json_schema_2020_12_tool: () => ({ content: [{ type: 'text', text: 'done' }] }),
}

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  $defs: {
    address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
  },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
  additionalProperties: false,
}

/** What the conformance suite wants a server to offer, behind our own protocol and transport. */
const offer: Offer = {
  name: 'fixture',
  version: '1',
  instructions: 'For tests.',
  tools: {
    list: async () =>
      Object.keys(TOOLS).map((name) => ({
        name,
        description: name,
        inputSchema: name.startsWith('json_schema') ? SCHEMA : { type: 'object' as const },
      })),
    call: async (name, _given, _caller, tell) => await TOOLS[name]?.(tell),
  },
  resources: {
    list: async () =>
      ['static-text', 'static-binary'].map((name) => ({ uri: `test://${name}`, name, description: name })),
    templates: async () => [{ uriTemplate: 'test://template/{id}/data', name: 'template' }],
    async read(uri) {
      if (uri === 'test://static-text')
        return { contents: [{ uri, mimeType: 'text/plain', text: 'The text of a static resource.' }] }
      if (uri === 'test://static-binary') return { contents: [{ uri, mimeType: 'image/png', blob: PNG }] }
      const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? []
      if (id === undefined) return undefined
      const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` })
      return { contents: [{ uri, mimeType: 'application/json', text }] }
    },
  },
  prompts: {
    list: async () => [
      { name: 'test_simple_prompt', description: 'simple' },
      {
        name: 'test_prompt_with_arguments',
        description: 'with arguments',
        arguments: ['arg1', 'arg2'].map((name) => ({ name, description: name, required: true })),
      },
      {
        name: 'test_prompt_with_embedded_resource',
        description: 'with a resource',
        arguments: [{ name: 'resourceUri', description: 'its address', required: true }],
      },
      { name: 'test_prompt_with_image', description: 'with an image' },
    ],
    async get(name, given) {
      const text = (said: string) => ({
        role: 'user' as const,
        content: { type: 'text' as const, text: said },
      })
      if (name === 'test_simple_prompt') return { messages: [text('This is a simple prompt for testing.')] }
      if (name === 'test_prompt_with_arguments')
        return { messages: [text(`Prompt with arguments: arg1='${given.arg1}', arg2='${given.arg2}'`)] }
      if (name === 'test_prompt_with_embedded_resource') {
        const resource = { uri: given.resourceUri ?? '', mimeType: 'text/plain', text: 'Embedded.' }
        return {
          messages: [{ role: 'user', content: { type: 'resource', resource } }, text('Please process it.')],
        }
      }
      if (name === 'test_prompt_with_image')
        return {
          messages: [
            { role: 'user', content: { type: 'image', data: PNG, mimeType: 'image/png' } },
            text('Please analyze the image above.'),
          ],
        }
      return undefined
    },
  },
  onFailure: (_, thrown) => console.error(thrown),
}

/** The offer at `/mcp`, with the refusals of a server where nobody signs in. */
export function fixtureApp(): Hono<Carried> {
  const app = new Hono<Carried>()
  app.use(async (http, next) => {
    checkOrigin(http, { sign_in: 'none', url: undefined })
    http.set('reader', { subject: 't', name: 't', role: 'operator', signedIn: 'none', mayUnmask: true })
    http.set('address', null)
    await next()
  })
  mountMcp(app, '/mcp', offer)
  app.onError((thrown, http) => http.json({ error: thrown.message }, 403))
  return app
}
