import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { folderLine } from '../../src/account/doctor/checks/disk.ts'
import { nodeLine } from '../../src/account/doctor/checks/node.ts'
import { commandOf, dashed, permissionsOf, quoted, sh } from '../../src/account/doctor/command.ts'
import { GROUPS } from '../../src/account/doctor/contract.ts'
import { examine, type ReportLine } from '../../src/account/doctor/examine.ts'
import { checks, checksNamed } from '../../src/account/doctor/index.ts'
import { reportJson } from '../../src/account/doctor/json.ts'
import { lets, policyOf, withStatement } from '../../src/account/doctor/policy.ts'
import type { ServeFacts, Setup } from '../../src/account/doctor/setup.ts'
import { entries } from '../../src/cli/entries.ts'
import { reportLines } from '../../src/cli/show/doctor-lines.ts'
import { LakeError, UserError } from '../../src/lib/errors.ts'
import { startConnectProxy } from '../receivers/connect-proxy.ts'
import { setupWith, standing, told } from './setups.ts'

const DOCS = readFileSync('docs/doctor.md', 'utf8')
const FOLDER = 'src/account/doctor/checks'

describe.each(checks.map((check) => [check.name, check] as const))('the check %s', (name, check) => {
  it('has a title, words for the documentation, and a file of its name', () => {
    expect(check.title).toMatch(/^[A-Z].*[^.]$/)
    expect(check.doc).toMatch(/^[A-Z].*\.$/s)
    expect(check.mends).toMatch(/\.$/)
    expect(GROUPS).toContain(check.group)
    expect(readdirSync(FOLDER)).toContain(`${name}.ts`)
  })

  it('names the least permission of every call that it makes', () => {
    for (const permission of check.permissions) expect(permission).toMatch(/^[a-z0-9]+:[A-Z]\w+$/)
    if (check.aws && name !== 'denied') expect(check.permissions).not.toEqual([])
  })

  it('is in docs/doctor.md, in the words of its own', () => {
    expect(DOCS).toContain(tableRow(check))
  })

  it('says something where nothing is set up, and never that it is broken', async () => {
    const { lines } = await examine(
      setupWith(told({ exists: false }), { configuration: { file: undefined } }),
      { checks: [check] },
    )
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.filter(({ state }) => state === 'not' || state === 'unknown')).toEqual([])
  })
})

/** A row of the table in docs/doctor.md. */
function tableRow({ name, title, permissions, mends }: (typeof checks)[number]): string {
  return `| \`${name}\` | ${title} | ${permissions.map((one) => `\`${one}\``).join(', ') || '–'} | ${mends} |`
}

it('has a name for every check, each once, and one check a file', () => {
  const names = checks.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(
    readdirSync(FOLDER)
      .map((file) => file.replace('.ts', ''))
      .sort(),
  ).toEqual([...names].sort())
  expect(names.length).toBeGreaterThanOrEqual(24)
})

it('prints no command of ours that there is not', () => {
  // `mirror` and `aws` come with the parts of loglake that make what they look at; `needs` is prose.
  const known = new Set([...entries.map(({ name }) => name), 'mirror', 'aws', 'needs'])
  const printed = readdirSync(FOLDER).flatMap((file) =>
    [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/['`]loglake ([a-z]+)/g)].map(
      ([, name]) => name ?? '',
    ),
  )
  expect(printed.length).toBeGreaterThan(20)
  expect(printed.filter((name) => !known.has(name))).toEqual([])
})

it('refuses a name that no check has, and says which is near', () => {
  expect(() => checksNamed(['queue-polizy'], [])).toThrow(/did you mean "queue-policy"/)
  expect(checksNamed([], ['guardduty']).map(({ name }) => name)).not.toContain('guardduty')
})

async function look(
  name: string,
  setup: Setup,
  options: { reach?: boolean; now?: () => number } = {},
): Promise<ReportLine[]> {
  return (await examine(setup, { checks: checksNamed([name], []), ...options })).lines
}

const says = (lines: readonly ReportLine[]) => lines.map((line) => [line.state, line.says, ...line.commands])

