import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, SAMPLES } from '../e2e/program.ts'
import { clean, fill, reports, type Site, settled, siteOf } from './browser.ts'

// The server is killed while pages are open, and started again on the same port.

const folder = freshFolder()
const lake = join(folder, 'lake')
let site: Site
let isUp = true

beforeAll(async () => {
  await fill(lake, SAMPLES)
  const people = join(folder, 'people.csv')
  writeFileSync(people, 'person,manager,from,until\ngoran@example.com,ines@example.com,2025-09-01,\n')
  site = await siteOf(lake, ['--people', people])
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

  it('is told of by a question in words, which is answered once it is asked again', async () => {
    const page = await site.open('/ask')
    await away()
    await page.keyboard.type('Who was denied access?')
    await page.keyboard.press('Enter')
    await page.getByText('Ask again once it answers').waitFor()
    expect(await page.getByRole('textbox', { name: 'Question' }).inputValue()).toBe('Who was denied access?')
    await back()
    await notice(page).waitFor({ state: 'detached' })
    await page.getByRole('textbox', { name: 'Question' }).press('Enter')
    await page.getByRole('article', { name: 'Answer' }).waitFor()
    expect(reports(page)).toEqual([])
  })

  it('exports no half of a file, and says why', async () => {
    const page = await site.open('/usage')
    const files: string[] = []
    page.on('download', (file) => files.push(file.suggestedFilename()))
    await page.getByRole('button', { name: 'Export all…' }).click()
    await away()
    await page.getByRole('button', { name: /^CSV byte/ }).click()
    await page.getByText('Not exported: The server does not answer').waitFor()
    expect(files).toEqual([])
    await back()
    await notice(page).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Export all…' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^CSV byte/ }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/\.csv$/)
    expect(reports(page)).toEqual([])
  })

  it('opens no list of pages by a key until it is back', async () => {
    const page = await site.open('/settings')
    await away()
    await page.keyboard.press('Control+k')
    await page.getByText('Not loaded: the server does not answer').waitFor()
    await back()
    await notice(page).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    expect(reports(page)).toEqual([])
  })
})

describe('a server that goes away from a manager who decides', () => {
  it('loses no word of the reason, and records it once', async () => {
    const page = await site.open('/settings')
    await page
      .context()
      .addCookies([{ name: 'look-as', value: 'manager%3Aines%40example.com', url: site.url }])
    await page.goto(`${site.url}/reviews?order=risk`)
    await page.locator('[role=row].row').first().click()
    await page.waitForURL(/\/sessions\//)
    await settled(page)
    await page.keyboard.press('d')
    await page.keyboard.type('Nobody asked for this session.')
    await away()
    await page.keyboard.press('Control+Enter')
    const decision = page.getByRole('region', { name: 'Your decision' })
    await decision.getByRole('alert').waitFor()
    expect(await decision.getByRole('alert').innerText()).toContain('The server does not answer')
    expect(await decision.getByRole('textbox').inputValue()).toBe('Nobody asked for this session.')
    await back()
    await notice(page).waitFor({ state: 'detached' })
    expect(await decision.getByRole('textbox').inputValue()).toBe('Nobody asked for this session.')
    await decision.getByRole('textbox').press('Control+Enter')
    await decision.getByText('Denied', { exact: true }).waitFor()
    expect(await decision.innerText()).toContain('Nobody asked for this session.')
    expect(reports(page)).toEqual([])
  })
})
