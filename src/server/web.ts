import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { Hono, Context as Http } from 'hono'
import { getCookie } from 'hono/cookie'
import { contentSecurityPolicy } from './headers.ts'
import type { Carried } from './routes.ts'

/**
 * The files of the web application: a few hundred kilobytes, read once. Serving them from memory needs no
 * disk and no thread of the pool, even while queries keep those busy. The build may have written `x.br` and
 * `x.gz` next to a file `x`.
 */
export interface WebFiles {
  mount(app: Hono<Carried>): void
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}

/** Words in `index.html` that the server replaces. */
const NONCE = '%NONCE%'
const THEME = '%THEME%'
const THEMES = ['light', 'dark']

/** Names with a hash of their content in them never change. */
const IMMUTABLE = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/

export function webFiles(folder: string): WebFiles | undefined {
  let names: string[]
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')] : [],
    )
  } catch {
    return undefined
  }
  if (!names.includes('index.html')) return undefined
  const files = new Map(names.map((name) => [name, readFileSync(join(folder, name))]))
  const page = (files.get('index.html') as Buffer).toString('utf8')

  function asset(http: Http<Carried>, name: string): Response | undefined {
    const type = TYPES[extname(name)]
    if (!files.has(name) || type === undefined) return undefined
    const accepted = http.req.header('accept-encoding') ?? ''
    const packed = [
      ['br', `${name}.br`],
      ['gzip', `${name}.gz`],
    ].find(
      ([encoding, packedName]) => accepted.includes(encoding as string) && files.has(packedName as string),
    )
    const body = files.get(packed?.[1] ?? name) as Buffer
    http.header('content-type', type)
    http.header('vary', 'accept-encoding')
    if (packed) http.header('content-encoding', packed[0])
    http.header('cache-control', IMMUTABLE.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache')
    return http.body(new Uint8Array(body))
  }

  return {
    mount(app) {
      app.get('*', (http) => {
        const name = http.req.path.slice(1)
        const found = name === '' || name === 'index.html' ? undefined : asset(http, name)
        if (found) return found
        // A missing file is a 404, not the page.
        if (/\.[a-z0-9]{1,12}$/.test(name) && name.startsWith('assets/')) return http.notFound()
        const nonce = randomBytes(16).toString('base64')
        const theme = getCookie(http, 'theme') ?? ''
        http.header('content-security-policy', contentSecurityPolicy(nonce))
        http.header('cache-control', 'no-store')
        return http.html(
          page.replaceAll(NONCE, nonce).replaceAll(THEME, THEMES.includes(theme) ? theme : 'auto'),
        )
      })
    },
  }
}
