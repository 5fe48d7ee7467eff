/**
 * The Iceberg REST catalog below `/iceberg`, for Trino, Spark, pyiceberg and DuckDB. It is read-only: writes
 * are refused with an error in Iceberg's format.
 */
import type { Hono, Context as Http } from 'hono'
import type { Services } from '../api/context.ts'
import { ENDPOINTS, type IcebergCatalog, icebergCatalog, NAMESPACE } from '../api/iceberg.ts'
import { failure, Problem } from '../api/problem.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import type { Auth } from './auth/contract.ts'
import type { Carried } from './routes.ts'

type Ask = (catalog: IcebergCatalog, http: Http<Carried>) => Promise<Response>

/** Names of Java exceptions, which clients map errors to. */
const TYPES: Record<number, string> = {
  400: 'BadRequestException',
  401: 'NotAuthorizedException',
  403: 'ForbiddenException',
  405: 'UnsupportedOperationException',
  406: 'UnsupportedOperationException',
  503: 'ServiceUnavailableException',
}
/** What a client takes a place in a list for. */
const PAGE = /^[0-9]{1,9}$/
/** The name of a catalog in an engine's configuration. */
const CATALOG = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/
/** The catalog name in the SQL of views, unless the engine gives its own. */
const DEFAULT_CATALOG = 'loglake'

export function mountIceberg(
  app: Hono<Carried>,
  services: Services,
  auth: Auth,
  onFailure: (requestId: string, thrown: unknown) => void,
): void {
  const asked = (ask: Ask) => async (http: Http<Carried>) => {
    try {
      const reader = await auth.readerOf(http)
      const caller = { reader, address: http.get('address'), requestId: http.get('requestId') }
      return await ask(await icebergCatalog(services, caller), http)
    } catch (thrown) {
      if (thrown instanceof Problem) return refused(thrown.status, thrown.message)
      onFailure(http.get('requestId'), thrown)
      return refused(500, failure(thrown).detail, 'InternalServerError')
    }
  }
  const get = (path: string, ask: Ask) => {
    app.get(`/iceberg/v1/${path}`, asked(ask))
    app.get(`/iceberg/v1/:prefix/${path}`, asked(ask))
  }

  app.get(
    '/iceberg/v1/config',
    asked(async (_, http) => {
      // An engine may send its own name of the catalog as the warehouse; views need it.
      const warehouse = http.req.query('warehouse')
      const overrides = warehouse !== undefined && CATALOG.test(warehouse) ? { prefix: warehouse } : {}
      return json({ defaults: {}, overrides, endpoints: ENDPOINTS })
    }),
  )
  get('namespaces', async (catalog, http) => {
    const parent = http.req.query('parent')
    const all = parent === undefined || parent === '' ? await catalog.namespaces() : []
    return json({ namespaces: all.map((name) => [name]), 'next-page-token': null })
  })
  get('namespaces/:namespace', async (_, http) =>
    http.req.param('namespace') === NAMESPACE
      ? json({ namespace: [NAMESPACE], properties: {} })
      : noNamespace(),
  )
  get('namespaces/:namespace/tables', async (catalog, http) =>
    http.req.param('namespace') === NAMESPACE ? paged(await catalog.tables(), http) : noNamespace(),
  )
  get('namespaces/:namespace/tables/:table', async (catalog, http) => {
    const name = String(http.req.param('table'))
    // Also for an unknown namespace: Spark asks for `cloudtrail.snapshots` this way, and continues if there
    // is no such table.
    const isHere = http.req.param('namespace') === NAMESPACE
    const snapshots = http.req.query('snapshots') === 'refs' ? 'refs' : 'all'
    const table = isHere ? await catalog.table(name, snapshots) : undefined
    return table ? json(table) : refused(404, `There is no table ${name}`, 'NoSuchTableException')
  })
  get('namespaces/:namespace/views', async (catalog, http) =>
    http.req.param('namespace') === NAMESPACE ? paged(await catalog.views(), http) : noNamespace(),
  )
  get('namespaces/:namespace/views/:view', async (catalog, http) => {
    const name = String(http.req.param('view'))
    const isHere = http.req.param('namespace') === NAMESPACE
    const view = isHere ? await catalog.view(name, http.req.param('prefix') ?? DEFAULT_CATALOG) : undefined
    return view ? json(view) : refused(404, `There is no view ${name}`, 'NoSuchViewException')
  })
  app.all('/iceberg/*', (http) => {
    const { method } = http.req
    if (method === 'GET' || method === 'HEAD')
      return refused(404, 'This catalog has no such endpoint: see /iceberg/v1/config', 'RESTException')
    return refused(405, `This catalog only reads: ${method} is refused. loglake alone writes to its tables.`)
  })
}

function json(value: unknown): Response {
  return new Response(JSON.stringify(value), {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
}

/** Names in order, `pageSize` at a time if the client asks for pages. */
function paged(names: readonly string[], http: Http<Carried>): Response {
  const { pageToken: token = '', pageSize: size = '' } = http.req.query()
  const from = PAGE.test(token) ? Number(token) : 0
  const max = PAGE.test(size) && Number(size) > 0 ? Number(size) : names.length
  const page = names.slice(from, from + max)
  const next = from + max < names.length ? String(from + max) : null
  return json({
    identifiers: page.map((name) => ({ namespace: [NAMESPACE], name })),
    'next-page-token': next,
  })
}

function noNamespace(): Response {
  return refused(404, `The only namespace is ${NAMESPACE}`, 'NoSuchNamespaceException')
}

function refused(code: number, message: string, type = TYPES[code] ?? 'RESTException'): Response {
  return new Response(withoutSecrets(JSON.stringify({ error: { message, type, code } })), {
    status: code,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(code === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(code === 405 ? { allow: 'GET, HEAD' } : {}),
    },
  })
}
