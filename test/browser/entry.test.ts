import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../e2e/program.ts'
import { clean, fill, type Site, settled, siteOf } from './browser.ts'

/** The provider's own page asks for a font. */
const THEIRS = /fonts\.googleapis\.com/

// Getting in: what each role is shown of every page, and signing in, out, and in again when a session ends.

const folder = freshFolder()
const lake = join(folder, 'lake')
const people = fileURLToPath(new URL('../../samples/people.csv', import.meta.url))

beforeAll(() => fill(lake))

const PAGES = [
  '/',
  '/ask',
  '/find?find=goran@example.com',
  '/questions',
  '/reviews',
  '/sessions',
  '/sessions/x',
]
const MORE = ['/conversations', '/conversations/x', '/asked/x', '/activity', '/activity?e=x', '/digest']
const LAST = [
  '/findings',
  '/findings?f=x',
  '/usage',
  '/query',
  '/sources',
  '/doctor',
  '/period',
  '/access',
  '/settings',
]

describe('in each role', () => {
  let site: Site
  beforeAll(async () => {
    site = await siteOf(lake, ['--people', people])
  })
  afterEach(() => site?.closePages())
  afterAll(() => site?.close())

  async function openAs(role: string): Promise<{ page: Page; refused: string[] }> {
    const page = await site.open('/sign-in')
    await page.context().addCookies([{ name: 'look-as', value: encodeURIComponent(role), url: site.url }])
    const refused: string[] = []
    page.on('response', (answer) => answer.status() === 403 && refused.push(answer.url()))
    return { page, refused }
  }

  it.each(['operator', 'analyst', 'manager:dalia@example.com', 'auditor', 'asked:goran@example.com'])(
    '%s: each page is shown, or says that it is not, and asks for nothing that is refused',
    async (role) => {
      const { page, refused } = await openAs(role)
      for (const path of [...PAGES, ...MORE, ...LAST]) {
        await page.goto(site.url + path)
        await settled(page)
        const text = await page.locator('main').innerText()
        expect([path, text.length > 40]).toEqual([path, true])
        if (/Your role does not show this/.test(text))
          expect([path, text]).toEqual([path, expect.stringMatching(/assign roles[\s\S]*Go to/)])
        expect([path, refused]).toEqual([path, []])
      }
    },
  )

  it('begins where there is something to see', async () => {
    for (const [role, path] of [
      ['auditor', '/period'],
      ['asked:goran@example.com', '/questions'],
      ['analyst', '/'],
    ] as const) {
      const { page } = await openAs(role)
      await page.goto(site.url)
      await page.waitForURL(site.url + path)
      await settled(page)
      await clean(page)
    }
  })

  it('a person who is asked about a session sees its facts and the question, and answers', async () => {
    const { page: manager } = await openAs('manager:dalia@example.com')
    await manager.goto(`${site.url}/reviews?order=risk`)
    const rows = manager.locator('[role=row].row')
    await rows.filter({ hasText: 'goran@example.com' }).filter({ hasText: 'BreakGlassAdmin' }).click()
    await manager.getByRole('button', { name: 'Ask goran…' }).click()
    await manager.getByLabel('Your question').fill('Which incident was this?')
    await manager.getByRole('button', { name: 'Send the question' }).click()
    await manager.getByText('Asked: “Which incident was this?”').waitFor()

    const { page } = await openAs('asked:goran@example.com')
    await page.goto(site.url)
    const card = page.getByRole('region', { name: 'Question of dalia@example.com' })
    await card.getByText('Which incident was this?').waitFor()
    expect(await card.innerText()).toMatch(/8 Jan 2026, 02:17[\s\S]*i-[0-9a-f]+/)
    await clean(page)
    await card.getByLabel('Your answer').fill('INC-4471.')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await card.getByText('You answered').waitFor()
    await manager.reload()
    await manager.getByText('“INC-4471.”').waitFor()
  })
})

