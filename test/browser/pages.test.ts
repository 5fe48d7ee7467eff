import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { agentTables } from '../../src/agent/tables.ts'
import { openLake } from '../../src/lake/lake.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { ASK_RUN, writeAskRuns } from '../api/ask-runs.ts'
import { freshFolder, loglake } from '../e2e/program.ts'
import { clean, fill, reports, type Site, settled, siteOf } from './browser.ts'

// Each page's main job, on the sample lake, with a real server and a real browser.

const lake = join(freshFolder(), 'lake')
let site: Site

beforeAll(async () => {
  await fill(lake)
  await writeAskRuns(openLake(localStorage(lake), agentTables))
  site = await siteOf(lake)
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

const rows = (page: Page) => page.locator('[role=row].row')

/** The session that a reviewer opens first: with output and refused calls. */
async function openGoran(view = ''): Promise<Page> {
  const page = await site.open('/sessions?order=risk')
  await rows(page).filter({ hasText: 'goran@example.com' }).filter({ hasText: 'BreakGlassAdmin' }).click()
  await page.waitForURL(/\/sessions\/[0-9a-f-]{36}/)
  if (view) await page.goto(`${page.url()}?view=${view}`)
  await settled(page)
  return page
}

describe('overview', () => {
  it('adds up the lake, and a drag on the chart chooses a span', async () => {
    const page = await site.open('/')
    await page.getByRole('link', { name: /Events/ }).waitFor()
    expect(await page.getByRole('link', { name: /Events/ }).innerText()).toContain('4,015')
    await clean(page)
    const chart = await page.locator('.chart .plot').boundingBox()
    if (!chart) throw new Error('there is no chart')
    await page.mouse.move(chart.x + chart.width * 0.3, chart.y + 40)
    await page.mouse.down()
    await page.mouse.move(chart.x + chart.width * 0.6, chart.y + 40, { steps: 4 })
    await page.mouse.up()
    await page.waitForURL(/t=2026-01-0\d/)
    await settled(page)
    await page.goBack()
    expect(page.url()).not.toContain('t=')
  })

  it('leads to the rows behind a number', async () => {
    const page = await site.open('/')
    await page.getByRole('link', { name: 'AccessDenied', exact: true }).click()
    await page.waitForURL(/\/activity\?.*q=errorcode:AccessDenied/)
    await page.getByRole('heading', { name: 'Activity', exact: true }).waitFor()
    await settled(page)
    expect(await rows(page).first().innerText()).toContain('AccessDenied')
  })
})

describe('session', () => {
  it('ties lines and calls by time, in both directions', async () => {
    const page = await openGoran()
    const call = page.getByRole('button', { name: /cloudtrail:StopLogging/ })
    await call.click()
    expect(await page.locator('.line.current').first().innerText()).toContain('stop-logging')
    await page.locator('.line', { hasText: 'create-user' }).click()
    expect(await page.locator('.line.current').innerText()).toContain('create-user')
    expect(await page.getByLabel('API calls').innerText()).toContain('AccessDenied')
    await clean(page)
  })

  it('plays on one clock, and skips what is idle', async () => {
    const page = await openGoran()
    const clock = () => page.locator('.player .mono').innerText()
    const before = await clock()
    await page.getByRole('button', { name: /^Speed/ }).click()
    await page.getByRole('button', { name: /^Play/ }).click()
    await page.waitForFunction(
      (text) => document.querySelector('.player .mono')?.textContent !== text,
      before,
    )
    await page.getByRole('button', { name: /^Pause/ }).click()
    const slider = page.getByRole('slider')
    await slider.focus()
    await slider.press('ArrowRight')
    expect(await clock()).not.toBe(before)
  })

  it('finds what was shown', async () => {
    const page = await openGoran()
    await page.keyboard.press('/')
    await page.keyboard.type('curl')
    expect(await page.locator('.terminal mark').first().innerText()).toBe('curl')
    expect(page.url()).toContain('find=curl')
    const all = await site.open('/sessions?find=drop.example.net')
    expect(await rows(all).first().innerText()).toContain('curl')
    await rows(all).first().click()
    await all.waitForURL(/\/sessions\/.*find=drop/)
  })

  it('shows the screen in our own rows, and raw output only when that is asked for', async () => {
    const page = await openGoran('screen')
    await page.locator('.screen .row').first().waitFor()
    await clean(page)
    await page.getByRole('button', { name: 'Raw', exact: true }).click()
    await page.getByRole('button', { name: /Show it/ }).click()
    await page.locator('.raw').waitFor()
    expect(await page.locator('.raw').innerText()).toMatch(/␍␊|␛|sh-5/)
    await clean(page)
  })

  it('says why a session shows nothing', async () => {
    const page = await site.open('/sessions')
    await rows(page).filter({ hasText: 'alice@example.com' }).click()
    await settled(page)
    expect(await page.getByLabel('Terminal').innerText()).toMatch(/No output was logged/)
    expect(await page.getByLabel('Terminal').innerText()).toMatch(/forwards a port/)
  })
})

describe('activity', () => {
  it('combines conditions, and opens a record beside the list', async () => {
    const page = await site.open('/activity')
    const field = page.getByRole('combobox', { name: 'Add a condition' })
    await field.fill('errorcode:AccessDenied')
    await field.press('Enter')
    await page.waitForURL(/q=errorcode:AccessDenied/)
    await settled(page)
    await field.fill('StopLogging')
    await field.press('Enter')
    await settled(page)
    expect(await rows(page).count()).toBe(1)
    await rows(page)
      .first()
      .click({ position: { x: 40, y: 8 } })
    const record = page.getByLabel('The whole record')
    await record.getByText('organisation-trail').first().waitFor()
    expect(page.url()).toMatch(/e=[0-9a-f-]{36}/)
    await clean(page)
    await page.keyboard.press('Escape')
    expect(await record.count()).toBe(0)
  })

  it('filters for and out by a value of a row', async () => {
    const page = await site.open('/activity')
    await rows(page).first().locator('button.value').nth(1).click()
    await page.getByRole('button', { name: 'Filter it out' }).click()
    await page.waitForURL(/q=-eventname:/)
  })

  it('tells a screen reader how many rows there are, and is gone through by keys', async () => {
    const page = await site.open('/activity')
    const grid = page.getByRole('grid', { name: 'API calls' })
    expect(await grid.getAttribute('aria-rowcount')).toBe('4016')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByLabel('The whole record').waitFor()
  })
})

describe('conversations', () => {
  it('shows a run as a conversation, with tools as cards', async () => {
    const page = await site.open('/conversations?only=tools')
    await rows(page).filter({ hasText: 'issue_refund' }).first().click()
    await page.waitForURL(/\/conversations\//)
    await settled(page)
    expect(await page.locator('.tool').first().innerText()).toMatch(/lookup_order|issue_refund/)
    expect(await page.locator('.message.user').first().innerText()).toMatch(/User/)
    await clean(page)
  })
})

describe('usage', () => {
  it('says what is unpriced, and exports every row', async () => {
    const page = await site.open('/usage?by=model&by=who')
    const text = await page.locator('.usage').innerText()
    expect(text).toMatch(/unpriced/)
    expect(text).not.toMatch(/\$0\.00(?!\d)/)
    await clean(page)
    await page.getByRole('button', { name: /Export all/ }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^CSV byte/ }).click(),
    ])
    expect(file.suggestedFilename()).toBe('usage.csv')
  })
})

