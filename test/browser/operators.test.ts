import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { APP_TYPE, appRecord } from '../e2e/app-type.ts'
import { freshFolder, loglake } from '../e2e/program.ts'
import { clean, fill, type Site, settled, siteOf } from './browser.ts'

// What those do who run the lake: look into every rejected record, and give findings to one another.

const REJECTED = 60
const lake = join(freshFolder(), 'lake')
const own = freshFolder()
let site: Site

const CONFIGURATION = `logtypes: ./logtypes
sources:
  missing: {type: folder, paths: [./nowhere]}
`

beforeAll(async () => {
  await fill(lake)
  const records = Array.from({ length: REJECTED }, (_, at) => ({
    eventVersion: '1.11',
    eventID: `without-time-${at}`,
  }))
  const logs = freshFolder()
  const name =
    'AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/08/111122223333_CloudTrail_us-east-1_20260108T0000Z_aaaaaaaaaaaaaaaa.json.gz'
  mkdirSync(dirname(join(logs, name)), { recursive: true })
  writeFileSync(join(logs, name), gzipSync(JSON.stringify({ Records: records })))
  await loglake(['ingest', logs, '--lake', lake])
  // What a type of their own knows was ingested before it was there.
  mkdirSync(join(own, 'logtypes/app_audit'), { recursive: true })
  writeFileSync(join(own, 'apps.json'), [1, 2, 3].map((n) => appRecord(n)).join('\n'))
  await loglake(['ingest', join(own, 'apps.json'), '--lake', lake])
  writeFileSync(join(own, 'logtypes/app_audit/logtype.yaml'), APP_TYPE)
  writeFileSync(join(own, 'loglake.yaml'), CONFIGURATION)
  site = await siteOf(lake, ['--config', join(own, 'loglake.yaml')])
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

it('every rejected record can be reached, and a list that is cut says so', async () => {
  const page = await site.open('/sources')
  const card = page.getByRole('region', { name: 'Rejected records' })
  const rows = card.getByRole('button', { expanded: false })
  expect(await rows.count()).toBe(50)
  await card.getByText('The newest 50 are shown, and there are more').waitFor()
  await clean(page)
  await card.getByRole('button', { name: 'Show more' }).click()
  await settled(page)
  // The samples have one, the app has three.
  expect(await rows.count()).toBe(REJECTED + 4)
  expect(await card.getByRole('button', { name: 'Show more' }).count()).toBe(0)
})

it('each source says what it failed of last, as text, and which object it read last', async () => {
  mkdirSync(join(lake, 'control/failed'), { recursive: true })
  const failure = '<img src=x onerror=alert(1)>\u202eno such\u001b[2J folder\n  way out: make it'
  writeFileSync(
    join(lake, 'control/failed/missing.json'),
    JSON.stringify({ at: '2026-02-01T10:00:00.000Z', failure }),
  )
  const page = await site.open('/sources')
  const card = page.getByRole('region', { name: 'Sources' })
  const named = (name: string) => card.locator('tr').filter({ has: page.getByText(name, { exact: true }) })
  const said = await named('missing').locator('+ tr').innerText()
  expect(said).toMatch(/^Last error\s*1 Feb, 10:00:00/)
  expect(said).toContain('<img src=x onerror=alert(1)>')
  expect(said).toMatch(/make it/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(said).not.toMatch(/[\u202e\u001b]/)
  const read = card.locator('tr').filter({ hasText: 'not in the configuration' }).first()
  expect(await read.innerText()).toContain('apps.json')
  expect(await read.locator('+ tr').innerText()).toContain('no log type knows')
  await clean(page)
})

it('an operator has rejects read again, and it is in the access log', async () => {
  const page = await site.open('/sources?code=unknown-log-type')
  const card = page.getByRole('region', { name: 'Rejected records' })
  await card.getByRole('button', { name: 'Replay this code…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Replay' })
  await dialog.getByText('3 of 3 rejected records can be stored now.').waitFor()
  await clean(page)
  await dialog.getByRole('button', { name: 'Replay 3' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('3 rejects replayed: 3 stored').waitFor()
  await card.getByText('No rejected records').waitFor()
  const span = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z'
  const { rows } = await (await page.request.get(`${site.url}/api/access-log?${span}`)).json()
  const replays = rows.filter(({ operation }: { operation: string }) => operation === 'rejects-replay')
  expect(replays.map(({ outcome, rows }: { outcome: string; rows: number }) => [outcome, rows])).toEqual([
    ['shown', 3],
    ['shown', 3],
  ])
})

it('whose role may not replay sees how it is done, and no button', async () => {
  const page = await site.open('/sources')
  await page.context().addCookies([{ name: 'look-as', value: 'analyst', url: site.url }])
  await page.reload()
  await settled(page)
  const card = page.getByRole('region', { name: 'Rejected records' })
  await card.getByText('loglake rejects replay').waitFor()
  expect(await card.getByRole('button', { name: /Replay/ }).count()).toBe(0)
  const answer = await page.request.post(`${site.url}/api/rejects-replay`, { data: {} })
  expect(answer.status()).toBe(403)
})

it('a finding is given to somebody else, and its history says by whom', async () => {
  const page = await site.open('/findings?t=all')
  await page.locator('[role=row].row').filter({ hasText: 'An account is explored' }).first().click()
  const finding = page.getByRole('complementary', { name: 'Finding' })
  await finding.getByRole('button', { name: 'Assign…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Assign' })
  await dialog.getByLabel('Who looks into it').fill('ana@example.com')
  await clean(page)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await finding.getByText('for ana@example.com').waitFor()
  expect(await finding.innerText()).toMatch(/Assignee\s+ana@example\.com/)
  expect(await finding.innerText()).toContain('taken')
})
