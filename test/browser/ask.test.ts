import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { freshFolder } from '../e2e/program.ts'
import { clean, fill, type Site, settled, siteOf } from './browser.ts'

// The page Ask on the sample lake: without a model, and with a model's answer in place of the server's.

const lake = join(freshFolder(), 'lake')
let site: Site
beforeAll(async () => {
  await fill(lake)
  site = await siteOf(lake)
})
afterEach(() => site?.closePages())
afterAll(() => site?.close())

it('answers by a named question, whose SQL opens in Query', async () => {
  const page = await site.open('/ask')
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
  await page.keyboard.type('Who was denied access?')
  await page.keyboard.press('Enter')
  const answer = page.getByRole('article', { name: 'Answer' })
  await answer.waitFor()
  expect(await answer.innerText()).toContain('without a model')
  expect(await answer.locator('tbody tr').count()).toBeGreaterThan(5)
  expect(page.url()).toContain('/ask?q=')
  await answer.getByRole('button', { name: 'SQL', exact: true }).click()
  expect(await answer.locator('.sql .scrolled').innerText()).toContain('from cloudtrail')
  await clean(page)
  await answer.getByRole('link', { name: 'Open in Query' }).click()
  await page.waitForURL(/\/query\?sql=/)
  await page.getByRole('heading', { name: 'Query', exact: true }).waitFor()
  await settled(page)
  expect(await page.getByRole('status').innerText()).toContain('rows')
})

it('a link asks nothing by itself', async () => {
  const page = await site.open('/ask?q=Who%20was%20denied%20access%3F')
  expect(await page.getByRole('textbox', { name: 'Question' }).inputValue()).toBe('Who was denied access?')
  expect(await page.getByRole('article').count()).toBe(0)
})

const EVENT = 'select eventid, eventname from cloudtrail order by eventtime limit 2'
it('shows what a model said, strikes out what does not hold, and opens the rows', async () => {
  const asked = await fetch(`${site.url}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql: EVENT }),
  })
  const { columns, rows, version } = (await asked.json()) as {
    columns: unknown
    rows: unknown[][]
    version: number
  }
  const result = {
    ...{ id: 'r1', kind: 'sql', name: null, title: 'Two calls', parameters: {}, since: null, until: null },
    ...{ sql: EVENT, version, columns, rows, more: false, keys: ['eventid'], flagged: [] },
  }
  const claim = (text: string, verdict: string, cited: number[]) => ({
    ...{ text, template: text, evidence: [{ result: 'r1', rows: cited }], verdict, why: 'as its rows say' },
  })
  const answer = {
    ...{ run: 'x', question: 'q', mode: 'model', trusted: false, version, results: [result] },
    now: { time: '2026-01-09T23:50:00Z', source: 'clock', note: '' },
    claims: [claim('Two calls came first.', 'holds', [2]), claim('There were 99.', 'struck out', [])],
    nearest: [],
    suggestions: ['Who called <img src=x onerror=alert(1)>?'],
    notes: [],
    cost: {
      ...{ model: 'test/model', turns: 1, statements: 1, input_tokens: 10, output_tokens: 5 },
      ...{ estimated: false, usd: 0.01, seconds: 1, ended: 'answered' },
    },
  }
  const page = await site.open('/ask')
  await page.route('**/api/ask', (route) =>
    route.fulfill({
      contentType: 'application/x-ndjson',
      body: `${JSON.stringify({ kind: 'progress', step: 'running', text: 'running a statement', sql: EVENT })}\n${JSON.stringify({ kind: 'answer', answer })}\n`,
    }),
  )
  await page.keyboard.type('What came first?')
  await page.keyboard.press('Enter')
  await page.getByRole('article', { name: 'Answer' }).waitFor()
  expect(await page.locator('.claims del').innerText()).toBe('There were 99.')
  await page.getByRole('button', { name: 'r1, row 2' }).click()
  expect(await page.locator('tr.cited td').first().innerText()).toBe('2')
  await page.getByText('1 step', { exact: true }).click()
  expect(await page.locator('.steps pre').innerText()).toBe(EVENT)
  await clean(page)
  await page.getByRole('button', { name: 'Open the record of row 2' }).click()
  await settled(page)
  expect(await page.getByLabel('The whole record').innerText()).toContain(String(rows[1]?.[0]))
})

it('tells why there is no answer, and asks again', async () => {
  const page = await site.open('/ask', { colorScheme: 'dark' })
  await page.route('**/api/ask', (route) =>
    route.fulfill({
      contentType: 'application/x-ndjson',
      body: `${JSON.stringify({ kind: 'error', detail: 'The model is away.' })}\n`,
    }),
  )
  await page.keyboard.type('What came first?')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').innerText()).toContain('The model is away.')
  await clean(page)
  await page.unroute('**/api/ask')
  await page.getByRole('button', { name: 'Ask again' }).click()
  await page.getByRole('article', { name: 'Answer' }).waitFor()
})