describe('with sign-in', () => {
  let provider: ChildProcess
  let site: Site
  let away: Site
  beforeAll(async () => {
    const port = await freePort()
    provider = spawn(process.execPath, [
      fileURLToPath(new URL('../server/provider.mjs', import.meta.url)),
      `http://127.0.0.1:${port}/auth/callback`,
    ])
    const [issuer] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    const open = (name: string, at: number, who: string) => {
      const file = join(folder, `${name}.yaml`)
      const oidc = {
        issuer: who,
        client_id: 'loglake',
        client_secret: 'a secret of the test, long enough',
        roles_claim: 'realm_access.roles',
        insecure: true,
      }
      const roles = { operator: ['operators'], manager: ['managers'] }
      const serve = {
        url: `http://127.0.0.1:${at}`,
        sign_in: 'oidc',
        oidc,
        roles,
        access_log: join(folder, name),
      }
      // JSON is YAML.
      writeFileSync(file, JSON.stringify({ serve, review: { people } }))
      return siteOf(lake, ['--config', file, '--port', String(at)])
    }
    site = await open('here', port, issuer.toString().trim())
    away = await open('away', await freePort(), `http://127.0.0.1:${await freePort()}`)
  })
  afterEach(async () => {
    await site?.closePages()
    await away?.closePages()
  })
  afterAll(async () => {
    provider?.kill()
    await site?.close()
    await away?.close()
  })

  /** At the provider, whose own page is not ours to check. */
  async function signIn(page: Page, name: string): Promise<void> {
    await page.getByRole('link', { name: 'Continue with your organisation' }).click()
    await page.locator('input[name=login]').fill(name)
    await page.locator('input[name=password]').fill('x')
    await page.locator('button[type=submit]').click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(`${site.url}/**`)
    await settled(page)
  }

  it('comes back to the page that was opened, and signs out again', async () => {
    const page = await site.open('/sessions?kind=run')
    await clean(page, THEIRS)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await settled(page)
    await clean(page, THEIRS)
    await signIn(page, 'dalia')
    expect(page.url()).toBe(`${site.url}/sessions?kind=run`)
    await page.goto(`${site.url}/settings`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out').waitFor()
    await page.goto(site.url)
    await page.getByText('You are not signed in').waitFor()
  })

  it('says what went wrong, and how to go on', async () => {
    const page = await site.open('/auth/callback?code=x&state=y')
    expect(await page.getByRole('alert').innerText()).toContain('Begin again here')
    await clean(page, THEIRS)
    await signIn(page, 'mallory')
    expect(await page.locator('main').innerText()).toMatch(
      /no role[\s\S]*mallory@example.com[\s\S]*serve.roles/,
    )
    await clean(page, THEIRS)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out').waitFor()
    const other = await away.open('/sign-in')
    await other.getByRole('link', { name: /Continue/ }).click()
    expect(await other.getByRole('alert').innerText()).toContain('does not answer')
    await clean(other, THEIRS)
  })

  it('a session that ends takes nothing that was written', async () => {
    const page = await site.open('/sign-in?to=/reviews?order=risk')
    await signIn(page, 'dalia')
    await page.locator('[role=row].row').filter({ hasText: 'goran' }).nth(1).click()
    await page.getByRole('radio', { name: 'Deny' }).click()
    await page.getByLabel('Reason').fill('Not part of the incident.')
    await page.context().clearCookies()
    await page.getByRole('button', { name: /Record decision/ }).click()
    const decision = page.getByRole('region', { name: 'Your decision' })
    await decision.getByText('Your session has ended').waitFor()
    await clean(page, THEIRS)
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      decision.getByRole('link', { name: 'Sign in in a new tab' }).click(),
    ])
    await signIn(tab, 'dalia')
    await tab.getByText('Close this tab').waitFor()
    await tab.close()
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await page.locator('.signed-out').waitFor({ state: 'detached' })
    expect(await page.getByLabel('Reason').inputValue()).toBe('Not part of the incident.')
    await page.getByRole('button', { name: /Record decision/ }).click()
    await decision.getByText('Denied', { exact: true }).waitFor()
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
