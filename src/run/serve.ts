import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Lake } from '../lake/lake.ts'
import { listenError } from '../lib/listening.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import { metricsText } from './metrics.ts'
import type { WorkerReport } from './report.ts'
import type { Run } from './run.ts'

export interface Served {
  port: number
  close(): Promise<void>
}

/** Reachable from this machine only: its answers are not secret, but the network does not need them. */
const HOST = '127.0.0.1'
/** Least time between two queries of the lake, however often we are asked. */
const LAKE_MS = 5_000

/**
 * Serves the health of the process, for orchestrators and monitoring.
 *
 * - `/healthz`: 200 as long as the process answers
 * - `/readyz`: 200 while the lake can be read and at least one source is running; in a run without
 *   sources, at least one follower if it has any; 503 otherwise. JSON says which is not. A failing follower
 *   does not make sources less ready.
 * - `/metrics`: for Prometheus
 *
 * @param port 0 for any that is free
 * @throws UserError when the port is taken
 */
export async function serve(lake: Lake, run: Run, port: number): Promise<Served> {
  let asked: { atMs: number; readable: Promise<boolean> } | undefined
  function lakeReadable(): Promise<boolean> {
    if (!asked || performance.now() - asked.atMs > LAKE_MS) {
      const readable = lake.newest().then(
        () => true,
        () => false,
      )
      asked = { atMs: performance.now(), readable }
    }
    return asked.readable
  }

  async function ready(response: ServerResponse): Promise<void> {
    const readable = await lakeReadable()
    const named = (reports: readonly WorkerReport[]) =>
      Object.fromEntries(reports.map(({ name, status }) => [name, status]))
    const workers = run.reports.length > 0 ? run.reports : run.followers
    const isAtWork = workers.length === 0 || workers.some(({ status }) => status === 'running')
    const isReady = readable && isAtWork && !run.ending()
    const body = {
      ready: isReady,
      lake: readable ? 'readable' : 'unreadable',
      ending: run.ending(),
      sources: named(run.reports),
      followers: named(run.followers),
    }
    answer(response, isReady ? 200 : 503, 'application/json', `${JSON.stringify(body)}\n`)
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'GET' && request.method !== 'HEAD')
      answer(response, 405, 'text/plain', 'only GET\n')
    else if (pathname === '/healthz') answer(response, 200, 'text/plain', 'ok\n')
    else if (pathname === '/readyz') void ready(response)
    else if (pathname === '/metrics')
      answer(
        response,
        200,
        'text/plain; version=0.0.4; charset=utf-8',
        metricsText(run.reports, run.followers, Date.now(), {
          own: process.memoryUsage.rss(),
          followers: run.followersMemory?.(),
        }),
      )
    else answer(response, 404, 'text/plain', '/healthz, /readyz, /metrics\n')
  })
  server.listen(port, HOST)
  await once(server, 'listening').catch((thrown) => {
    throw listenError(thrown, HOST, port, '--port or `run.port` in loglake.yaml; 0 for none')
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(withoutSecrets(body))
}
