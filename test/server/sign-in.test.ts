import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Reader } from '../../src/query/reader.ts'
import { signIn } from '../../src/server/auth/sign-in.ts'
import { type Listening, listen } from '../../src/server/listen.ts'
import { serveSection } from '../../src/server/settings.ts'
import { type Served, served } from '../api/served.ts'
import { listenTo } from './event-source.ts'

const settingsOf = (given: Record<string, unknown>) => serveSection().parse(given)
const HEARTBEAT_MS = 20
const roles = { operator: ['operators'], manager: ['managers'] }
const nobody = async () => {
  throw new Error('nobody is let in without signing in')
}

/** A browser, as far as cookies and redirects go. */
function browser() {
  const jars = new Map<string, Map<string, string>>()
  return async function go(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url)
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const to = response.headers.get('location')
    return to === null ? response : await go(new URL(to, url).href)
  }
}

describe('OpenID Connect', () => {
  let provider: ChildProcess
  let lake: Served
  let server: Listening
  let here: string

  beforeAll(async () => {
    // The server's address must be known to the provider, and the provider's to the server.
    const found: { app?: Served['app'] } = {}
    const front = {
      fetch: (...given: Parameters<Served['app']['fetch']>) => (found.app as Served['app']).fetch(...given),
    }
    server = await listen(front as Served['app'], '127.0.0.1', 0)
    here = `http://127.0.0.1:${server.port}`
    provider = spawn(process.execPath, [
      fileURLToPath(new URL('./provider.mjs', import.meta.url)),
      `${here}/auth/callback`,
    ])
    const [issuer] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    const settings = settingsOf({
      sign_in: 'oidc',
      url: here,
      oidc: {
        issuer: issuer.toString().trim(),
        client_id: 'loglake',
        client_secret: 'a secret of the test, long enough',
        roles_claim: 'realm_access.roles',
        insecure: true,
      },
      roles,
    })
    lake = await served(({ services, known }) => signIn(settings, services, known, nobody), HEARTBEAT_MS)
    found.app = lake.app
  }, 240_000)
  afterAll(async () => {
    provider.kill()
    await server.close()
    await lake.close()
  })

  async function signedIn(name: string) {
    const go = browser()
    let page = await go(`${here}/auth/sign-in?to=/healthz`)
    for (const body of [`prompt=login&login=${name}&password=x`, 'prompt=consent']) {
      const action = /action="([^"]+)"/.exec(await page.text())?.[1] as string
      page = await go(new URL(action, page.url).href, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
    }
    return { go, page }
  }

  it('lets nobody in before they sign in, and says where', async () => {
    const response = await fetch(`${here}/api/me`)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ sign_in: '/auth/sign-in' })
  })

  it.each([
    ['ana', 'operator'],
    ['dalia', 'manager'],
  ])('%s signs in and is %s, and out again', async (name, role) => {
    const { go, page } = await signedIn(name)
    expect(await page.text()).toBe('ok\n')
    const me = (await (await go(`${here}/api/me`)).json()) as Record<string, unknown>
    expect(me).toMatchObject({ subject: name, name: `${name}@example.com`, role, signed_in: 'oidc' })
    await go(`${here}/auth/sign-out`, { method: 'POST' })
    expect((await go(`${here}/api/me`)).status).toBe(401)
  })

  it('listening for new versions neither prolongs a session nor outlasts it', async () => {
    const { go } = await signedIn('ana')
    const clock = vi.spyOn(Date, 'now')
    try {
      // Old enough to be prolonged by a use.
      const signedInMs = Date.now()
      clock.mockImplementation(() => signedInMs + 10 * 60_000)
      const stream = await listenTo((init) => go(`${here}/api/new-versions`, init), {})
      expect(stream.response.headers.getSetCookie()).toEqual([])
      expect((await go(`${here}/api/me`)).headers.getSetCookie()).toHaveLength(1)
      await expect.poll(() => stream.comments).toBeGreaterThan(3)
      clock.mockImplementation(() => signedInMs + 9 * 3_600_000)
      await stream.ended
      expect((await go(`${here}/api/new-versions`)).status).toBe(401)
    } finally {
      clock.mockRestore()
    }
  })

  it('who is in no group that has a role sees nothing', async () => {
    const { go } = await signedIn('mallory')
    const response = await go(`${here}/api/me`)
    expect(response.status).toBe(403)
  })

  it('goes back to no other site', async () => {
    const go = browser()
    const page = await go(`${here}/auth/sign-in?to=//evil.example/`)
    expect(new URL(page.url).hostname).toBe('127.0.0.1')
  })

  it('a code that another browser asked for is refused', async () => {
    const response = await fetch(`${here}/auth/callback?code=x&state=y`)
    expect(response.status).toBe(400)
  })
})

