import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshFolder } from '../e2e/program.ts'
import { fill, reports, type Site, settled, siteOf } from './browser.ts'

const lake = join(freshFolder(), 'lake')
let site: Site
let pages: string
let close: () => Promise<void>

beforeAll(async () => {
  await fill(lake)
  site = await siteOf(lake)
  process.env.LOGLAKE_URL = site.url
  const { createServer } = await import('vite')
  const server = await createServer({
    configFile: 'web/vite.config.ts',
    logLevel: 'error',
    server: { port: 0 },
  })
  await server.listen()
  pages = server.resolvedUrls?.local[0] as string
  close = () => server.close()
})

afterAll(async () => {
  await close?.()
  await site?.close()
})

it('the server for development has the headers of the real one, and its pages break no policy', async () => {
  const page = await site.open('/healthz')
  // The first visit finds libraries that Vite bundles, and loads the page again.
  await page.goto(`${pages}query`)
  await page.getByRole('textbox', { name: 'SQL' }).waitFor()
  const before = reports(page).filter((report) => report.startsWith('console: CSP'))
  const answer = await page.goto(`${pages}query`)
  await page.getByRole('textbox', { name: 'SQL' }).waitFor()
  await settled(page)
  const named = (headers: Iterable<[string, string]>) =>
    [...headers]
      .filter(([name]) => /policy|frame|nosniff|content-type-options/.test(name))
      .map(([name, value]) => [name, value.replace(/'nonce-[^']*'/, 'nonce')])
      .sort()
  const real = await fetch(`${site.url}/query`)
  expect(named(Object.entries(answer?.headers() ?? {}))).toEqual(named(real.headers))
  const colours = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(colours).toMatch(/oklch|rgb\((?!0, 0, 0)/)
  expect([...before, ...reports(page).filter((report) => /CSP|error:/.test(report))]).toEqual([])
})