describe('on this machine', () => {
  it('Node is too old', () => {
    expect(nodeLine('20.18.3')).toMatchObject({ state: 'not', fix: { commands: ['nvm install 22'] } })
    expect(nodeLine('18.20.0').state).toBe('not')
    expect(nodeLine('20.19.0').state).toBe('ok')
    expect(nodeLine('22.1.0').state).toBe('ok')
  })

  it('the configuration has a fault, or names no source', async () => {
    const fault = setupWith(told(), { configuration: { file: 'a.yaml', fault: 'a.yaml:2: sources.x: no' } })
    expect(says(await look('configuration', fault))).toEqual([
      ['not', 'the configuration cannot be read: a.yaml:2: sources.x: no', 'loglake config'],
    ])
    expect((await look('configuration', setupWith(told())))[0]?.says).toBe('loglake.yaml names no source')
    const source = setupWith(told(), { sources: [{ name: 'a', type: 'folder', paths: ['.'] }] })
    expect((await look('configuration', source))[0]?.state).toBe('ok')
  })

  it('there is no space, or no permission', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
    try {
      expect(await folderLine(join(folder, 'not', 'there'), 'the lake', 1e18)).toMatchObject({
        state: 'not',
        fix: { commands: ['loglake vacuum', `df -h ${folder}`] },
      })
      expect(await folderLine(folder, 'the lake', 1)).toMatchObject({ state: 'ok' })
      chmodSync(folder, 0o500)
      // Whoever runs as root may write everywhere.
      if (process.getuid?.() !== 0) expect((await folderLine(folder, 'the lake')).state).toBe('not')
    } finally {
      chmodSync(folder, 0o700)
      rmSync(folder, { recursive: true })
    }
  })

  it('nothing is on AWS: then nobody is asked, and that is no fault', async () => {
    const setup = setupWith(told(), { sources: [{ name: 'a', type: 'folder', paths: ['.'] }] })
    const { lines } = await examine(setup, { checks: checks.filter(({ aws }) => aws) })
    expect(new Set(lines.map(({ says }) => says))).toEqual(
      new Set(['no source, lake or destination of loglake.yaml is on AWS']),
    )
    expect(new Set(lines.map(({ state }) => state))).toEqual(new Set(['none']))
  })
})

