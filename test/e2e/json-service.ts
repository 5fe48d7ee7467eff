import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// biome-ignore lint/suspicious/noExplicitAny: what a service is asked, of any shape
type Body = any

export interface Asked {
  operation: string
  region: string
  body: Body
}

/** What a service answers; one that is refused has an error's name. */
export type Answer = { body: object } | { refused: string; message?: string }

export interface JsonService {
  endpoint: string
  asked: Asked[]
  stop(): Promise<void>
}

/** A service of AWS that speaks JSON 1.1, as far as a test needs one that no emulator has. */
export async function startJsonService(answer: (asked: Asked) => Answer): Promise<JsonService> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { authorization = '', 'x-amz-target': target = '' } = request.headers
      const one: Asked = {
        operation: String(target).split('.').at(-1) ?? '',
        region: /Credential=[^/]+\/\d+\/([\w-]+)\//.exec(authorization)?.[1] ?? '',
        body: JSON.parse(Buffer.concat(chunks).toString()),
      }
      asked.push(one)
      const found = answer(one)
      const refused = 'refused' in found
      response.writeHead(refused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(
        JSON.stringify(refused ? { __type: found.refused, message: found.message ?? 'refused' } : found.body),
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** So that a client has something to sign with, and nothing of the machine's own gets in. */
export function pretendCredentials(): void {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
  })
  delete process.env.AWS_PROFILE
  delete process.env.AWS_SESSION_TOKEN
}
