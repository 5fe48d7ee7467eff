import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { AgentServices } from '../agent/ask.ts'
import { agentOperations } from '../agent/index.ts'
import type { Services } from '../api/context.ts'
import { operations } from '../api/index.ts'
import { failure, Problem, problemBody } from '../api/problem.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import type { Auth } from './auth/contract.ts'
import { securityHeaders } from './headers.ts'
import { mountIceberg } from './iceberg.ts'
import { mountMcp } from './mcp/http.ts'
import { lakeOffer } from './mcp/offer.ts'
import { openApi } from './openapi.ts'
import { type Carried, mountOperations } from './routes.ts'
import type { WebFiles } from './web.ts'

export interface AppOptions {
  services: Services
  auth: Auth
  /** The web application; undefined if the package was built without it. */
  web: WebFiles | undefined
  /** Answers questions in words; without a model by default. */
  agent?: AgentServices
  /** Time between two comments in a stream of events; 15 s by default. */
  heartbeatMs?: number
  /** Called with failures of the server. */
  onFailure(requestId: string, thrown: unknown): void
}

/** A SQL query is the longest request body. */
const LONGEST_BODY = 1 << 20

/** Path of the MCP server. */
const MCP = '/mcp'

/** The whole server without a socket: tests call `app.request()`. */
export function createApp(options: AppOptions): Hono<Carried> {
  const { services, auth, web, agent, heartbeatMs, onFailure } = options
  const all = [...operations, ...agentOperations(agent)]
  const app = new Hono<Carried>()
  const document = JSON.stringify(openApi(all, services.program))

  app.use(securityHeaders(auth.secure))
  app.use(async (http, next) => {
    http.set('requestId', randomUUID())
    http.set('address', auth.addressOf(http))
    await next()
    http.res.headers.set('x-request-id', http.get('requestId'))
  })
  app.get('/healthz', (http) => http.text('ok\n'))
  auth.mount(app)

  for (const path of ['/api/*', MCP]) {
    app.use(path, bodyLimit({ maxSize: LONGEST_BODY, onError: tooLarge }))
    app.use(path, async (http, next) => {
      http.set('reader', await auth.readerOf(http))
      await next()
      if (!http.res.headers.has('cache-control')) http.res.headers.set('cache-control', 'no-store')
    })
  }
  app.get('/api/openapi.json', (http) => http.body(document, 200, { 'content-type': 'application/json' }))
  mountOperations(app, services, all, { isSignedIn: auth.isSignedIn, heartbeatMs })
  app.all('/api/*', (http) => {
    const name = http.req.path.slice('/api/'.length)
    const known = all.find((one) => one.name === name)
    throw known
      ? new Problem(405, 'Wrong method', `${name} is a ${known.kind === 'read' ? 'GET' : 'POST'}.`)
      : new Problem(404, 'Not found', 'There is no such operation: see /api/openapi.json.')
  })
  mountIceberg(app, services, auth, onFailure)
  mountMcp(app, MCP, lakeOffer(services, all, onFailure))
  if (web) web.mount(app)
  else
    app.get('/', (http) =>
      http.text('The web application was not built: run `npm run build`. The API is at /api/openapi.json.\n'),
    )

  app.notFound(() => {
    throw new Problem(404, 'Not found', 'There is nothing here.')
  })
  app.onError((thrown, http) => {
    const requestId = http.get('requestId') ?? randomUUID()
    if (!(thrown instanceof Problem)) onFailure(requestId, thrown)
    const body =
      thrown instanceof Problem
        ? problemBody(thrown, requestId)
        : { type: 'about:blank', status: 500, instance: `urn:uuid:${requestId}`, ...failure(thrown) }
    return new Response(withoutSecrets(JSON.stringify(body)), {
      status: body.status as number,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        'x-request-id': requestId,
        ...(thrown instanceof Problem && thrown.retryAfter !== undefined
          ? { 'retry-after': String(thrown.retryAfter) }
          : {}),
        ...(thrown instanceof Problem && thrown.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      },
    })
  })
  return app
}

function tooLarge(): never {
  throw new Problem(413, 'Too large', `At most ${LONGEST_BODY} bytes are read of a body.`)
}
