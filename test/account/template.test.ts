import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Place } from '../../src/account/contract.ts'
import { costOf } from '../../src/account/cost/cost.ts'
import type { Value } from '../../src/account/stack/contract.ts'
import { completed, madeBy, refusals } from '../../src/account/stack/evaluate.ts'
import { entriesOf, parts, template, templateJson, templateYaml } from '../../src/account/stack/index.ts'
import { statements } from '../../src/account/stack/parts/role.ts'
import { doOverlap } from '../../src/account/steps/notification.ts'
import { DEFAULTS, wantedOf } from '../../src/account/wanted.ts'
import { resolved } from './resolved.ts'

describe('the template', () => {
  it('lies in infra/ as the objects say (npm run infra)', () => {
    expect(readFileSync('infra/loglake.yaml', 'utf8')).toBe(templateYaml())
    expect(parse(templateYaml())).toEqual(JSON.parse(templateJson()))
  })

  it('is small enough to be sent whole', () => {
    expect(Buffer.byteLength(templateJson())).toBeLessThan(51_200)
    // Terraform's jsonencode writes these three signs as six.
    expect(Buffer.byteLength(templateJson().replace(/[<>&]/g, '\\u003c'))).toBeLessThan(51_200)
    // `aws cloudformation deploy --template-file` without a bucket takes no more either.
    expect(Buffer.byteLength(templateYaml())).toBeLessThanOrEqual(51_200)
  })

  it.each(parts.map((part) => [part.name, part] as const))(
    '%s: says what each is for, and refers to what is there',
    (_, part) => {
      const known = new Set([
        ...Object.keys(entriesOf('parameters')),
        ...Object.keys(entriesOf('resources')),
        ...['AccountId', 'Region', 'Partition', 'NoValue', 'StackName'].map((name) => `AWS::${name}`),
      ])
      for (const resource of Object.values(part.resources)) {
        expect(resource.does).not.toBe('')
        for (const name of namesIn(resource.Properties))
          expect(known, JSON.stringify(resource)).toContain(name)
        for (const before of [resource.DependsOn ?? []].flat()) expect(known).toContain(before)
      }
    },
  )

  it('gives no name to two things', () => {
    for (const section of ['parameters', 'conditions', 'resources', 'outputs'] as const) {
      const names = parts.flatMap((part) => Object.keys(part[section] ?? {}))
      expect(new Set(names).size, section).toBe(names.length)
    }
    const both = Object.keys(template().Resources).filter((name) => name in template().Parameters)
    expect(both).toEqual([])
  })

  it('keeps data and the key to it when the stack goes', () => {
    for (const [id, { Type, DeletionPolicy, UpdateReplacePolicy }] of Object.entries(template().Resources))
      if (['AWS::S3::Bucket', 'AWS::KMS::Key'].includes(Type))
        expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain'])
  })

  it('lets services in for this account only, and the network only over TLS', () => {
    for (const [id, resource] of Object.entries(template().Resources)) {
      const policies = [
        resource.Properties?.PolicyDocument,
        resource.Properties?.KeyPolicy,
        resource.Properties?.AssumeRolePolicyDocument,
      ].filter((policy) => policy !== undefined)
      for (const policy of policies as { Statement: unknown[] }[])
        for (const statement of policy.Statement.flatMap(statementsIn)) {
          const { Effect, Principal, Condition } = statement
          if (Effect !== 'Allow' || Principal?.Service === undefined) continue
          expect(JSON.stringify(Condition), `${id} ${JSON.stringify(Principal)}`).toMatch(
            /SourceAccount|SourceArn|ExternalId|EncryptionContext/,
          )
        }
    }
    const denied = JSON.stringify(template()).match(/"aws:SecureTransport":"false"/g) ?? []
    expect(denied).toHaveLength(5)
  })
})

