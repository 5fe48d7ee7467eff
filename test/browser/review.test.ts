import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, loglake } from '../e2e/program.ts'
import { clean, fill, type Site, settled, siteOf } from './browser.ts'

// A review from the queue to a recorded decision, by keyboard only; and what must not happen on the way.

const folder = freshFolder()
const lake = join(folder, 'lake')
const people = join(folder, 'people.csv')
let site: Site

beforeAll(async () => {
  await fill(lake)
  writeFileSync(
    people,
    'person,manager,from,until\ngoran@example.com,ines@example.com,2025-09-01,\njonas@example.com,ines@example.com,,\n',
  )
  site = await siteOf(lake, ['--people', people, '--as', 'manager:ines@example.com'])
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

const rows = (page: Page) => page.locator('[role=row].row')

async function openQueue(): Promise<Page> {
  const page = await site.open('/reviews?order=risk')
  await rows(page).first().waitFor()
  return page
}

describe('review', () => {
  it("shows a manager their people's sessions, and no one else's", async () => {
    const page = await openQueue()
    const text = await page.locator('.table').innerText()
    expect(text).toContain('goran@example.com')
    expect(text).not.toMatch(/alice@|bruno@|chen@/)
    const all = await site.open('/sessions')
    expect(await all.locator('.table').innerText()).not.toMatch(/alice@|bruno@|chen@/)
    await clean(page)
  })

  it('is decided by keyboard alone, with a reason, and nothing is recorded before that', async () => {
    const page = await openQueue()
    await page.keyboard.press('j')
    expect(await page.locator('[role=row]:focus').innerText()).toContain('BreakGlassAdmin')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/sessions\/[0-9a-f-]{36}/)
    await settled(page)
    // The output of the session is there, though its role session is not named after the person.
    expect(await page.locator('.lines').innerText()).toContain('sudo cat /etc/shadow')
    await clean(page)
    await page.keyboard.press('d')
    expect(await page.getByRole('radio', { name: 'Deny' }).getAttribute('aria-checked')).toBe('true')
    await page.keyboard.press('Control+Enter')
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.keyboard.type('Copying customers was not part of the incident.')
    await page.keyboard.press('Control+Enter')
    const decision = page.getByRole('region', { name: 'Your decision' })
    await decision.getByText('Denied', { exact: true }).waitFor()
    expect(await decision.innerText()).toContain('Copying customers was not part of the incident.')
    await page.reload()
    await settled(page)
    expect(await page.getByRole('list', { name: 'History' }).innerText()).toContain(
      'ines@example.com denied it',
    )
    await clean(page)
  })

  it('gives its evidence as a bundle that is verified without the lake', async () => {
    const page = await site.open('/reviews?state=decided')
    await rows(page).first().click()
    await settled(page)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export the evidence' }).click(),
    ])
    const bundle = join(folder, 'review.zip')
    await file.saveAs(bundle)
    const { code, err } = await loglake(['evidence', 'verify', bundle])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const bytes = readFileSync(bundle)
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] as number) ^ 1
    writeFileSync(bundle, bytes)
    expect((await loglake(['evidence', 'verify', bundle])).code).not.toBe(0)
  })

  it('gives the terminal as a recording with the times of its output, and as text, with masks', async () => {
    const page = await site.open('/sessions')
    await rows(page).filter({ hasText: 'BreakGlassAdmin' }).first().click()
    await page.waitForURL(/\/sessions\/[0-9a-f-]{36}/)
    await settled(page)
    const files: string[] = []
    for (const [name, end] of [
      ['Recording', 'cast'],
      ['Text', 'txt'],
    ] as const) {
      await page.getByRole('button', { name: 'Export…' }).click()
      await clean(page)
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: new RegExp(`^${name} .*with masks`) }).click(),
      ])
      expect(file.suggestedFilename()).toMatch(new RegExp(`^session-[0-9a-f-]{36}\\.${end}$`))
      files.push(readFileSync(await file.path(), 'utf8'))
    }
    const [recording = '', text = ''] = files
    const [header, ...events] = recording
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(header).toMatchObject({ version: 2, timestamp: expect.any(Number) })
    expect(events.map(([, , data]) => data.replaceAll('\r', '')).join('')).toBe(text)
    expect(text).toContain('sudo cat /etc/shadow')
  })

  it('tells the second of two who decide at once, and keeps what they wrote', async () => {
    const open = async () => {
      const page = await openQueue()
      await rows(page).filter({ hasText: 'refused' }).filter({ hasText: 'goran' }).first().click()
      await settled(page)
      await page.getByRole('radio', { name: 'Confirm' }).click()
      await page.getByLabel('Reason').fill('A test of access that was announced.')
      return page
    }
    const [first, second] = [await open(), await open()]
    expect(second.url()).toBe(first.url())
    await first.getByRole('button', { name: /Record decision/ }).click()
    await first
      .getByRole('region', { name: 'Your decision' })
      .getByText('Confirmed', { exact: true })
      .waitFor()
    await second.getByRole('button', { name: /Record decision/ }).click()
    await second
      .getByText(/has changed since you opened it|Confirmed/)
      .first()
      .waitFor()
    expect(await second.getByRole('list', { name: 'History' }).innerText()).toMatch(/confirmed it/)
  })

  it('is done on a phone: facts, lines, calls and decision, one below the other', async () => {
    const page = await site.open('/reviews?order=newest', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await rows(page).filter({ hasText: 'jonas@example.com' }).filter({ hasText: 'Operator' }).first().tap()
    await settled(page)
    const tops = await page.evaluate(() =>
      ['.facts', '.terminal', '.calls', '.decision'].map(
        (name) => document.querySelector(name)?.getBoundingClientRect().top ?? -1,
      ),
    )
    expect(tops).toEqual(tops.toSorted((one, other) => one - other))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await clean(page)
  })

  it('adds up in the period report', async () => {
    const page = await site.open('/period')
    const sum = page.getByRole('region', { name: 'Population' })
    expect(await sum.innerText()).toMatch(/adds up/)
    await clean(page)
  })
})
