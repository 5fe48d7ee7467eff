import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../e2e/program.ts'
import { clean, fill, type Site, settled, siteOf } from './browser.ts'

// What every page has in common: nothing is out of reach on a phone, cut or missing without a word.

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const
const lake = join(freshFolder(), 'lake')
let site: Site

beforeAll(async () => {
  await fill(lake)
  site = await siteOf(lake)
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

const text = (page: Page) => page.locator('main').innerText()

describe('on a phone', () => {
  it.each([
    ['/activity', 'Filter by a value', 'Values', 'InvokeEndpoint'],
    ['/query', 'Tables, named and saved questions', 'Tables and questions', 'cloudtrail'],
  ])('the list beside %s opens from a button', async (path, button, list, value) => {
    const page = await site.open(path, PHONE)
    const found = page.getByRole('complementary', { name: list }).getByText(value, { exact: true })
    expect(await found.first().isVisible()).toBe(false)
    await page.getByRole('button', { name: button }).tap()
    await found.first().waitFor()
    await clean(page)
    await page.getByRole('button', { name: button }).tap()
    expect(await found.first().isVisible()).toBe(false)
  })

  it('findings have their tick boxes', async () => {
    const page = await site.open('/findings', PHONE)
    const tick = page.getByRole('checkbox', { name: /An account is explored/ })
    await tick.tap()
    await page.getByText('1 chosen').waitFor()
    await clean(page)
    await page.getByRole('button', { name: 'Choose none' }).tap()
    expect(await tick.isChecked()).toBe(false)
  })

  it.each([
    ['/activity', ['feature-loader', 'GetObject', 'NoSuchKey']],
    ['/findings', ['An account is explored', 'legacy-backup', '8 Jan']],
    ['/conversations', ['ticket-41681', 'search_help', 'answered']],
    ['/sessions', ['jonas@example.com', 'Operator', 'overdue']],
    ['/find?find=goran@example.com', ['ListBuckets', 'goran@example.com via BreakGlassAdmin', '8 Jan']],
    ['/access?q=operation:extent', ['first and last event', 'operator', '127.0.0.1']],
  ])('a row of %s is whole on the screen', async (path, words) => {
    const page = await site.open(path, PHONE)
    const row = page.locator('[role=row].row').filter({ hasText: words[0] as string })
    for (const word of words) expect(await row.first().innerText()).toContain(word)
    const box = await row.first().boundingBox()
    expect(box && box.x + box.width).toBeLessThanOrEqual(PHONE.viewport.width)
    await clean(page)
  })

  it.each(['/findings', '/query', '/doctor', '/period', '/access', '/settings'])(
    'the page %s does not scroll sideways',
    async (path) => {
      const page = await site.open(path, PHONE)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBe(PHONE.viewport.width)
    },
  )
})

describe('what is not there', () => {
  it('is told with the navigation around it, and a way on', async () => {
    const page = await site.open('/nowhere')
    await page.getByRole('navigation', { name: 'Pages' }).waitFor()
    await page.getByRole('link', { name: 'Go to the first page' }).click()
    await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor()
  })

  it.each(['sessions', 'conversations'])('leads back to the list of %s', async (list) => {
    const page = await site.open(`/${list}/00000000-0000-0000-0000-000000000000`)
    expect(await text(page)).toContain('The lake has nothing with this id')
    await page.getByRole('link', { name: 'Show the list' }).click()
    await page.waitForURL(new RegExp(`/${list}$`))
  })

  it('is told once where three parts of a page ask for it, without a second try', async () => {
    const page = await site.open('/activity?q=eventname~%00x')
    expect((await text(page)).match(/This cannot be asked/g)).toHaveLength(1)
    expect(await text(page)).toContain('a NUL character is in it')
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  })
})

describe('words', () => {
  it('of a cut text are all there under the pointer, and those of a whole text are not repeated', async () => {
    const page = await site.open('/find?find=goran@example.com')
    const cells = page.locator('[role=row].row').first().locator('[role=gridcell]')
    const cut = cells.filter({ hasText: 'useridentity_sessioncontext' })
    await cut.hover()
    expect(await cut.getAttribute('title')).toBe(await cut.innerText())
    const whole = cells.filter({ hasText: /^cloudtrail$/ })
    await whole.hover()
    expect(await whole.getAttribute('title')).toBeNull()
  })

  it('of models add up to the calls of models', async () => {
    const page = await site.open('/')
    const models = page.getByRole('region', { name: 'Models' })
    expect(await models.innerText()).toContain('model not logged')
    const calls = await models.locator('tbody td:nth-child(2)').allInnerTexts()
    const sum = calls.reduce((all, one) => all + Number(one.replaceAll(',', '')), 0)
    expect(await page.getByRole('link', { name: /Model calls/ }).innerText()).toContain(
      sum.toLocaleString('en-US'),
    )
  })

  it('say which calls have no model, and how a conversation ended', async () => {
    const page = await site.open('/usage')
    const row = page.getByRole('row', { name: /model not logged/ })
    expect(await row.innerText()).toContain('301')
    expect(await text(page)).toContain('Model not logged: calls of SageMaker endpoints.')
    await page.goto(`${site.url}/conversations`)
    await settled(page)
    expect(await text(page)).toContain('answered')
    expect(await text(page)).not.toMatch(/end.turn/)
  })
})