describe('parameters', () => {
  it('decide what is made', () => {
    const ids = (given: Record<string, string>) => madeBy(given).map(({ id }) => id)
    expect(ids({})).toEqual(
      expect.arrayContaining(['Key', 'Queue', 'LogStore', 'AuditTrail', 'LakeStore', 'Database']),
    )
    expect(ids({})).not.toEqual(expect.arrayContaining(['Cluster']))
    expect(ids({ LogBucket: 'none', Trail: 'no', ExistingLogBuckets: 'a-bucket' })).not.toContain(
      'SessionStream',
    )
    expect(ids({ LakeBucket: 'none' })).not.toContain('Database')
    expect(ids({ LakeBucket: 'some-lake' })).toContain('Database')
    expect(ids({ Worker: 'fargate', Image: 'i', VpcId: 'v' })).toEqual(
      expect.arrayContaining(['Service', 'Task', 'WorkerRole', 'RejectAlarm']),
    )
    expect(ids({ GuardDutyDetector: '0'.repeat(32) })).toContain('FindingsExport')
  })

  it('are refused as CloudFormation would', () => {
    expect(refusals({ Trail: 'yes', LogBucket: 'none' })).toEqual([
      expect.stringContaining('needs the new log bucket'),
    ])
    expect(refusals({ Worker: 'fargate' })).toHaveLength(2)
    expect(refusals({})).toEqual([])
    expect(() => completed({ Trail: 'maybe' })).toThrow('one of yes, no is wanted')
    expect(() => completed({ Nmae: 'x' })).toThrow('no parameter Nmae')
    expect(() => completed({ LogDays: '-1' })).toThrow('whole number')
    expect(() => completed({ ObjectLockDays: '36501' })).toThrow('at most 36500')
    expect(() => completed({ Name: 'Loglake' })).toThrow('small letters')
  })

  it('come of what a person chooses', () => {
    const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' } as Place
    const plain = wantedOf(DEFAULTS, place, undefined)
    expect(plain.parameters).toMatchObject({
      TrustedPrincipal: 'arn:aws:iam::111122223333:root',
      GuardDutyDetector: '',
    })
    const chosen = { ...DEFAULTS, trail: 'audit', logBuckets: ['s3://logs-here/AWSLogs/', 'others-here'] }
    const existing = wantedOf(chosen, place, '1'.repeat(32))
    expect(existing.buckets).toEqual([
      { bucket: 'logs-here', prefix: 'AWSLogs/' },
      { bucket: 'others-here', prefix: '' },
    ])
    expect(existing.parameters).toMatchObject({
      Trail: 'no',
      ExistingLogBuckets: 'logs-here,others-here',
      GuardDutyDetector: '1'.repeat(32),
    })
    expect(() => wantedOf({ ...DEFAULTS, newLogBucket: false, trail: false }, place, undefined)).toThrow(
      'no log bucket',
    )
    expect(() => wantedOf({ ...DEFAULTS, logBuckets: ['No_Bucket'] }, place, undefined)).toThrow(
      'a bucket is wanted',
    )
  })
})

it('names no partition: each part works in those of China and GovCloud', () => {
  // Patterns of parameters allow all partitions.
  const { Parameters: _, ...rest } = template()
  expect(JSON.stringify(rest)).not.toContain('arn:aws')
  const all = completed({ ExistingLogBuckets: 'one,two,three' })
  const conditions = resolved(template().Resources.QueuePolicy?.Properties as Value, all)
  expect(JSON.stringify(conditions)).toContain('["arn:*:s3:::one","arn:*:s3:::two","arn:*:s3:::three"]')
})

it('keeps what a stack has, but for what a person chooses anew', () => {
  const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' } as Place
  const self = 'arn:aws:iam::111122223333:root'
  const earlier = completed({ Email: 'audit@example.com', SessionLogs: 'no', Cpu: '2048', LogDays: '400' })
  const asked = (choices: Partial<typeof DEFAULTS>) => {
    const made = new Set(Object.keys(choices) as (keyof typeof DEFAULTS)[])
    return wantedOf({ ...DEFAULTS, ...choices, made }, place, '1'.repeat(32), { ...earlier, Gone: 'x' })
      .parameters
  }
  expect(asked({})).toEqual(earlier)
  expect(asked({ logDays: 0 })).toEqual({ ...earlier, LogDays: '0' })
  expect(asked({ email: undefined, set: { SessionLogs: 'yes' } })).toEqual({
    ...earlier,
    Email: '',
    SessionLogs: 'yes',
  })
  expect(asked({ worker: 'none' })).toEqual({ ...earlier, TrustedPrincipal: self })
})

describe('what a worker may only when it is asked for', () => {
  const statementsOf = (given: Record<string, string>) => {
    const all = completed({ TrustedPrincipal: 'arn:aws:iam::111122223333:root', ...given })
    const { PolicyDocument } = template().Resources.WorkerPolicy?.Properties ?? {}
    return (resolved(PolicyDocument as Value, all) as { Statement: { Sid: string }[] }).Statement
  }
  const member = 'arn:aws:iam::*:role/loglake-worker-eu-central-1'
  const other = 'arn:aws:iam::444455556666:role/path/reader'

  it('assumes the roles of other accounts, those that are named', () => {
    expect(statementsOf({ ReadRoles: `${member},${other}` })).toContainEqual(
      expect.objectContaining({ Action: ['sts:AssumeRole'], Resource: [member, other] }),
    )
    expect(JSON.stringify(statementsOf({}))).not.toContain('sts:AssumeRole')
    expect(() => completed({ ReadRoles: '*' })).toThrow('ARNs of roles')
    expect(() => completed({ ReadRoles: `${member}, ${other}` })).toThrow('ARNs of roles')
  })

  it('publishes findings to the topic of the stack', () => {
    expect(statementsOf({ FindingsToTopic: 'yes' })).toContainEqual(
      expect.objectContaining({ Action: ['sns:Publish'] }),
    )
    expect(JSON.stringify(statementsOf({}))).not.toContain('sns:Publish')
  })

  it("asks for AWS's public keys", () => {
    expect(JSON.stringify(statementsOf({ Digests: 'yes' }))).toContain('cloudtrail:ListPublicKeys')
    expect(JSON.stringify(statementsOf({}))).not.toContain('cloudtrail:ListPublicKeys')
  })
})