describe('the lake', () => {
  it('is of a later format, or damaged', async () => {
    const broken = (remedy: string, what: string) =>
      setupWith(told({ version: new LakeError(what, { file: 'catalog/v9.json', remedy }) }))
    const later = await look(
      'lake-format',
      broken('install a later loglake', 'the lake is of format 2, and this loglake knows format 1'),
    )
    expect(later[0]).toMatchObject({ state: 'not', commands: ['npm install -g loglake@latest'] })
    const damaged = await look('lake-format', broken('loglake repair', 'a version of the lake is damaged'))
    expect(damaged[0]?.commands).toEqual(['loglake repair', 'loglake verify'])
    // Who is denied, or reaches nobody, knows nothing of the lake: there is nothing to repair.
    const denied = new UserError('cannot read: AWS denies it\n  place: s3://b/x\n  way out: allow it')
    const unknown = await look('lake-format', setupWith(told({ version: denied })))
    expect(unknown[0]).toMatchObject({ state: 'unknown', commands: [] })
    const away = new LakeError('cannot read: nothing answers', { file: 's3://b/x', remedy: 'wait' })
    expect((await look('lake-format', setupWith(told({ version: away }))))[0]?.state).toBe('unknown')
    const closed = await look('lake-format', broken('give the user permission', 'not allowed to read'))
    expect(closed[0]).toMatchObject({ state: 'not', commands: [] })
    expect((await look('lake-format', setupWith(told())))[0]).toMatchObject({
      state: 'ok',
      says: 'version 7',
    })
  })

  it('has followers that stand still, or were let go', async () => {
    const lake = told()
    const follower = { name: 'summaries', state: 'following', rows: 12_000, behindMs: 7_200_000 }
    lake.standing = {
      sources: [],
      holes: [],
      followers: [follower, { ...follower, name: 'findings', state: 'let-go' }],
    }
    expect(says(await look('followers', setupWith(lake)))).toEqual([
      ['not', 'it is 12000 rows and 2 h behind', 'loglake follow summaries', 'loglake followers'],
      ['not', 'it was let go, since it stood still: its rows end there', 'loglake follow findings'],
    ])
    lake.standing = { sources: [], holes: [], followers: [{ ...follower, behindMs: 1000 }] }
    expect((await look('followers', setupWith(lake)))[0]?.state).toBe('ok')
  })

  it('has dead letters', async () => {
    const lake = told({
      standing: { sources: [standing('logs', { deadLetters: 2 })], followers: [], holes: [] },
    })
    expect(says(await look('dead-letters', setupWith(lake)))).toEqual([
      ['not', '2 messages led to nothing', 'loglake deadletters', 'loglake deadletters replay'],
    ])
    lake.standing = { sources: [standing('logs')], followers: [], holes: [] }
    expect((await look('dead-letters', setupWith(lake)))[0]?.state).toBe('ok')
  })

  it('has a source that was stopped, one that brought nothing, and a day without a file', async () => {
    const sources = [{ name: 'logs', type: 'folder', paths: ['.'], watch: true }]
    const lake = told({
      standing: { sources: [standing('logs', { stopped: true })], followers: [], holes: [] },
    })
    const [stopped] = await look('newest-objects', setupWith(lake, { sources }))
    expect(stopped).toMatchObject({
      state: 'not',
      says: 'it was stopped by a person',
      commands: ['loglake resume logs'],
    })
    lake.standing = {
      sources: [standing('logs')],
      followers: [],
      holes: [
        {
          place: 's3://b/',
          account: '1',
          region: 'r',
          service: 'CloudTrail',
          from: '2026-01-03',
          to: '2026-01-04',
        },
      ],
    }
    const now = () => Date.parse('2026-01-10T12:00:00Z')
    expect(says(await look('newest-objects', setupWith(lake, { sources }), { now }))).toEqual([
      ['not', 'it has brought nothing yet', 'loglake run logs'],
      [
        'not',
        'no file of CloudTrail from 1 in r from 2026-01-03 to 2026-01-04, where others came before and after',
        'loglake backfill s3://b/ --days-begin 8 --days-end -6',
      ],
    ])
    lake.standing = { sources: [standing('logs')], followers: [], holes: [] }
    lake.newest = [{ source: 'logs', object: '/a', committedMs: now() - 1000, objects: 1, bytes: 1 }]
    expect((await look('newest-objects', setupWith(lake, { sources }), { now }))[0]?.state).toBe('ok')
  })
})

describe('the web application', () => {
  const good: ServeFacts = {
    host: '0.0.0.0',
    signIn: 'oidc',
    url: 'https://loglake.example.com',
    cookieKeys: ['k'.repeat(40)],
    roles: 2,
    hasOperator: true,
    issuer: 'https://id.example.com',
  }
  it.each<[string, Partial<ServeFacts>, RegExp]>([
    [
      'is open to everybody',
      { signIn: 'none' },
      /without sign-in: every client that reaches it is the operator/,
    ],
    ['has no roles', { roles: 0, hasOperator: false }, /every sign-in is refused/],
    ['has no operator', { hasOperator: false }, /no claim gives the role of operator/],
    ['has no TLS', { url: 'http://loglake.example.com' }, /without TLS/],
    ['forgets its key', { cookieKeys: [] }, /a restart forgets/],
    ['has a short key', { cookieKeys: ['short'] }, /shorter than 32/],
    ['takes a provider without TLS', { insecure: true }, /may be without TLS/],
  ])('%s', async (_, more, said) => {
    const [line] = await look('web-sign-in', setupWith(told(), { serve: { ...good, ...more } }))
    expect(line?.state).toBe('not')
    expect(line?.says).toMatch(said)
    expect(line?.commands.length).toBeGreaterThan(0)
    expect((await look('web-sign-in', setupWith(told(), { serve: good })))[0]?.state).toBe('ok')
  })

  it('has a provider that is not there, or calls itself otherwise', async () => {
    let issuer = ''
    const server = createServer((_, response) => response.end(JSON.stringify({ issuer })))
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const asked = async (at: string) =>
      (
        await look('web-sign-in', setupWith(told(), { serve: { ...good, issuer: at } }), { reach: true })
      ).find(({ about }) => about)
    try {
      issuer = 'https://other.example.com'
      expect((await asked(address))?.says).toMatch(/calls itself https:\/\/other\.example\.com/)
      issuer = address
      expect((await asked(address))?.state).toBe('ok')
    } finally {
      server.close()
    }
    expect((await asked('http://127.0.0.1:9'))?.says).toMatch(/cannot be reached/)
  })
})

