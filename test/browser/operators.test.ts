import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { freshFolder, loglake } from '../e2e/program.ts'
import { clean, fill, type Site, settled, siteOf } from './browser.ts'

// What those do who run the lake: look into every rejected record, and give findings to one another.

const REJECTED = 60
const lake = join(freshFolder(), 'lake')
let site: Site

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
  site = await siteOf(lake)
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
  // The samples have one.
  expect(await rows.count()).toBe(REJECTED + 1)
  expect(await card.getByRole('button', { name: 'Show more' }).count()).toBe(0)
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
