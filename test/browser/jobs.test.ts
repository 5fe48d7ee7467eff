import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../e2e/program.ts'
import { clean, fill, type Site, settled, siteOf } from './browser.ts'

// What the README says that people do in a browser, in the way that it says, on the demo's lake.

const lake = join(freshFolder(), 'lake')
const people = fileURLToPath(new URL('../../samples/people.csv', import.meta.url))
let site: Site

beforeAll(async () => {
  await fill(lake)
  site = await siteOf(lake, ['--people', people])
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

const rows = (page: Page) => page.locator('[role=row].row')

async function openGoran(page: Page): Promise<void> {
  await rows(page).filter({ hasText: 'goran@example.com' }).filter({ hasText: 'BreakGlassAdmin' }).click()
  await page.waitForURL(/\/sessions\/[0-9a-f-]{36}/)
}

describe('a session is decided', () => {
  it('by whoever tries the demo, as the manager', async () => {
    const page = await site.open('/reviews?state=open&order=risk')
    await openGoran(page)
    await settled(page)
    await page.getByRole('button', { name: 'Look as dalia@example.com' }).click()
    await page.getByRole('radio', { name: /Confirm/ }).waitFor()
    await settled(page)
    await page.keyboard.press('d')
    await page.keyboard.type('Stopping the trail was not part of the incident.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Denied by dalia@example.com').waitFor()
    await clean(page)
  })

  it('and no call is said to be missing before calls are known', async () => {
    const page = await site.open('/sessions?order=risk')
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/api/session-calls**', async (route) => {
      await answered
      await route.continue()
    })
    await openGoran(page)
    const decision = page.getByLabel('Your decision')
    await decision.getByText('Calls not loaded').waitFor()
    expect(await page.getByLabel('API calls').innerText()).not.toContain('No other calls')
    answer()
    await decision.getByText(/All \d+ calls shown/).waitFor()
  })
})

describe('a leaked key', () => {
  it('is pasted, and leads to its calls', async () => {
    const { rows: found } = (await (await fetch(`${site.url}/api/find?text=legacy-backup`)).json()) as {
      rows: { table: string; id: string }[]
    }
    const event = found.find(({ table }) => table === 'cloudtrail')?.id
    const record = (await (await fetch(`${site.url}/api/record?table=cloudtrail&id=${event}`)).json()) as {
      columns: { name: string; value: unknown }[]
    }
    const key = String(record.columns.find(({ name }) => name === 'useridentity_accesskeyid')?.value)
    expect(key).toMatch(/^AKIA/)
    const page = await site.open('/')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to a page, or search' }).fill(key)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/activity\?.*useridentity_accesskeyid/)
    await settled(page)
    expect(await rows(page).count()).toBeGreaterThan(5)
    expect(await rows(page).first().innerText()).toContain('legacy-backup')
    await clean(page)
  })
})

describe('a cost', () => {
  it('is told by day and model, and its rows add up to it', async () => {
    const models = ['anthropic.claude-haiku-4-5-20251001', 'amazon.titan-embed-text-v2:0']
    const conditions = models.map((model) => `q=${encodeURIComponent(`model:${model}`)}`).join('&')
    const page = await site.open(`/usage?by=day&by=model&${conditions}`)
    const days = await page.locator('.usage tbody tr td:first-child').allInnerTexts()
    expect(days.length).toBeGreaterThan(4)
    expect(days).toEqual(days.toSorted())
    expect(days[0]).toMatch(/^2026-01-\d\d$/)
    const calls = Number((await page.locator('.numbers dd.num').nth(1).innerText()).replace(',', ''))
    await page.getByRole('button', { name: /Export all/ }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^NDJSON/ }).click(),
    ])
    const exported = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { model: string; invocations: number })
    expect(new Set(exported.map(({ model }) => model))).toEqual(new Set(models))
    expect(exported.reduce((sum, { invocations }) => sum + Number(invocations), 0)).toBe(calls)
  })

  it('is told by team, whose rows add up to it, and the page says whose word a team is', async () => {
    const page = await site.open('/usage?by=team')
    const cells = await page.locator('.usage tbody tr').allInnerTexts()
    expect(cells.map((line) => line.split('\t')[0]).sort()).toEqual([
      'no team',
      'platform',
      'search',
      'support',
    ])
    const calls = (text: string | undefined) => Number(text?.replaceAll(',', ''))
    expect(cells.reduce((sum, line) => sum + calls(line.split('\t')[1]), 0)).toBe(
      calls(await page.locator('.numbers dd.num').nth(1).innerText()),
    )
    expect(await page.locator('.usage').innerText()).toContain('by the people file')
    const named = await site.open('/usage?by=named_team')
    expect(await named.locator('.usage tbody tr').count()).toBe(2)
    expect(await named.locator('.usage').innerText()).toContain('Nobody verifies it')
  })

  it('is drawn with a bar for each day, which tells its numbers under the pointer', async () => {
    const page = await site.open('/usage?by=model')
    const chart = page.locator('.chart').first()
    expect(await chart.locator('svg path').count()).toBeGreaterThan(1)
    const plot = await chart.locator('.plot').boundingBox()
    if (!plot) throw new Error('there is no chart')
    await page.mouse.move(plot.x + plot.width * 0.1, plot.y + plot.height / 2)
    expect(await chart.locator('.chart-tip').innerText()).toMatch(/^5 Jan\n[\s\S]*claude-sonnet-4-5\n\$\d/)
    const colour = () =>
      chart
        .locator('path')
        .first()
        .evaluate((path) => getComputedStyle(path).fill)
    const light = await colour()
    await page.evaluate(() => {
      document.documentElement.dataset.theme = 'dark'
    })
    expect(await colour()).not.toBe(light)
  })
})

describe('a question', () => {
  it('of those that the page offers is answered without a model', async () => {
    const page = await site.open('/ask?model=off')
    const examples = await page.getByRole('list', { name: 'For example' }).getByRole('button').allInnerTexts()
    expect(examples.length).toBeGreaterThan(3)
    for (const example of examples) {
      await page.locator('textarea').fill(example)
      await page.keyboard.press('Enter')
      await page.locator('.answered').waitFor()
      await settled(page)
      expect([example, await page.locator('.answered').innerText()]).toEqual([
        example,
        expect.not.stringContaining('The nearest named questions'),
      ])
      await page.getByRole('button', { name: /New question/ }).click()
      await page.locator('.answered').waitFor({ state: 'detached' })
    }
  })
})

describe('a finding', () => {
  it('is whole on a phone, with its evidence', async () => {
    const page = await site.open('/findings', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await rows(page)
      .filter({ hasText: 'An account is explored' })
      .click({ position: { x: 150, y: 8 } })
    const finding = page.getByRole('complementary', { name: 'Finding' })
    await finding.getByText('in Activity').first().waitFor()
    const { right, over } = await finding.evaluate((element) => {
      const inside = element.querySelector('.inside') as HTMLElement
      return { right: element.getBoundingClientRect().right, over: inside.scrollWidth - inside.clientWidth }
    })
    expect({ right, over }).toEqual({ right: 390, over: 0 })
    await clean(page)
  })
})
