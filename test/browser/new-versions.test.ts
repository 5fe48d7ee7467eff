import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { ALL_SAMPLES, freshFolder, loglake, SAMPLES } from '../e2e/program.ts'
import { clean, fill, reports, type Site, settled, siteOf } from './browser.ts'

// Somebody commits while a page is open: it says so, and shows the rows once they are asked for.

const lake = join(freshFolder(), 'lake')
let site: Site

beforeAll(async () => {
  await fill(lake, SAMPLES)
  site = await siteOf(lake)
})
afterEach(() => site?.closePages())
afterAll(() => site?.close())

const button = (page: Page) => page.getByRole('button', { name: 'New data · show' })
const version = async (page: Page) =>
  Number(/Lake version ([\d,]+)/.exec(await page.locator('nav footer').innerText())?.[1]?.replace(',', ''))

it('a commit is told on every visible page, and shown without a reload when that is wanted', async () => {
  const page = await site.open('/conversations')
  const other = await site.open('/activity', { colorScheme: 'dark', viewport: { width: 320, height: 640 } })
  const loads: string[] = []
  for (const one of [page, other]) one.on('load', () => loads.push(one.url()))
  await page.getByText('No conversation is in the lake yet').waitFor()
  // The server opens reviews as it starts, which is a version, too.
  for (const one of [page, other])
    if (await button(one).isVisible()) {
      await button(one).click()
      await settled(one)
    }
  const before = await version(page)

  for (const command of [
    ['ingest', join(ALL_SAMPLES, 'model-logs'), '--lake', lake],
    ['follow', '--once', '--lake', lake],
  ])
    expect((await loglake(command)).code).toBe(0)
  await button(page).waitFor()
  await button(other).waitFor()
  // Nothing has moved.
  expect(await version(page)).toBe(before)
  expect(await page.getByRole('grid').count()).toBe(0)
  await clean(page)
  await clean(other)

  // A later commit may be told right after.
  await button(page).click()
  await button(page).waitFor({ state: 'detached' })
  await page.getByRole('grid', { name: 'Conversations' }).waitFor()
  await settled(page)
  expect(await version(page)).toBeGreaterThan(before)

  // Another page is new anyway.
  await other.getByRole('button', { name: 'Pages' }).click()
  await other.getByRole('link', { name: 'Conversations', exact: true }).click()
  await other.getByRole('heading', { name: 'Conversations' }).waitFor()
  await button(other).waitFor({ state: 'detached' })
  await settled(other)
  expect(loads).toEqual([])
  for (const one of [page, other]) expect(reports(one)).toEqual([])
})

it('a hidden page listens to nothing, and catches up once it is seen', async () => {
  const page = await site.open('/findings')
  const streams: string[] = []
  page.on('requestfailed', (request) => streams.push(`ended ${new URL(request.url()).pathname}`))
  page.on('request', (request) => streams.push(new URL(request.url()).pathname))
  const look = (state: 'hidden' | 'visible') =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  await look('hidden')
  await expect.poll(() => streams).toContain('ended /api/new-versions')
  const given = { actor: 'nobody@example.com', until: '2100-01-01T00:00:00Z', reason: 'A drill.' }
  const answer = await page.request.post(`${site.url}/api/suppress`, { data: given })
  expect(answer.status()).toBe(200)
  expect(await button(page).count()).toBe(0)
  await look('visible')
  await button(page).waitFor()
  expect(reports(page)).toEqual([])
})
