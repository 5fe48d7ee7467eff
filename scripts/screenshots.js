// Takes pictures of the pages of a running server:
// node scripts/screenshots.js http://127.0.0.1:8600 [FOLDER] [WHICH]
// WHICH is `all`, for every page in light, in dark and at the width of a phone, or names with commas. By
// default it is the pictures of the docs; take `session`, `reviews` and `period` as a manager (`serve --as`).
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [server, folder = 'docs/images', which] = process.argv.slice(2)
if (!server) throw new Error('name the server: node scripts/screenshots.js http://127.0.0.1:8600')

/** Ids differ between sample lakes, so pages are found by their content. */
async function idOf(operation, choose) {
  const search = new URLSearchParams({
    from: '1970-01-01T00:00:00Z',
    to: '2100-01-01T00:00:00Z',
    limit: '500',
  })
  const answer = await fetch(`${server}/api/${operation}?${search}`)
  if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`)
  const { rows } = await answer.json()
  return (rows.find(choose) ?? rows[0])?.id
}

const session = await idOf(
  'sessions',
  ({ acting_as, output_lines }) => /BreakGlass/.test(acting_as ?? '') && output_lines > 20,
)
const conversation = await idOf(
  'conversations',
  ({ tools }) => tools.includes('issue_refund') || tools.length > 2,
)

const CALLS = `select eventname, count(*) as calls, count(errorcode) as refused
from cloudtrail
group by all
order by calls desc`

const PAGES = [
  { name: 'overview', path: '/', docs: ['light', 'dark', 'phone'] },
  { name: 'ask', path: '/ask?q=Who%20was%20denied%20access%3F', docs: [], do: askIt },
  { name: 'find', path: '/find?find=goran%40example.com', docs: [] },
  { name: 'digest', path: '/digest', docs: [] },
  { name: 'reviews', path: '/reviews?state=open', docs: ['light', 'phone'] },
  { name: 'stand-ins', path: '/reviews?state=open', docs: ['light'], do: openStandIns },
  { name: 'session', path: `/sessions/${session}`, docs: ['light', 'dark', 'phone'], do: lookAtRefusal },
  { name: 'screen', path: `/sessions/${session}?view=screen`, docs: [] },
  { name: 'sessions', path: '/sessions', docs: [] },
  { name: 'conversations', path: '/conversations?only=tools', docs: [] },
  { name: 'conversation', path: `/conversations/${conversation}`, docs: ['light', 'dark'] },
  { name: 'activity', path: '/activity?q=errorcode:*', docs: ['light', 'dark'], do: openFirst },
  { name: 'findings', path: '/findings', docs: ['light'], do: openFirst },
  { name: 'usage', path: '/usage?by=team&by=model', docs: ['light'] },
  {
    name: 'query',
    path: `/query?sql=${encodeURIComponent(CALLS)}`,
    docs: ['light'],
  },
  { name: 'sources', path: '/sources', docs: ['light'] },
  { name: 'doctor', path: '/doctor', docs: [] },
  { name: 'period', path: '/period', docs: ['light'] },
  { name: 'access', path: '/access', docs: [] },
  { name: 'settings', path: '/settings', docs: [] },
  { name: 'sign-in', path: '/sign-in', docs: [] },
]
const LOOKS = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  phone: {
    viewport: { width: 390, height: 844 },
    colorScheme: 'light',
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  },
}

async function askIt(page) {
  await page.locator('textarea').press('Enter')
  await page.locator('.answered').waitFor()
}

async function lookAtRefusal(page, look) {
  if (look === 'phone') return
  const refused = page.locator('.call', { has: page.locator('.tag.red') }).first()
  if (await refused.isVisible()) await refused.click()
  // The details would cover the other calls.
  await page.keyboard.press('Escape')
}

/** Only a manager's page has this button. */
async function openStandIns(page) {
  const button = page.getByRole('button', { name: 'Stand-ins…' })
  if (await button.isVisible()) await button.click()
}

async function openFirst(page, look) {
  if (look === 'phone') return
  const row = page.locator('[role=row].row').nth(2)
  if (await row.isVisible()) await row.click({ position: { x: 60, y: 8 } })
}

mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
for (const [look, options] of Object.entries(LOOKS)) {
  const context = await browser.newContext({
    ...options,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  })
  for (const { name, path, docs, do: act } of PAGES) {
    if (which !== 'all' && !(docs.includes(look) && (!which || which.split(',').includes(name)))) continue
    const page = await context.newPage()
    // A stream that goes on for ever: the network would never be idle.
    await page.route('**/api/new-versions*', (route) => route.fulfill({ status: 204 }))
    page.setDefaultTimeout(120_000)
    page.setDefaultNavigationTimeout(120_000)
    page.on('pageerror', (error) => console.error(`${name} ${look}: ${error.message}`))
    page.on('console', (line) => line.type() === 'error' && console.error(`${name} ${look}: ${line.text()}`))
    await page.goto(server + path, { waitUntil: 'networkidle' })
    await page
      .locator('.skeleton')
      .first()
      .waitFor({ state: 'detached', timeout: 20_000 })
      .catch(() => {})
    await act?.(page, look)
    await page.waitForLoadState('networkidle')
    await page
      .locator('.skeleton')
      .first()
      .waitFor({ state: 'detached' })
      .catch(() => {})
    await page.mouse.move(0, 0)
    await page.waitForTimeout(300)
    const file = join(folder, `${name}-${look}.png`)
    await page.screenshot({ path: file })
    // Cuts the size to a third, where pngquant is installed; the pictures have few colours.
    spawnSync('pngquant', ['--force', '--skip-if-larger', '--output', file, '128', file])
    await page.close()
  }
  await context.close()
}
await browser.close()
