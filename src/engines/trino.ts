/**
 * Trino's own protocol: a statement is posted, and each response names the next page. Data come as JSON, text
 * values as strings. https://trino.io/docs/current/develop/client-protocol.html
 */
import { setTimeout as wait } from 'node:timers/promises'
import { sentence, UserError } from '../lib/errors.ts'
import type { RemoteAnswer, RemoteAsking, RemoteEngine, RemoteStatistics, RemoteValue } from './contract.ts'

export interface TrinoSettings {
  /** As in https://trino.example.com:8443. */
  url: string
  catalog: string
  schema: string
  user: string
  /** For HTTP basic authentication. */
  password?: string | undefined
  /** A JSON Web Token, instead of the password. */
  token?: string | undefined
}

interface Page {
  id: string
  nextUri?: string
  columns?: { name: string; type: string }[]
  data?: RemoteValue[][]
  stats?: { processedBytes?: number; physicalInputBytes?: number; elapsedTimeMillis?: number; state?: string }
  error?: { message?: string; errorName?: string; errorType?: string }
}

/** Statuses of a server that is busy, or behind a proxy without a server. */
const PASSING = [429, 502, 503, 504]
const ATTEMPTS = 8
const FIRST_PAUSE_MS = 100
const REQUEST_MS = 120_000

export function trinoEngine(settings: TrinoSettings): RemoteEngine {
  const base = settings.url.replace(/\/+$/, '')
  const { origin } = new URL(base)
  const headers: Record<string, string> = {
    'X-Trino-User': settings.user,
    'X-Trino-Source': 'loglake',
    'X-Trino-Catalog': settings.catalog,
    'X-Trino-Schema': settings.schema,
    'X-Trino-Time-Zone': 'UTC',
    // Without it, times are rounded to milliseconds.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
    ...authorization(settings),
  }

  async function request(url: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
    for (let attempt = 1, pauseMs = FIRST_PAUSE_MS; ; attempt++, pauseMs *= 2) {
      const limit = AbortSignal.timeout(REQUEST_MS)
      const answer = await fetch(url, {
        ...init,
        headers: { ...headers, ...init.headers },
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      }).catch((thrown) => {
        if (signal?.aborted) throw new UserError('the question was cancelled', { cause: thrown })
        throw new UserError(`Trino at ${base} cannot be reached: ${sentence(thrown.cause ?? thrown)}`, {
          cause: thrown,
        })
      })
      if (answer.ok) return answer
      if (PASSING.includes(answer.status) && attempt < ATTEMPTS) {
        await answer.body?.cancel()
        await wait(pauseMs, undefined, signal ? { signal } : {}).catch(() => undefined)
        continue
      }
      throw new UserError(await refusal(answer, base))
    }
  }

  async function pageAt(url: string, signal?: AbortSignal): Promise<Page> {
    // Follows next-page URLs on the same server only, because the credentials are sent along.
    if (new URL(url).origin !== origin)
      throw new UserError(`Trino at ${base} continues at ${new URL(url).origin}, which is another server`)
    return (await (await request(url, {}, signal)).json()) as Page
  }

  async function cancel(page: Page): Promise<void> {
    if (page.nextUri === undefined || new URL(page.nextUri).origin !== origin) return
    await fetch(page.nextUri, {
      method: 'DELETE',
      headers,
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined)
  }

  async function ask(
    sql: string,
    { signal, maxBytes, onProgress }: RemoteAsking = {},
  ): Promise<RemoteAnswer> {
    let page = (await (
      await request(`${base}/v1/statement`, { method: 'POST', body: sql }, signal)
    ).json()) as Page
    const { id } = page
    let told = statisticsOf(page)
    /** Reads the next page. When the query must end, it is ended on the server, and the reason thrown. */
    async function next(): Promise<boolean> {
      if (page.error) throw failed(page.error)
      if (page.nextUri === undefined) return false
      try {
        page = await pageAt(page.nextUri, signal)
        told = statisticsOf(page)
        onProgress?.(told)
        if (maxBytes !== undefined && told.scannedBytes > maxBytes)
          throw new UserError(
            `the question was ended: it has read ${told.scannedBytes} bytes, and ${maxBytes} are the most that it may (--max-bytes)`,
          )
        if (page.error) throw failed(page.error)
        return true
      } catch (thrown) {
        await cancel(page)
        throw thrown
      }
    }

    function statisticsOf({ stats = {} }: Page): RemoteStatistics {
      return {
        id,
        scannedBytes: stats.physicalInputBytes ?? stats.processedBytes ?? 0,
        ms: stats.elapsedTimeMillis ?? 0,
      }
    }

    while (page.columns === undefined && (await next()));
    const columns = page.columns ?? []
    async function* rows(): AsyncGenerator<readonly RemoteValue[]> {
      let ended = false
      try {
        do yield* page.data ?? []
        while (await next())
        ended = true
      } finally {
        if (!ended) await cancel(page)
      }
    }
    return {
      columns: columns.map(({ name }) => name),
      types: columns.map(({ type }) => type),
      rows: rows(),
      statistics: () => told,
    }
  }

  return { name: 'trino', dialect: 'trino', ask }
}

function authorization({ user, password, token }: TrinoSettings): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` }
  if (password === undefined) return {}
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

function failed({ message = 'no reason given', errorName, errorType }: NonNullable<Page['error']>): Error {
  if (errorName === 'USER_CANCELED') return new UserError('the question was cancelled')
  const kind = errorType === 'USER_ERROR' ? '' : ` (${errorName})`
  return new UserError(`Trino: ${message}${kind}`)
}

async function refusal(answer: Response, base: string): Promise<string> {
  const said = (await answer.text().catch(() => '')).split('\n')[0]?.slice(0, 300) ?? ''
  const wayOut = answer.status === 401 ? ': set LOGLAKE_TRINO_PASSWORD or LOGLAKE_TRINO_TOKEN' : ''
  return `Trino at ${base} refuses it: HTTP ${answer.status}${said === '' ? '' : ` ${said}`}${wayOut}`
}
