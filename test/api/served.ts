import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openAsking } from '../../src/cli/serving.ts'
import type { Reader, Role } from '../../src/query/reader.ts'
import { createApp } from '../../src/server/app.ts'
import type { Auth } from '../../src/server/auth/contract.ts'
import { openLocation } from '../../src/workspace/open.ts'
import { once } from '../once.ts'

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

/**
 * A lake of the sample logs with summaries and findings. The program itself makes it, as threads that read logs are started from
 * what is built.
 */
export function demoLake(): Promise<string> {
  return once('demo', async (place) => {
    for (const command of [
      ['demo', '--no-serve'],
      ['follow', '--once'],
    ])
      await promisify(execFile)(
        process.execPath,
        [path('dist/cli/loglake.cjs'), ...command, '--lake', place],
        {
          cwd: tmpdir(),
        },
      )
  })
}

/** Who asks, in the header `as` of a test's request: `manager:dalia@example.com`. */
export interface Served {
  get(as: string, name: string, query?: Record<string, string | string[]>): Promise<Response>
  post(as: string, name: string, body: unknown): Promise<Response>
  app: ReturnType<typeof createApp>
  asking: Asking
  place: string
  close(): Promise<void>
}

export const SPAN = { from: '2026-01-01T00:00:00Z', to: '2026-01-12T00:00:00Z' }

type Asking = Awaited<ReturnType<typeof openAsking>>

/**
 * @param authOf how people sign in; by default by the header `as`
 * @param heartbeatMs between two comments in a stream of events
 */
export async function served(authOf?: (asking: Asking) => Auth, heartbeatMs?: number): Promise<Served> {
  const people = path('samples/people.csv')
  const place = mkdtempSync(join(tmpdir(), 'loglake-api-'))
  cpSync(await demoLake(), place, { recursive: true })
  const asking = await openAsking(openLocation({ lake: place }), { people, notice: null })
  const auth: Auth = authOf?.(asking) ?? {
    mount: () => undefined,
    readerOf: async (http) => await readerOf(http.req.header('as') ?? ''),
    isSignedIn: async () => true,
    addressOf: () => '127.0.0.1',
    secure: () => false,
  }
  async function readerOf(as: string): Promise<Reader> {
    const [role = '', name = ''] = as.split(':')
    return {
      subject: `test:${name}`,
      name,
      role: role as Role,
      signedIn: 'oidc',
      mayUnmask: role === 'operator' || role === 'manager',
      ...(role === 'manager' ? { people: await asking.known.spansOf(name) } : {}),
    }
  }
  const app = createApp({
    services: asking.services,
    auth,
    web: undefined,
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    onFailure: (_, thrown) => failures.push(thrown),
  })
  return {
    app,
    asking,
    place,
    async get(as, name, query = {}) {
      const parameters = new URLSearchParams()
      for (const [key, value] of Object.entries(query))
        for (const one of [value].flat()) parameters.append(key, one)
      return await app.request(`/api/${name}?${parameters}`, { headers: { as } })
    },
    post: async (as, name, body) =>
      await app.request(`/api/${name}`, {
        method: 'POST',
        headers: { as, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    async close() {
      await asking.close()
      rmSync(place, { recursive: true, force: true })
    },
  }
}

/** Failures of ours, which no test may cause. */
export const failures: unknown[] = []
