import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import type { Value } from '../../src/account/stack/contract.ts'
import { completed, conditionHolds } from '../../src/account/stack/evaluate.ts'
import { template } from '../../src/account/stack/index.ts'
import { steps } from '../../src/account/steps/index.ts'

/** Programs of others judge the templates: cfn-lint the whole, parliament and policy_sentry the policies and their actions. */

/** With all that the template can have: every condition that adds a statement holds. */
const ALL = completed({
  TrustedPrincipal: 'arn:aws:iam::111122223333:root',
  ExistingLogBuckets: 'example-trail,example-other',
  ExistingKeys: 'arn:aws:kms:eu-central-1:111122223333:key/0f3c2b1a-0000-4000-8000-00000000000a',
  GuardDutyDetector: '0'.repeat(32),
  Metrics: 'yes',
  Worker: 'fargate',
  Image: 'loglake:0.1.0',
  VpcId: 'vpc-0a1b2c3d',
})

it('cfn-lint finds nothing in the templates', () => {
  const said = execFileSync(
    resolve('.venv-account/bin/cfn-lint'),
    ['infra/loglake.yaml', 'infra/organisation.yaml'],
    { encoding: 'utf8' },
  )
  expect(said).toBe('')
})

it('parliament finds nothing of weight in a policy, and policy_sentry knows every action', () => {
  const policies: Record<string, unknown> = {}
  const actions = new Set(steps.flatMap((step) => step.actions))
  for (const [id, { Type, Properties = {} }] of Object.entries(template().Resources)) {
    const written = resolved(Properties as Value) as Record<string, unknown>
    for (const action of actionsIn(written)) actions.add(action)
    if (Type === 'AWS::IAM::Policy') policies[id] = written.PolicyDocument
    for (const inline of (written.Policies ?? []) as { PolicyName: string; PolicyDocument: unknown }[])
      policies[`${id} ${inline.PolicyName}`] = inline.PolicyDocument
  }
  expect(Object.keys(policies).length).toBeGreaterThan(2)
  const named = [...actions].filter((action) => !action.includes('*')).sort()
  expect(named.length).toBeGreaterThan(20)
  const said = execFileSync(resolve('.venv-account/bin/python'), ['test/account/judge_policies.py'], {
    encoding: 'utf8',
    input: JSON.stringify({ policies, actions: named }),
  })
  const { found, unknown } = JSON.parse(said) as { found: { severity: string }[]; unknown: string[] }
  expect(unknown).toEqual([])
  expect(found.filter(({ severity }) => severity !== 'LOW')).toEqual([])
})

/** A value as CloudFormation would make it of those parameters; undefined is what it leaves out. */
function resolved(value: Value): unknown {
  if (Array.isArray(value)) return value.map(resolved).filter((one) => one !== undefined)
  if (typeof value !== 'object' || value === null) return value
  const [[name, of] = ['', null]] = Object.entries(value) as [string, Value][]
  if (name === 'Ref') return nameOf(of as string)
  if (name === 'Fn::GetAtt') return arnOf((of as string[])[0] as string)
  if (name === 'Fn::Sub') {
    const [text, more] = (Array.isArray(of) ? of : [of, {}]) as [string, Record<string, Value>]
    return text.replace(/\$\{([^}!]+)\}/g, (_, key: string) =>
      String(key in more ? resolved(more[key] as Value) : key.includes('.') ? arnOf(key) : nameOf(key)),
    )
  }
  if (name === 'Fn::If') {
    const [condition, then, otherwise] = of as [string, Value, Value]
    return resolved(conditionHolds(condition, ALL) ? then : otherwise)
  }
  if (name === 'Fn::Split') {
    const [between, text] = of as [string, Value]
    return String(resolved(text)).split(between)
  }
  if (name === 'Fn::Join') {
    const [between, list] = of as [string, Value]
    const made = resolved(list)
    return (Array.isArray(made) ? made : String(made).split(',')).join(between)
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, resolved(inner as Value)] as const)
      .filter(([, inner]) => inner !== undefined),
  )
}

const PSEUDO: Readonly<Record<string, string | undefined>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Region': 'eu-central-1',
  'AWS::Partition': 'aws',
  'AWS::StackName': 'loglake',
  'AWS::NoValue': undefined,
}

function nameOf(name: string): string | undefined {
  return name in PSEUDO ? PSEUDO[name] : (ALL[name] ?? name)
}

/** Of a resource of the template, in the form that its service has. */
function arnOf(resource: string): string {
  const [id = ''] = resource.split('.')
  const service = template().Resources[id]?.Type.split('::')[1]?.toLowerCase() ?? ''
  const at = 'eu-central-1:111122223333'
  return (
    {
      kms: `arn:aws:kms:${at}:key/0f3c2b1a-0000-4000-8000-00000000000a`,
      sqs: `arn:aws:sqs:${at}:loglake`,
      s3: 'arn:aws:s3:::loglake',
      logs: `arn:aws:logs:${at}:log-group:loglake:*`,
      kinesisfirehose: `arn:aws:firehose:${at}:deliverystream/loglake`,
      iam: 'arn:aws:iam::111122223333:role/loglake',
    }[service] ?? `arn:aws:${service}:${at}:loglake`
  )
}

function actionsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'Action' ? ([inner].flat() as string[]) : actionsIn(inner),
  )
}
