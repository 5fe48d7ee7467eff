import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { agentTables } from '../../src/agent/tables.ts'
import { openLake } from '../../src/lake/lake.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { ASK_RUN, writeAskRuns } from '../api/ask-runs.ts'
import { freshFolder } from '../e2e/program.ts'
import { fill, reports, type Site, settled, siteOf } from './browser.ts'

// Every page by keyboard alone: where Tab goes, that it is seen, and that it goes round.

const lake = join(freshFolder(), 'lake')
let site: Site
let conversation: string
let session: string

beforeAll(async () => {
  await fill(lake)
  await writeAskRuns(openLake(localStorage(lake), agentTables))
  site = await siteOf(lake)
  const span = 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&limit=500'
  const first = async (name: string, of: (row: Record<string, unknown>) => boolean) => {
    const { rows } = (await (await fetch(`${site.url}/api/${name}?${span}`)).json()) as {
      rows: Record<string, unknown>[]
    }
    return String(rows.find(of)?.id)
  }
  conversation = await first('conversations', ({ tools }) => (tools as string[]).includes('issue_refund'))
  session = await first('sessions', ({ acting_as }) => /BreakGlass/.test(String(acting_as)))
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

interface Stop {
  name: string
  seen: boolean
  inside: boolean
}

/** The element with the focus: its name, whether its outline is drawn, and whether it is on the screen. */
function stop(page: Page): Promise<Stop | null> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null
    if (!element || element === document.body) return null
    const box = element.getBoundingClientRect()
    const drawn = (of: Element | null) => {
      const style = of && getComputedStyle(of)
      return style !== null && style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1
    }
    const words = element.getAttribute('aria-label') ?? element.innerText ?? element.title
    return {
      name: `${element.tagName.toLowerCase()}.${element.className} ${words.trim().slice(0, 60)}`,
      // A field within a box that has its own outline needs none; nor does an editor with a caret.
      seen: drawn(element) || drawn(element.closest('.filters, .box, .cm-editor')),
      inside: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    }
  })
}

/** All stops of Tab until it is round. */
async function stops(page: Page): Promise<Stop[]> {
  const found: Stop[] = []
  for (let pressed = 0; pressed < 160; pressed++) {
    await page.keyboard.press('Tab')
    const now = await stop(page)
    if (found.length > 0 && (now === null || now.name === found[0]?.name)) return found
    if (now) found.push(now)
  }
  throw new Error(`Tab does not come round: ${found.slice(-8).map(({ name }) => name)}`)
}

describe('Tab', () => {
  it.each([
    ['/', 30],
    ['/ask', 8],
    ['/find?find=goran@example.com', 20],
    ['/questions', 18],
    ['/reviews', 30],
    ['/sessions', 30],
    ['/sessions/SESSION', 40],
    ['/conversations', 28],
    ['/conversations/CONVERSATION', 25],
    [`/asked/${ASK_RUN}`, 20],
    ['/activity', 70],
    ['/digest', 25],
    ['/findings', 32],
    ['/findings?group=rule', 40],
    ['/usage', 30],
    ['/query', 28],
    ['/sources', 24],
    ['/doctor', 20],
    ['/period', 22],
    ['/access', 24],
    ['/settings', 28],
    ['/nothing', 18],
    ['/sign-in', 1],
  ] as const)('goes through %s, is seen everywhere, and comes round', async (path, least) => {
    const page = await site.open(path.replace('SESSION', session).replace('CONVERSATION', conversation))
    const found = await stops(page)
    expect(found.filter(({ seen }) => !seen)).toEqual([])
    expect(found.filter(({ inside }) => !inside)).toEqual([])
    expect(found.length).toBeGreaterThanOrEqual(least)
    expect(reports(page)).toEqual([])
  })

  it('skips to the page by its first stop', async () => {
    const page = await site.open('/activity')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    await page.keyboard.press('Tab')
    expect((await stop(page))?.name).toMatch(/Previous span/)
  })
})

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

/** Goes to the first row of the page's table by its key, once it is there. */
async function toFirstRow(page: Page): Promise<void> {
  await page.locator('[role=row].row').first().waitFor()
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.role === 'row')
}

/** Browsers return the focus a moment after the key. */
const focusOn = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.activeElement?.textContent === wanted, text)

describe('by keys', () => {
  it('a table: rows, what is in them, and back to the row when its record closes', async () => {
    const page = await site.open('/activity')
    await toFirstRow(page)
    await page.keyboard.press('ArrowDown')
    const row = await focused(page)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('value')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('Filter it out')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement?.classList.contains('value'))
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect(await focused(page)).toBe(row)
    await page.keyboard.press('Enter')
    const record = page.getByLabel('The whole record')
    await record.waitFor()
    await record.getByRole('button').last().focus()
    await page.keyboard.press('Escape')
    await record.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.role)).toBe('row')
  })

  it('findings are ticked, closed with a reason, and the focus returns', async () => {
    const page = await site.open('/findings')
    await toFirstRow(page)
    await page.keyboard.press('Space')
    await page.getByText('1 chosen').waitFor()
    const close = page.getByRole('button', { name: 'Close…' })
    await close.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Close' }).waitFor()
    await page.keyboard.press('Escape')
    await focusOn(page, 'Close…')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await focusOn(page, 'Close…')
  })

  it('a chart is read, and zoomed, without a pointer', async () => {
    const page = await site.open('/')
    const chart = page.locator('.chart').getByRole('slider')
    await chart.focus()
    for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight'])
      await page.keyboard.press(key)
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/5 Jan, \d\d:00[\s\S]*calls/)
    await page.locator('.chart .chosen').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/t=2026-01-05/)
  })

  it('a calendar is read day by day', async () => {
    const page = await site.open('/sources')
    const grid = page.getByRole('grid', { name: 'Completeness by day' })
    await grid.getByRole('gridcell').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    expect(await page.locator('.calendar .told').innerText()).toMatch(/\d{4}-\d\d-\d\d: /)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-cell'))).toBe('1,1')
  })

  it.each([
    ['Control+k', 'Commands'],
    ['?', 'Keys'],
  ])('%s opens, closes, and gives the focus back', async (key, name) => {
    const page = await site.open('/sessions')
    await toFirstRow(page)
    const row = await focused(page)
    await page.keyboard.press(key)
    await page.getByRole('dialog', { name }).waitFor()
    await page.keyboard.press('Escape')
    await focusOn(page, row)
  })

  it('a span of time is typed, and the focus returns to its button', async () => {
    const page = await site.open('/activity')
    await page.locator('.time-range .btn[aria-haspopup]').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('2026-01-08 02:00..03:00')
    await page.keyboard.press('Enter')
    await page.waitForURL(/t=2026-01-08/)
    await settled(page)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-haspopup'))).toBe('dialog')
  })

  it('the menu of a narrow page opens with the focus in it, and Escape closes it', async () => {
    const page = await site.open('/sessions', { viewport: { width: 390, height: 844 } })
    await page.getByRole('button', { name: 'Pages' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.closest('nav') !== null)
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Pages')
  })

  it('Tab leaves the editor of SQL', async () => {
    const page = await site.open('/query')
    await page.locator('.cm-content').focus()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toMatch(/^Run/)
  })
})