describe('query', () => {
  it('answers, keeps the answer while one writes, and draws it', async () => {
    const page = await site.open(`/query?sql=${encodeURIComponent('select count(*) as n from cloudtrail')}`)
    await page.getByText('4015').first().waitFor()
    expect(await page.getByRole('status').first().innerText()).toMatch(/1 row · .* files read · lake/)
    await page.locator('.cm-content').click()
    await page.keyboard.press('End')
    await page.keyboard.type(' where errorcode is not null')
    expect(await page.getByRole('status').first().innerText()).toContain('of the previous query')
    // The list of completions would cover it.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Enter')
    await page.waitForFunction(() => !document.body.innerText.includes('of the previous query'))
    await clean(page)
  })

  it('takes what is typed over a selection, without a report of the browser', async () => {
    const page = await site.open(`/query?sql=${encodeURIComponent("select 'a text' as n")}`)
    const editor = page.locator('.cm-content')
    await editor.click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('select 40 + 2 as typed')
    await page.keyboard.press('Escape')
    expect(await editor.innerText()).toBe('select 40 + 2 as typed')
    // Brackets close around a selection.
    await page.keyboard.press('Shift+Home')
    await page.keyboard.type('(')
    expect(await editor.innerText()).toBe('(select 40 + 2 as typed)')
    expect(reports(page)).toEqual([])
  })

  it('says where SQL is wrong', async () => {
    const page = await site.open(`/query?sql=${encodeURIComponent('select nothing from cloudtrail')}`)
    expect(await page.getByRole('alert').innerText()).toMatch(/nothing/)
  })
})

