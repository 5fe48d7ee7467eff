import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../e2e/program.ts'
import { fill, reports, type Site, siteOf } from './browser.ts'

// Ten thousand calls, a prompt of a megabyte and fifty megabytes of output open like small ones: the elements
// of a page, the bytes of an answer and the length of a task are bounded.

const CALLS = 10_000
/** What the page Activity lists of the day before. */
const EVENTS = 100_000
const DAY_MS = 86_400_000
const START = '0a1b2c3d-0000-4000-8000-000000000001'
const SMALL = '0a1b2c3d-0000-4000-8000-000000000002'
const SESSION = '0a1b2c3d4e5f60718'
const SMALL_SESSION = '0a1b2c3d4e5f60719'
/** Streamed pieces, each of a hundred lines of a hundred characters. */
const PIECES = 5_000
const LINE = 'x'.repeat(99)
const first = Date.parse('2026-01-07T00:00:00Z')
const at = (ms: number) => new Date(first + ms).toISOString().replace(/\.\d+Z$/, 'Z')

const folder = freshFolder()
const lake = join(folder, 'lake')
let site: Site

function started(id: string, session: string) {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:x',
      arn: 'arn:aws:sts::111122223333:assumed-role/Admin/goran@example.com',
      accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
      sessionContext: { sourceIdentity: 'goran@example.com' },
    },
    eventTime: at(0),
    eventSource: 'ssm.amazonaws.com',
    eventName: 'StartSession',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.7',
    eventID: id,
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    requestParameters: { target: 'i-0123456789abcdef0' },
    responseElements: { sessionId: `goran-${session}` },
  }
}

/** Events of another day than the rest, four each second. */
function event(n: number) {
  const { responseElements: _, ...rest } = started(
    `e1a1b2c3-0000-4000-8000-${String(n).padStart(12, '0')}`,
    '',
  )
  return {
    ...rest,
    eventTime: new Date(first - DAY_MS + Math.floor(n / 4) * 1000).toISOString().replace('.000Z', 'Z'),
    eventSource: 's3.amazonaws.com',
    eventName: n % 10 === 0 ? 'PutObject' : 'GetObject',
    requestParameters: { bucketName: 'example-bucket', key: `folder/${n}` },
  }
}

/** A subscription's document, as CloudWatch Logs delivers it. */
function output(session: string, from: number, to: number): object {
  const events = Array.from({ length: to - from }, (_, n) => {
    const piece = from + n
    return {
      id: `${session}-${piece}`,
      timestamp: first + piece * 1000,
      message: JSON.stringify({
        eventVersion: '1.0',
        eventTime: at(piece * 1000),
        awsRegion: 'us-east-1',
        target: { id: 'i-0123456789abcdef0' },
        userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/Admin/goran@example.com' },
        runAsUser: 'ssm-user',
        sessionId: `goran-${session}`,
        sessionData: Array.from({ length: 100 }, (_, line) => `${piece}.${line} ${LINE}`),
      }),
    }
  })
  return {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/aws/ssm/sessions',
    logStream: `goran-${session}`,
    subscriptionFilters: ['all'],
    logEvents: events,
  }
}

function call(run: string, n: number, text: string): object {
  const id = `${run === 'much' ? '1' : '2'}a1b2c3d-0000-4000-8000-${String(n).padStart(12, '0')}`
  // Every call begins with the same message, which makes them one conversation, and has the last messages of
  // the history.
  const said = [
    { role: 'user', content: [{ text: `begin ${run}` }] },
    ...(n === 0
      ? []
      : [
          { role: 'assistant', content: [{ text: `answer ${n - 1}` }] },
          { role: 'user', content: [{ text }] },
        ]),
  ]
  return {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: at(n * 1000),
    accountId: '111122223333',
    region: 'us-east-1',
    requestId: id,
    operation: 'Converse',
    modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    identity: { arn: `arn:aws:sts::111122223333:assumed-role/Agent/${run}` },
    input: { inputContentType: 'application/json', inputBodyJson: { messages: said }, inputTokenCount: 10 },
    output: {
      outputContentType: 'application/json',
      outputBodyJson: {
        output: {
          message: {
            role: 'assistant',
            content: [
              { text: `answer ${n}` },
              { toolUse: { toolUseId: `t${n}`, name: 'look', input: { n } } },
            ],
          },
        },
        stopReason: 'tool_use',
        usage: { inputTokens: 10, outputTokens: 5 },
      },
      outputTokenCount: 5,
    },
  }
}

