import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { freshFolder } from '../e2e/program.ts'
import { clean, fill, type Site, siteOf } from './browser.ts'

// The least that a page is given: the narrowest screen (WCAG 1.4.10), and the colours of the reader's machine alone.

const lake = join(freshFolder(), 'lake')
let site: Site
const paths: Record<string, string> = {}

beforeAll(async () => {
  await fill(lake)
  site = await siteOf(lake)
  const span = 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z'
  for (const [name, query] of [
    ['sessions', `${span}&kind=session&limit=100`],
    ['conversations', span],
  ] as const) {
    const { rows } = (await (await fetch(`${site.url}/api/${name}?${query}`)).json()) as {
      rows: { id: string; acting_as?: string }[]
    }
    const one = rows.find(({ acting_as }) => acting_as === 'BreakGlassAdmin') ?? rows[0]
    paths[`one of ${name}`] = `/${name}/${one?.id}`
  }
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

it.each([
  '/',
  '/ask',
  '/find?find=goran@example.com',
  '/sessions?t=all',
  'one of sessions',
  '/reviews?state=open',
  '/conversations?t=all',
  'one of conversations',
  '/activity?t=all',
  '/findings?t=all',
  '/digest',
  '/usage?t=all',
  '/query',
  '/sources',
  '/doctor',
  '/period',
  '/access',
  '/settings',
  '/sign-in',
])('does not scroll sideways at 320 px: %s', async (path) => {
  const page = await site.open(paths[path] ?? path, { viewport: { width: 320, height: 640 } })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  await clean(page)
})

it.each(['/', 'one of sessions', '/activity?t=all', '/findings?t=all', '/query'])(
  'shows where the focus is in forced colours: %s',
  async (path) => {
    const page = await site.open(paths[path] ?? path, { forcedColors: 'active' })
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    const outlined = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement as Element)
      return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1
    })
    expect(outlined).toBe(true)
    await clean(page)
  },
)