it('no action of the worker is a pattern, and none is given twice for the same place', () => {
  const seen = new Set<string>()
  for (const { Sid, Action, Resource, why } of statements) {
    expect(why).not.toBe('')
    if (!['FindLogGroups', 'LookIntoBatches', 'AskForKeys'].includes(Sid))
      expect(JSON.stringify(Resource)).not.toBe('"*"')
    for (const action of Action) {
      expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z0-9]+$/)
      const at = `${action} ${JSON.stringify(Resource)}`
      expect(seen).not.toContain(at)
      seen.add(at)
    }
  }
})

describe('cost', () => {
  it('is the sum of its lines, by prices and amounts that can be told', () => {
    const plain = costOf({})
    expect(plain.usd).toBeCloseTo(plain.lines.reduce((sum, { usd }) => sum + usd, 0))
    expect(costOf({}, { 'data-events': 10_000_000 }).usd - plain.usd).toBeCloseTo(9)
    expect(costOf({}, {}, { 'kms-key': 3 }).usd - plain.usd).toBeCloseTo(2)
    // One vCPU and 4 GB for 730 hours, and 30 GB above the 20 that are free.
    expect(
      costOf({ Worker: 'fargate', Image: 'i', VpcId: 'v' }).lines.find(({ what }) => /Fargate/.test(what))
        ?.usd,
    ).toBeCloseTo(730 * (0.04048 + 4 * 0.004445 + 30 * 0.000111))
    expect(costOf({}, {}, {}, true).usd - plain.usd).toBeCloseTo(20)
    const fargate = { Worker: 'fargate', Image: 'i', VpcId: 'v' }
    expect(costOf({ ...fargate, PublicIp: 'yes' }).usd - costOf(fargate).usd).toBeCloseTo(730 * 0.005)
    expect(() => costOf({}, { 'data-evens': 1 })).toThrow('did you mean "data-events"')
  })

  it('names a source for every price, and a month where it was held against it', () => {
    for (const { source, checked, usd } of costOf({}).prices) {
      expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//)
      if (checked !== undefined) expect(checked).toMatch(/^\d{4}-\d\d$/)
      expect(usd).toBeGreaterThan(0)
    }
  })
})

it.each([
  ['the same prefix', 'AWSLogs/', 'AWSLogs/', true],
  ['one within the other', 'AWSLogs/', 'AWSLogs/111122223333/', true],
  ['all of it', '', 'AWSLogs/', true],
  ['beside each other', 'AWSLogs/', 'other/', false],
])('notifications overlap: %s', (_, left, right, wanted) => {
  const rule = (Value: string, event: string, suffix = '') => ({
    Events: [event],
    Filter: {
      Key: {
        FilterRules: [
          { Name: 'Prefix', Value },
          { Name: 'suffix', Value: suffix },
        ],
      },
    },
  })
  expect(doOverlap(rule(left, 's3:ObjectCreated:*'), rule(right, 's3:ObjectCreated:*'))).toBe(wanted)
  expect(doOverlap(rule(left, 's3:ObjectCreated:Put'), rule(right, 's3:ObjectCreated:*'))).toBe(wanted)
  expect(doOverlap(rule(left, 's3:ObjectRemoved:*'), rule(right, 's3:ObjectCreated:*'))).toBe(false)
  expect(doOverlap(rule(left, 's3:ObjectCreated:*', '.gz'), rule(right, 's3:ObjectCreated:*', '.json'))).toBe(
    false,
  )
})

interface AStatement {
  Effect?: string
  Principal?: { Service?: unknown }
  Condition?: unknown
}

function statementsIn(value: unknown): AStatement[] {
  const choice = (value as { 'Fn::If'?: unknown[] })['Fn::If']
  return choice ? choice.slice(1).flatMap(statementsIn) : [value as AStatement]
}

/** Names of parameters and resources that a value refers to. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [inner as string]
    if (key === 'Fn::GetAtt') return [(inner as string[])[0] as string]
    if (key === 'Fn::Sub') {
      const [text, more] = Array.isArray(inner) ? (inner as [string, object]) : [inner as string, {}]
      const named = [...text.matchAll(/\$\{([^}!]+)\}/g)].map(([, name]) => name as string)
      return [...named.filter((name) => !(name in more)), ...namesIn(more)]
    }
    return namesIn(inner)
  })
}
