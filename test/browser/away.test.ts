import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, SAMPLES } from '../e2e/program.ts'
import { clean, fill, reports, type Site, settled, siteOf } from './browser.ts'

// The server is killed while pages are open, and started again on the same port.

const lake = join(freshFolder(), 'lake')
let site: Site
let isUp = true

beforeAll(async () => {
  await fill(lake, SAMPLES)
  site = await siteOf(lake)
})

afterEach(async () => {
  if (!isUp) await back()
  await site?.closePages()
})
afterAll(() => site?.close())

async function away(): Promise<void> {
  isUp = false
  await site.goAway()
}

async function back(): Promise<void> {
  await site.comeBack()
  isUp = true
}

const notice = (page: Page) => page.getByText('The server does not answer. What is shown')

// The notice takes the room of a row: what stands first is compared.
const shownOf = async (page: Page) => (await page.locator('.page').first().innerText()).slice(0, 200)

describe('a server that goes away', () => {
  it('is told of by pages that ask for nothing, which keep what they show and go on by themselves', async () => {
    const paths = ['/', '/sessions', '/activity', '/findings', '/usage', '/sources', '/period', '/settings']
    const pages: [Page, string][] = []
    for (const path of paths) {
      const page = await site.open(path, { colorScheme: pages.length % 2 ? 'dark' : 'light' })
      pages.push([page, await shownOf(page)])
    }
    await away()
    for (const [page, text] of pages) {
      await notice(page).waitFor()
      expect(await shownOf(page)).toBe(text)
      await clean(page)
    }
    await back()
    for (const [page] of pages) {
      await notice(page).waitFor({ state: 'detached' })
      expect(reports(page)).toEqual([])
    }
  })

  it('keeps what was typed, and says at the form why nothing came', async () => {
    const page = await site.open('/query?sql=select%2041%20%2B%201')
    await page.locator('.cm-content').click()
    await page.keyboard.press('End')
    await page.keyboard.type(' as typed')
    await page.keyboard.press('Escape')
    await away()
    await page.keyboard.press('Control+Enter')
    await page.locator('pre[role=alert]', { hasText: 'The server does not answer' }).waitFor()
    expect(await page.locator('.cm-content').innerText()).toContain('select 41 + 1 as typed')
    await back()
    await notice(page).waitFor({ state: 'detached' })
    expect(await page.locator('.cm-content').innerText()).toContain('select 41 + 1 as typed')
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.getByRole('columnheader', { name: 'typed' }).waitFor()
    expect(reports(page)).toEqual([])
  })

  it('is told of in place of a page whose script did not come, which then opens by itself', async () => {
    const page = await site.open('/settings')
    await away()
    await page.getByRole('link', { name: 'Activity', exact: true }).click()
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor()
    expect(page.url()).toMatch(/\/activity$/)
    await clean(page)
    await back()
    await page.getByRole('grid', { name: 'API calls' }).waitFor()
    await settled(page)
    expect(reports(page)).toEqual([])
  })
})
