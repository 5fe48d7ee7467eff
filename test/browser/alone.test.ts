import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ALL_SAMPLES, freshFolder } from '../e2e/program.ts'
import { clean, fill, type Site, siteOf } from './browser.ts'

// Lakes of one kind of logs: each page says what is missing, and where the rows are that the lake does have.

const PAGES = [
  '/',
  '/sessions',
  '/conversations',
  '/activity',
  '/findings',
  '/usage',
  '/query',
  '/sources',
  '/period',
  '/access',
  '/ask',
  '/settings',
]

const KINDS = [
  ['session_log', ['session-logs']],
  ['guardduty_finding', ['findings']],
  ['cloudwatch_metric', ['metrics']],
  ['sagemaker_invocation', ['endpoint-captures', 'events']],
] as const

let site: Site | undefined
afterAll(() => site?.close())

describe.each(KINDS)('a lake of %s alone', (table, folders) => {
  it('has no page that fails, or counts nonsense', async () => {
    const folder = freshFolder()
    for (const one of folders) cpSync(join(ALL_SAMPLES, one), join(folder, 'logs', one), { recursive: true })
    await fill(join(folder, 'lake'), join(folder, 'logs'))
    await site?.close()
    site = await siteOf(join(folder, 'lake'))
    for (const path of PAGES) {
      const page = await site.open(path, { colorScheme: PAGES.indexOf(path) % 2 ? 'dark' : 'light' })
      const text = await page.locator('main').innerText()
      expect({ path, text }).not.toEqual({ path, text: expect.stringMatching(/NaN|Infinity|undefined|null/) })
      expect(await page.locator('.state[role=alert]').count()).toBe(0)
      if (path === '/activity' || path === '/conversations' || (path === '/' && !/sagemaker/.test(table)))
        expect(text).toMatch(new RegExp(`yet[^]*The lake has [^]*rows? of ${table}`))
      if (path === '/query') await page.locator('.cm-content', { hasText: `from ${table}` }).waitFor()
      await clean(page)
      await site.closePages()
    }
    if (table === 'session_log') {
      const page = await site.open('/sessions')
      await page.locator('[role=row].row').first().waitFor()
    }
  })
})
