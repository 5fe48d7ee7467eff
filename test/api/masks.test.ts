import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { appendRows } from '../../src/detect/append.ts'
import { finding } from '../../src/detect/tables.ts'
import { failures, type Served, SPAN, served } from './served.ts'

const EMAIL = 'eva.holt@example.org'
const KEY = ['AKIA', 'Q7ZT4WNB2LKV6HMX'].join('')
const CARD = '4539148803436467'
/** What may not be seen of them, a part of each included. */
const HIDDEN = ['eva.holt', 'holt@example', KEY.slice(4), KEY.slice(8), CARD.slice(0, 9), CARD.slice(7)]
const SAID = `Mail ${EMAIL}, the key ${KEY}, the card ${CARD}.`

const SESSION = '2ee4e7eb-6c0c-49bd-960f-88eb3806e5b8'
const REQUEST = '6f1d7f0e-0d53-4c0f-9be5-3f2f6d7c9a01'
const EVENT = 'b1b5a4ce-2f6c-4a0e-8f5b-1c0a3c1f7d02'
const AT = '2026-01-08T02:49:30Z'
const OPERATOR = 'operator:ana@example.com'
const ANALYST = 'analyst:kim@example.com'
const MANAGER = 'manager:dalia@example.com'
/** JSON writes a sign by its number, and a long text has it across the edge of what is shown at first. */
const BODY = JSON.stringify({
  system: [{ text: SAID }],
  messages: [{ role: 'user', content: [{ text: `${'.'.repeat(3990)} ${SAID}` }] }],
}).replaceAll('@', '\\u0040')