it('destinations are reached only when that is asked for', async () => {
  const server = createServer(() => undefined)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const at = (to: number) =>
    setupWith(told(), {
      destinations: [{ name: 'siem', type: 'splunk-hec', address: { host: '127.0.0.1', port: to } }],
    })
  expect((await look('destinations', at(port)))[0]).toMatchObject({
    state: 'none',
    says: '1 not asked: --reach does it',
  })
  expect((await look('destinations', at(port), { reach: true }))[0]?.state).toBe('ok')
  server.close()
  const [line] = await look('destinations', at(9), { reach: true })
  expect(line).toMatchObject({ state: 'not', commands: ['nc -vz 127.0.0.1 9', 'loglake deliver'] })
})

it('destinations are reached as deliveries go: those that speak HTTP through a proxy, the others straight', async () => {
  const server = createServer(() => undefined)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  // A name that the proxy alone knows.
  const proxy = await startConnectProxy(() => ({ host: '127.0.0.1', port }))
  for (const name of ['https_proxy', 'no_proxy', 'NO_PROXY']) vi.stubEnv(name, '')
  vi.stubEnv('HTTPS_PROXY', proxy.url)
  const host = 'siem.invalid'
  const url = `https://${host}:8088/services/collector`
  const lookAt = async (address: { host: string; port: number; url?: string }) =>
    (
      await look(
        'destinations',
        setupWith(told(), { destinations: [{ name: 'siem', type: 'splunk-hec', address }] }),
        { reach: true },
      )
    )[0]
  try {
    const by = new URL(proxy.url).host
    const line = await lookAt({ host, port: 8088, url })
    expect(line).toMatchObject({ state: 'ok', says: `${host}:8088 answers, by the proxy ${by}` })
    expect(proxy.asked.map(({ target }) => target)).toEqual([`${host}:8088`])
    proxy.refuse = 407
    expect(await lookAt({ host, port: 8088, url })).toMatchObject({
      state: 'not',
      says: expect.stringContaining(`the proxy ${by} does not lead to ${host}:8088: HTTP 407`),
    })
    proxy.asked.length = 0
    expect((await lookAt({ host: '127.0.0.1', port }))?.state).toBe('ok')
    expect(proxy.asked).toEqual([])
  } finally {
    vi.unstubAllEnvs()
    await proxy.stop()
    server.close()
  }
})

describe('a command', () => {
  it('is one of the AWS CLI: options are named as it names them', () => {
    expect(
      ['KMSMasterKeyId', 'S3BucketName', 'IsMultiRegionTrail', 'QueueUrl', 'loggingConfig', 'DetectorId'].map(
        dashed,
      ),
    ).toEqual([
      ...[
        'kms-master-key-id',
        's3-bucket-name',
        'is-multi-region-trail',
        'queue-url',
        'logging-config',
        'detector-id',
      ],
    ])
    const input = { Bucket: "it's", Versions: ['a', 'b c'], On: true, Off: false, Rules: { Days: 1 } }
    expect(
      commandOf({
        as: { profile: 'audit' },
        service: 's3',
        action: 'PutBucketEncryption',
        region: 'eu-west-1',
        input,
      }),
    ).toBe(
      `aws s3api put-bucket-encryption --bucket 'it'\\''s' --versions a 'b c' --on --no-off --rules '{"Days":1}' --region eu-west-1 --profile audit`,
    )
    expect(
      permissionsOf({
        does: 'x',
        calls: [{ as: {}, service: 's3', action: 'PutBucketEncryption', input: {} }],
      }),
    ).toEqual(['s3:PutEncryptionConfiguration'])
  })

  it('has values as words, also where it is written out: anybody may name an object', async () => {
    expect(sh`aws s3 ls s3://${'b'}/${'a b$(x)'}/ ${undefined}`).toBe("aws s3 ls s3://b/'a b$(x)'/ ")
    const hole = { account: '1', region: 'r', service: 's', from: '2026-01-03', to: '2026-01-03' }
    const lake = told({
      standing: { sources: [], followers: [], holes: [{ ...hole, place: 's3://b/$(id)/' }] },
    })
    const [line] = await look('newest-objects', setupWith(lake), { now: () => Date.parse('2026-01-10') })
    expect(line?.commands[0]).toMatch(/^loglake backfill 's3:\/\/b\/\$\(id\)\/' --days-begin/)
    const bare = readdirSync(FOLDER)
      // Its one option is quoted already.
      .filter((file) => file !== 'identity.ts')
      .filter((file) =>
        /(?<!sh)`(aws|loglake|nc|df|curl|sudo|nvm) [^`]*\$\{/.test(readFileSync(join(FOLDER, file), 'utf8')),
      )
    expect(bare).toEqual([])
  })

  it('holds no name that a shell or a terminal would obey', () => {
    expect(quoted('a; rm -rf /')).toBe("'a; rm -rf /'")
    expect(quoted('$(x)`y`')).toBe("'$(x)`y`'")
    expect(quoted('a\x1b[31m\nb')).toBe("'a?[31m?b'")
    expect(quoted('')).toBe("''")
  })
})