beforeAll(async () => {
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  const write = (name: string, value: unknown) =>
    writeFileSync(
      join(logs, `${name}.gz`),
      gzipSync(typeof value === 'string' ? value : JSON.stringify(value), { level: 1 }),
    )
  for (let from = 0; from < EVENTS; from += 10_000)
    write(`events-${from}.json`, { Records: Array.from({ length: 10_000 }, (_, n) => event(from + n)) })
  write('trail.json', { Records: [started(START, SESSION), started(SMALL, SMALL_SESSION)] })
  for (let from = 0; from < PIECES; from += 500)
    write(`session-${from}.json`, output(SESSION, from, from + 500))
  write('session-small.json', output(SMALL_SESSION, 0, 2))
  const much = Array.from({ length: CALLS }, (_, n) =>
    call('much', n, n === 1 ? `megabyte ${'word '.repeat(210_000)}` : `question ${n}`),
  )
  write(
    'bedrock.json',
    [...much, call('little', 0, 'a question')].map((one) => JSON.stringify(one)).join('\n'),
  )
  await fill(lake, logs)
  site = await siteOf(lake)
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

interface Weighed {
  nodes: number
  /** Seconds of processor time of the tasks, as the browser counts them. */
  tasks: number
  largest: number
  answers: number
}

/** Opens a page, runs `work`, and returns the cost. */
async function weighed(path: string, work: (page: Page) => Promise<void>): Promise<Weighed> {
  const page = await site.open('/settings')
  let [largest, answers] = [0, 0]
  const read: Promise<void>[] = []
  page.on('response', (response) => {
    if (!response.url().includes('/api/')) return
    // The stream of new versions ends with its page, never before.
    if (response.headers()['content-type']?.startsWith('text/event-stream')) return
    answers++
    read.push(
      response.body().then(
        (body) => {
          largest = Math.max(largest, body.length)
        },
        () => undefined,
      ),
    )
  })
  const browser = await page.context().newCDPSession(page)
  await browser.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(`${site.url}${path}`)
  await work(page)
  await Promise.all(read)
  const { metrics } = await browser.send('Performance.getMetrics')
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN
  expect(reports(page)).toEqual([])
  return {
    nodes: await page.evaluate(() => document.querySelectorAll('*').length),
    tasks: metric('TaskDuration'),
    largest,
    answers,
  }
}

/** Scrolls a list to its end until `reached` is more than `bound`: again and again, since rows that come move the end. */
async function scrolledBeyond(page: Page, list: string, bound: number, reached: () => Promise<number>) {
  const scrolled = async () => {
    await page.locator(list).evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
    return reached()
  }
  await expect.poll(scrolled, { timeout: 120_000, interval: 250 }).toBeGreaterThan(bound)
}

describe('a conversation of 10,000 calls, with a prompt of a megabyte', () => {
  const open = (run: string) => `/conversations/${run}a1b2c3d-0000-4000-8000-000000000000`
  it('opens as a small one does, and goes on as one scrolls', async () => {
    const read = async (page: Page) => void (await page.getByText('answer 0').first().waitFor())
    const small = await weighed(open('2'), read)
    const opened = await weighed(open('1'), read)
    const scrolled = await weighed(open('1'), async (page) => {
      await read(page)
      expect(await page.locator('.facts').innerText()).toContain('10,000')
      expect(await page.locator('.thread').innerText()).toMatch(/first 1,500 of 1,050,009 characters/)
      // The visible part is far beyond the first loaded page.
      const last = () =>
        page
          .locator('.thread')
          .evaluate((thread) =>
            Math.max(
              ...[...(thread as HTMLElement).innerText.matchAll(/answer (\d+)/g)].map(([, n]) => Number(n)),
            ),
          )
      await scrolledBeyond(page, '.thread', 60, last)
    })
    for (const { nodes, largest } of [opened, scrolled]) {
      expect(nodes).toBeLessThan(1_500)
      expect(largest).toBeLessThan(500_000)
    }
    // Invisible rows cost nothing: the page works as long as one of a single call, plus some rows.
    expect(opened.tasks).toBeLessThan(small.tasks * 3 + 0.3)
  })
})

describe('a session of 50 MB of output', () => {
  it('opens as a small one does, says how much of it is here, and goes on as one scrolls', async () => {
    const read = async (page: Page) => void (await page.getByText('0.0 xxx').first().waitFor())
    const small = await weighed(`/sessions/${SMALL}`, read)
    const opened = await weighed(`/sessions/${START}`, async (page) => {
      await read(page)
      await page.getByText(/The first [\d,]+ of 500,000 lines are here/).waitFor()
    })
    expect(opened.nodes).toBeLessThan(2_000)
    expect(opened.largest).toBeLessThan(3_000_000)
    expect(opened.answers).toBeLessThan(small.answers + 10)
    const page = await site.open(`/sessions/${START}`)
    const loaded = async () => {
      const text = await page.getByText(/The first [\d,]+ of 500,000 lines are here/).innerText()
      return Number(/first ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''))
    }
    const before = await loaded()
    expect(before).toBeGreaterThan(10_000)
    await scrolledBeyond(page, '.lines', before, loaded)
    expect(await page.locator('.lines [role=listitem]').count()).toBeLessThan(200)
    expect(reports(page)).toEqual([])
  })
})

describe('a day of 100,000 events', () => {
  it('is listed with few elements, and scrolled with as much work for the last rows as for the first', async () => {
    const page = await site.open('/activity?t=2026-01-06T00:00:00Z..2026-01-07T00:00:00Z')
    const grid = page.locator('[role=grid]')
    await page.getByText('100 k', { exact: true }).first().waitFor()
    expect(Number(await grid.getAttribute('aria-rowcount'))).toBe(EVENTS + 1)
    const browser = await page.context().newCDPSession(page)
    await browser.send('Performance.enable', { timeDomain: 'threadTicks' })
    const worked = async () => {
      const { metrics } = await browser.send('Performance.getMetrics')
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
    }
    const rows = () => grid.locator('[role=row].row')
    const last = async () => Number(await rows().last().getAttribute('data-index'))
    const most = { rows: 0, nodes: 0 }
    /** Scrolls until a row is there; returns the seconds of processor time of the page. */
    const scrolledTo = async (row: number) => {
      const before = await worked()
      await scrolledBeyond(page, '[role=grid]', row, last)
      most.rows = Math.max(most.rows, await rows().count())
      most.nodes = Math.max(most.nodes, await page.evaluate(() => document.querySelectorAll('*').length))
      return (await worked()) - before
    }
    await scrolledTo(1_000)
    const early = await scrolledTo(2_000)
    await scrolledTo(4_000)
    const late = await scrolledTo(5_000)
    expect(most.rows).toBeLessThan(100)
    expect(most.nodes).toBeLessThan(3_000)
    expect(late).toBeLessThan(early * 2 + 0.3)
    // What has been scrolled past is there again without asking.
    await grid.evaluate((element) => element.scrollTo({ top: 0 }))
    await expect.poll(async () => await rows().first().getAttribute('data-index')).toBe('0')
    expect(reports(page)).toEqual([])
  })
})