describe("a proxy's header", () => {
  const secret = 'a secret of the proxy, which is long enough'
  const header = { peers: ['192.0.2.7', '198.51.100.0/24'], secret }
  let lake: Served
  beforeAll(async () => {
    const settings = settingsOf({ sign_in: 'header', header, roles })
    lake = await served((asking) => signIn(settings, asking.services, asking.known, nobody))
  }, 240_000)
  afterAll(() => lake.close())

  async function ask(from: string, headers: [string, string][]): Promise<number> {
    const incoming = { socket: { remoteAddress: from }, rawHeaders: headers.flat() }
    const response = await lake.app.request('/api/me', { headers }, { incoming })
    return response.status
  }
  const good: [string, string][] = [
    ['x-remote-user', 'ana@example.com'],
    ['x-remote-groups', 'operators'],
    ['x-loglake-secret', secret],
  ]

  it('is taken from the proxy', async () => {
    expect(await ask('192.0.2.7', good)).toBe(200)
    expect(await ask('::ffff:198.51.100.9', good)).toBe(200)
  })

  it.each([
    ['from another address', '203.0.113.9', good],
    ['without the secret', '192.0.2.7', good.slice(0, 2)],
    ['with another secret', '192.0.2.7', [...good.slice(0, 2), ['x-loglake-secret', `${secret}x`]]],
    ['twice', '192.0.2.7', [...good, ['x-remote-user', 'eve@example.com']]],
    ['spelled with _', '192.0.2.7', [...good, ['x_remote_user', 'eve@example.com']]],
  ] as [string, string, [string, string][]][])('is refused %s', async (_, from, headers) => {
    expect(await ask(from, headers)).toBe(400)
  })

  it('nobody without it', async () => {
    expect(await ask('192.0.2.7', [['x-loglake-secret', secret]])).toBe(401)
  })
})

describe('an API token', () => {
  let lake: Served
  beforeAll(async () => {
    const local: Reader = {
      subject: 'test:ana',
      name: 'ana@example.com',
      role: 'operator',
      signedIn: 'none',
      mayUnmask: true,
    }
    lake = await served(
      ({ services, known }) => signIn(settingsOf({}), services, known, async () => local),
      HEARTBEAT_MS,
    )
  }, 240_000)
  afterAll(() => lake.close())

  const host = { host: '127.0.0.1:8600' }
  const json = { ...host, 'content-type': 'application/json' }
  const post = async (name: string, body: unknown, headers: Record<string, string> = {}) =>
    await lake.app.request(`/api/${name}`, {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify(body),
    })

  it('does what it is for, and nothing else, until it is ended', async () => {
    const made = (await (await post('token-create', { name: 'ci', scopes: ['read'] })).json()) as {
      id: string
      token: string
    }
    expect(made.token).toMatch(/^llk_[0-9A-Za-z]{49}$/)
    const headers = { ...host, authorization: `Bearer ${made.token}` }
    const me = (await (await lake.app.request('/api/me', { headers })).json()) as Record<string, unknown>
    expect(me).toMatchObject({ name: 'ana@example.com', signed_in: 'token', unmask: false })
    expect((await post('query', { sql: 'select 1' }, headers)).status).toBe(403)
    expect((await post('token-create', { name: 'x', scopes: ['read'] }, headers)).status).toBe(403)
    expect((await lake.app.request('/api/review?id=x', { headers })).status).toBe(403)
    const stream = await listenTo((init) => lake.app.request('/api/new-versions', init), headers)
    await expect.poll(() => stream.comments).toBeGreaterThan(3)
    expect((await post('token-revoke', { id: made.id })).status).toBe(200)
    await stream.ended
    expect(lake.asking.services.versions.listening()).toBe(0)
    expect((await lake.app.request('/api/me', { headers })).status).toBe(401)
  })

  it('is unknown when one letter is another', async () => {
    const { token } = (await (await post('token-create', { name: 'ci', scopes: ['read'] })).json()) as {
      token: string
    }
    const other = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`
    const response = await lake.app.request('/api/me', {
      headers: { ...host, authorization: `Bearer ${other}` },
    })
    expect(response.status).toBe(401)
  })

  it('pages of other sites are refused, and names of other machines', async () => {
    const cross = await post('query', { sql: 'select 1' }, { 'sec-fetch-site': 'cross-site' })
    expect(cross.status).toBe(403)
    const origin = await post('query', { sql: 'select 1' }, { origin: 'http://evil.example' })
    expect(origin.status).toBe(403)
    const named = await lake.app.request('/api/me', { headers: { host: 'evil.example' } })
    expect(named.status).toBe(403)
    for (const headers of [{ host: 'evil.example' }, { ...host, 'sec-fetch-site': 'cross-site' }]) {
      const catalog = await lake.app.request('/iceberg/v1/namespaces', { headers })
      expect(catalog.status).toBe(403)
      expect((await lake.app.request('/mcp', { method: 'POST', headers })).status).toBe(403)
    }
    const form = await lake.app.request('/api/query', { method: 'POST', headers: host, body: 'sql=select 1' })
    expect(form.status).toBe(415)
  })
})

it('listens on no other address when nobody signs in', () => {
  const settings = settingsOf({ host: '0.0.0.0' })
  expect(() => signIn(settings, {} as never, {} as never, nobody)).toThrow(
    /without sign-in: set serve.sign_in/,
  )
})