describe.each([
  '/ask',
  '/find?find=goran@example.com',
  '/sources',
  '/doctor',
  '/settings',
  '/access',
  '/sessions',
  '/sign-in',
  '/findings',
  '/findings?state=suppressed',
  '/digest',
  `/asked/${ASK_RUN}`,
  '/sessions?kind=ask',
  '/period',
  '/reviews',
])('%s', (path) => {
  it.each(['light', 'dark'] as const)('is clean in %s', async (colorScheme) => {
    const page = await site.open(path, { colorScheme })
    await clean(page)
  })
})

it('shows a line of the digest with its events', async () => {
  const page = await site.open('/digest')
  const pane = page.getByRole('region', { name: 'Refused' })
  await pane
    .getByRole('button', { name: /^Event/ })
    .first()
    .click()
  await page.getByText('errorcode').first().waitFor()
})

it('leads from the sessions to a question that loglake answered, with its steps', async () => {
  const page = await site.open('/sessions?kind=ask')
  await rows(page).filter({ hasText: 'goran@example.com' }).click()
  await page.waitForURL(`**/asked/${ASK_RUN}`)
  await page.getByText('run_sql').waitFor()
  expect(await page.getByRole('list', { name: 'Steps' }).innerText()).toContain('refused')
})

describe('everywhere', () => {
  it('goes to pages by keys, which can be switched off', async () => {
    const page = await site.open('/settings')
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.waitForURL(/\/usage/)
    await page.goto(`${site.url}/settings`)
    await page.getByRole('group', { name: 'Single-key shortcuts' }).getByText('Off').click()
    await page.locator('h1').first().click()
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Commands' }).waitFor()
    expect(page.url()).toMatch(/\/settings$/)
  })

  it('shows times on one clock, and the theme that was chosen after a reload', async () => {
    const page = await site.open('/settings', { timezoneId: 'Asia/Tokyo' })
    await page.getByRole('button', { name: 'Dark' }).click()
    await page.getByRole('button', { name: /^Local/ }).click()
    await page.goto(`${site.url}/sessions`)
    await settled(page)
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    expect(await page.locator('.time-range').innerText()).toContain('UTC+9')
    expect(await rows(page).filter({ hasText: 'BreakGlassAdmin' }).first().innerText()).toContain('Thu 11:17')
  })

  it.each([
    '/',
    '/ask',
    '/find?find=goran@example.com',
    '/sessions',
    '/reviews',
    '/activity',
    '/usage',
    '/sources',
    '/conversations',
    '/digest',
    `/asked/${ASK_RUN}`,
  ])('does not scroll sideways at 390 px: %s', async (path) => {
    const page = await site.open(path, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await clean(page)
  })
})

// The last test: verifying digests adds a version.
it('sources: what CloudTrail’s digests prove, by day', async () => {
  // The samples have one digest, of their last days: the check reports the unproved ones, and fails.
  expect((await loglake(['verify', '--cloudtrail', '--lake', lake])).code).toBe(1)
  const page = await site.open('/sources')
  const card = page.locator('.digests')
  await card.getByRole('heading').waitFor()
  expect(await card.locator('small').innerText()).toMatch(/^[\d.]+ %: \d+ of \d+ files?/)
  expect(await card.locator('i.gap').count()).toBeGreaterThan(0)
  // Days after the last digest are not proved: they wait.
  expect(await card.locator('i.arriving').count()).toBeGreaterThan(0)
  expect(await card.locator('i.gap').first().getAttribute('title')).toMatch(/^2026-01-\d\d: [\d.]+ %/)
  await clean(page)
})
