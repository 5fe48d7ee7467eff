import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { freshFolder, SAMPLES } from '../e2e/program.ts'
import { clean, fill, type Site, settled, siteOf } from './browser.ts'

// The named questions read logs, and auditors see none: an empty answer would say that nothing happened.

const lake = join(freshFolder(), 'lake')
let site: Site

beforeAll(async () => {
  await fill(lake, SAMPLES)
  site = await siteOf(lake, ['--as', 'auditor:ana@example.com'])
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

it.each(['light', 'dark'] as const)(
  'tells an auditor why no question is named, in %s',
  async (colorScheme) => {
    const page = await site.open('/query', { colorScheme })
    await page.getByRole('button', { name: 'Named', exact: true }).click()
    await page.getByText('No named question is for your role').waitFor()
    await settled(page)
    expect(await page.locator('.side').innerText()).toMatch(/read logs, which your role does not show/)
    await page.getByRole('button', { name: 'Tables', exact: true }).click()
    const tables = page.locator('.side summary')
    expect((await tables.allInnerTexts()).map((text) => text.trim())).toEqual([
      'access_log',
      'review',
      'review_notice',
    ])
    await clean(page)
  },
)

it('refuses a named question of an auditor in words, in place of an answer without rows', async () => {
  const answer = await fetch(`${site.url}/api/named`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'top-callers', parameters: {} }),
  })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('which the role auditor does not show')
})