let lake: Served
beforeAll(async () => {
  lake = await served()
  const logs = mkdtempSync(join(tmpdir(), 'loglake-masks-'))
  const at = (name: string, text: string) => {
    mkdirSync(join(logs, name, '..'), { recursive: true })
    writeFileSync(join(logs, name), text)
  }
  const arn = 'arn:aws:sts::111122223333:assumed-role/BreakGlassAdmin/maintenance'
  const answer = { output: { message: { role: 'assistant', content: [{ text: SAID }] } } }
  const call = {
    ...{ schemaType: 'ModelInvocationLog', schemaVersion: '1.0', timestamp: AT, accountId: '111122223333' },
    ...{ identity: { arn: arn.replace('maintenance', 'goran@example.com') }, region: 'us-east-1' },
    ...{ requestId: REQUEST, operation: 'Converse', modelId: 'amazon.nova-pro-v1:0' },
    output: { outputContentType: 'application/json', outputBodyJson: answer },
  }
  at(
    'bedrock.json',
    `${JSON.stringify(call).slice(0, -1)},"input":{"inputContentType":"application/json","inputBodyJson":${BODY}}}\n`,
  )
  const identity = {
    ...{ type: 'AssumedRole', arn, accountId: '111122223333', accessKeyId: 'ASIAIIWTX7SSFEXAMPLE' },
    sessionContext: { sourceIdentity: 'goran@example.com' },
  }
  const event = {
    ...{ eventVersion: '1.11', userIdentity: identity, eventTime: AT, eventSource: 'iam.amazonaws.com' },
    ...{ eventName: 'TagUser', awsRegion: 'us-east-1', sourceIPAddress: '203.0.113.250', userAgent: 'cli' },
    ...{ errorCode: 'AccessDenied', errorMessage: SAID, requestParameters: { note: SAID, pad: SAID } },
    ...{ eventID: EVENT, requestID: EVENT, eventType: 'AwsApiCall', recipientAccountId: '111122223333' },
  }
  at('trail.json', JSON.stringify({ Records: [event] }))
  at('torn.json', `{"Records":[{"eventVersion":"1.11","eventName":"TagUser","note":"${SAID}`)
  const piece = (seconds: number, lines: string[]) =>
    `${JSON.stringify({
      ...{ eventVersion: '1.0', eventTime: `2026-01-08T02:49:${seconds}Z`, awsRegion: 'us-east-1' },
      ...{ target: { id: 'i-f57141bee17f19aaa' }, userIdentity: { arn }, runAsUser: 'ssm-user' },
      ...{ sessionId: 'maintenance-lrrbb6mya5h4kqzsi6bubwb4y3', sessionData: lines },
    })}\n`
  at('session.ndjson', piece(30, [SAID]) + piece(31, [`${SAID} ${KEY}`]) + piece(32, ['sh-5.2$ ']))
  // A lake of samples takes no other logs while it is marked as one.
  rmSync(join(lake.place, 'control', 'demo'))
  for (const command of [
    ['ingest', logs],
    ['follow', '--once'],
  ])
    await promisify(execFile)(
      process.execPath,
      [
        fileURLToPath(new URL('../../dist/cli/loglake.cjs', import.meta.url)),
        ...command,
        '--lake',
        lake.place,
      ],
      { cwd: tmpdir() },
    )
  rmSync(logs, { recursive: true })
  await appendRows(lake.asking.services.lake, 'detect', finding, [
    {
      ...{ id: 'masked-finding', time: AT, rule: 'test', rule_version: '1', severity: 'high', title: 'Text' },
      ...{ explanation: 'It has text.', actor: 'goran@example.com via BreakGlassAdmin', detector: 'sigma' },
      ...{ account: '111122223333', evidence_table: 'cloudtrail', evidence_rows: 2, matched: '[]' },
      evidence: JSON.stringify([
        { table: 'cloudtrail', id: EVENT, time: AT },
        { table: 'bedrock_invocation', id: REQUEST, time: AT },
      ]),
    },
  ])
}, 480_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

const text = (of: string, from = 0) => ['conversation-text', { requestid: REQUEST, of, from: String(from) }]
const record = (table: string, id: string) => ['record', { table, id }]
const where = `where "timestamp" = '${AT}'`

/** Every operation that shows what people wrote. */
const READS = [
  ['conversation', { id: REQUEST }],
  text('system'),
  text('message'),
  text('answer'),
  text('input_body'),
  text('output_body'),
  record('bedrock_invocation', REQUEST),
  record('cloudtrail', EVENT),
  ['session-output', { id: SESSION }],
  ['session-output', { id: SESSION, raw: 'true' }],
  ['session-export', { id: SESSION }],
  ['session-export', { id: SESSION, format: 'text' }],
  ['session-calls', { id: SESSION }],
  ['session-search', { ...SPAN, q: 'Mail ' }],
  ['activity', { ...SPAN, where: ['eventname:TagUser'], columns: ['responseelements'] }],
  ['finding', { id: 'masked-finding' }],
  ['findings', { ...SPAN, state: 'all' }],
] as [string, Record<string, string | string[]>][]
const MANY = [ANALYST, MANAGER, OPERATOR]

it.each(READS)('%s %j shows no secret to readers with masks', async (name, given) => {
  for (const as of MANY) {
    const response = await lake.get(as, name, given)
    expect([as, response.status]).toEqual([as, 200])
    const body = await response.text()
    for (const one of HIDDEN) expect(body, `${as} ${one}`).not.toContain(one)
  }
})

it('shows none in rejects, and none of the terminal as it was delivered', async () => {
  const rejects = await (await lake.get(ANALYST, 'rejects')).text()
  expect(rejects).toContain('TagUser')
  const [row] = (
    (await (
      await lake.post(OPERATOR, 'query', {
        sql: `select id from session_log where f_sessionid = 'lrrbb6mya5h4kqzsi6bubwb4y3' and id is not null limit 1`,
      })
    ).json()) as {
      rows: string[][]
    }
  ).rows
  const output = await (
    await lake.get(OPERATOR, 'record', { table: 'session_log', id: row?.[0] as string })
  ).text()
  expect(output).toContain('[masked, ')
  for (const one of HIDDEN) {
    expect(rejects).not.toContain(one)
    expect(output).not.toContain(one)
  }
})

it('a bundle of evidence shows none either, unless it is asked for whole', async () => {
  const given = { review: SESSION }
  const masked = await (await lake.get(MANAGER, 'evidence', given)).text()
  expect(masked).toContain('[masked, ')
  for (const one of HIDDEN) expect(masked).not.toContain(one)
  const whole = await (await lake.get(MANAGER, 'evidence', { ...given, unmask: 'true' })).text()
  for (const one of [EMAIL, KEY, CARD]) expect(whole).toContain(one)
})

it('tells nobody who is limited how many files hold a value, which others may have', async () => {
  type Told = { files: { all: number }; rows: unknown[][] }
  const asked = async (as: string, name: string, given: Record<string, string>) =>
    (await (await lake.get(as, name, given)).json()) as Told
  const sql =
    "select eventid from cloudtrail where useridentity_type = 'AWSService' order by eventtime, eventid"
  const query = async (as: string) => (await (await lake.post(as, 'query', { sql })).json()) as Told
  const theirs = String((await query(OPERATOR)).rows[0]?.[0])
  const nobodys = theirs.replace(/^.{8}/, (first) => [...first].reverse().join(''))
  expect(nobodys).not.toBe(theirs)
  for (const as of [ANALYST, OPERATOR]) {
    expect((await query(as)).files.all).toBeGreaterThan(0)
    expect((await asked(as, 'activity', SPAN)).files.all).toBeGreaterThan(0)
    expect((await asked(as, 'find', { text: theirs })).rows.length).toBeGreaterThan(0)
  }
  const none = { read: 0, all: 0 }
  expect(await query(MANAGER)).toMatchObject({ files: none, rows: [] })
  expect((await asked(MANAGER, 'activity', SPAN)).files).toEqual(none)
  const [one, other] = [
    await asked(MANAGER, 'find', { text: theirs }),
    await asked(MANAGER, 'find', { text: nobodys }),
  ]
  expect(one).toMatchObject({ files: none, rows: [], tables: [] })
  expect({ ...one, asked: [] }).toEqual({ ...other, asked: [] })
})

it('shows no part of a secret, wherever a stretch begins', async () => {
  const places = [KEY, CARD, EMAIL.replace('@', '\\u0040')].map((one) => BODY.lastIndexOf(one) - 12)
  for (const place of places)
    for (const from of [place - 3, place + 6]) {
      const [name, given] = text('input_body', from) as [string, Record<string, string>]
      const body = await (await lake.get(ANALYST, name, given)).text()
      for (const one of HIDDEN) expect(body).not.toContain(one)
    }
})

it.each([
  `select * from bedrock_invocation ${where}`,
  `select prompt || completion || system as said, reverse(prompt) as back from bedrock_invocation ${where}`,
  `select * from session_log where eventtime >= '2026-01-08 02:49:30Z'`,
  `select prompt, completion from bedrock_call where requestid = '${REQUEST}'`,
])('SQL shows none to readers with masks: %s', async (sql) => {
  for (const as of [ANALYST, MANAGER])
    for (const [name, more] of [
      ['query', {}],
      ['query-export', { format: 'ndjson' }],
    ] as const) {
      const response = await lake.post(as, name, { sql, ...more })
      expect([as, response.status]).toEqual([as, 200])
      const body = await response.text()
      expect(body).toContain('masked, ')
      for (const one of [...HIDDEN, [...KEY].reverse().join('')]) expect(body).not.toContain(one)
    }
})

it('shows them to those who ask to see them and may, and the access log says so', async () => {
  const seen: [string, Record<string, string>][] = [
    ['conversation', { id: REQUEST }],
    ['conversation-text', { requestid: REQUEST, of: 'system' }],
    ['record', { table: 'cloudtrail', id: EVENT }],
    ['session-output', { id: SESSION }],
    ['session-export', { id: SESSION }],
    ['session-search', { ...SPAN, q: 'Mail ' }],
  ]
  for (const [name, given] of seen) {
    const body = await (await lake.get(OPERATOR, name, { ...given, unmask: 'true' })).text()
    for (const one of [EMAIL, KEY, CARD]) expect(body, name).toContain(one)
    expect((await lake.get(ANALYST, name, { ...given, unmask: 'true' })).status).toBe(403)
  }
  const sql = `select prompt from bedrock_invocation ${where}`
  expect(await (await lake.post(OPERATOR, 'query', { sql })).text()).toContain(KEY)
  const span = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
  const { rows } = (await (await lake.get(OPERATOR, 'access-log', span)).json()) as {
    rows: { operation: string; name: string; unmasked: boolean }[]
  }
  const unmasked = rows.filter((row) => row.unmasked)
  for (const name of [...seen.map(([one]) => one), 'query'])
    expect(unmasked).toContainEqual(expect.objectContaining({ operation: name, name: 'ana@example.com' }))
  expect(unmasked.some(({ name }) => name === 'kim@example.com')).toBe(false)
})

it('a manager sees findings on sessions of their people under another name, and nobody else does', async () => {
  const { lake: tables } = lake.asking.services
  // The other one is a session of a user whose manager nobody knows.
  const sql = `select f_sessionid = 'lrrbb6mya5h4kqzsi6bubwb4y3' as own, arg_min(id, eventtime) as id, strftime(min(eventtime), '%Y-%m-%dT%H:%M:%SZ') as at from session_log where f_sessionid = 'lrrbb6mya5h4kqzsi6bubwb4y3' or eventtime between '2026-01-08 09:31:00Z' and '2026-01-08 09:46:00Z' group by all`
  const { rows } = (await (await lake.post(OPERATOR, 'query', { sql })).json()) as {
    rows: [boolean, string, string][]
  }
  const [own, other] = [rows.find(([is]) => is), rows.find(([is]) => !is)]
  const about = (id: string, evidence: (typeof rows)[number][]) => ({
    ...{ id, time: AT, rule: 'test', rule_version: '1', severity: 'low', title: 'Output', detector: 'sigma' },
    ...{
      explanation: 'It has output.',
      account: '111122223333',
      matched: '[]',
      evidence_table: 'session_log',
    },
    actor: 'arn:aws:sts::111122223333:assumed-role/BreakGlassAdmin/maintenance',
    evidence_rows: evidence.length,
    evidence: JSON.stringify(evidence.map(([, row, time]) => ({ table: 'session_log', id: row, time }))),
  })
  if (!own || !other) throw new Error('the sample logs have sessions')
  await appendRows(tables, 'detect', finding, [about('own', [own]), about('shared', [own, other])])
  const ids = async (as: string) => {
    const body = (await (await lake.get(as, 'findings', { ...SPAN, state: 'all' })).json()) as {
      rows: { id: string }[]
    }
    return body.rows.map(({ id }) => id).filter((id) => id === 'own' || id === 'shared')
  }
  expect(await ids(MANAGER)).toEqual(['own'])
  expect(await ids('manager:farah@example.com')).toEqual([])
  expect((await ids(OPERATOR)).sort()).toEqual(['own', 'shared'])
  expect((await lake.get(MANAGER, 'finding', { id: 'own' })).status).toBe(200)
  expect((await lake.get(MANAGER, 'finding', { id: 'shared' })).status).toBe(404)
})