describe('a policy', () => {
  const sender = {
    service: 's3.amazonaws.com',
    action: 'sqs:SendMessage',
    source: 'arn:aws:s3:::logs',
    account: '1',
  }
  const allow = (more: object) =>
    policyOf(
      JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Action: 'sqs:SendMessage',
          ...more,
        },
      }),
    )
  it.each([
    ['yes', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:logs' } } }],
    ['yes', { Condition: { ArnLike: { 'aws:SourceArn': ['arn:*:s3:::other', 'arn:*:s3:::LOG?'] } } }],
    ['no', { Condition: { ArnLike: { 'aws:SourceArn': `${'*a'.repeat(40)}b` } } }],
    ['yes', { Action: ['SQS:*'], Condition: { StringEquals: { 'AWS:SourceAccount': ['1', '2'] } } }],
    ['yes', { Principal: '*', Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::logs' } } }],
    ['no', { Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::other' } } }],
    ['no', { Condition: { StringEquals: { 'aws:SourceAccount': '2' } } }],
    ['no', { Action: 'sqs:ReceiveMessage' }],
    ['no', { Principal: { Service: 'sns.amazonaws.com' } }],
    ['from everywhere', {}],
    ['from everywhere', { Principal: { AWS: '*' }, Action: '*' }],
    ['denied', { Effect: 'Deny' }],
  ] as const)('lets it: %s', (wanted, more) => {
    expect(lets(allow(more), sender)).toBe(wanted)
  })

  it('keeps the statements of others', () => {
    const both = JSON.parse(withStatement(allow({ Sid: 'theirs' }), { Sid: 'ours', Effect: 'Allow' }))
    expect(both.Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(['theirs', 'ours'])
    const again = JSON.parse(withStatement(both, { Sid: 'ours', Effect: 'Deny' }))
    expect(again.Statement).toHaveLength(2)
  })
})

it('tells a report by groups, with what is not ok first, and as JSON', async () => {
  const lake = told({
    standing: {
      sources: [standing('a\x1b[31m', { deadLetters: 1 }), standing('b')],
      followers: [],
      holes: [],
    },
  })
  const report = await examine(setupWith(lake, { configuration: { file: undefined } }), { checks })
  const plain = { bold: String, dim: String, red: String, yellow: String }
  const text = reportLines(report, { look: plain, width: 100, all: false }).join('\n')
  expect(text).toMatch(/Logs arrive\n {2}NOT {2}dead-letters +a\\u001b\[31m: 1 message led to nothing/)
  expect(text).toMatch(/\$ loglake deadletters replay/)
  expect(text).not.toContain('\x1b')
  expect(text).toMatch(/1 not ok, 0 cannot be told, \d+ ok, \d+ do not apply$/)
  expect(report.state).toBe('not')
  const json = reportJson(report)
  expect(json.counts.not).toBe(1)
  expect(json.lines.every(({ title, permissions }) => title.length > 0 && Array.isArray(permissions))).toBe(
    true,
  )
})
