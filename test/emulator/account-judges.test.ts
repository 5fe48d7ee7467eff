import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import type { Value } from '../../src/account/stack/contract.ts'
import { completed } from '../../src/account/stack/evaluate.ts'
import { template } from '../../src/account/stack/index.ts'
import { steps } from '../../src/account/steps/index.ts'
import { resolved } from '../account/resolved.ts'

/** Programs of others judge the templates: cfn-lint the whole, parliament and policy_sentry the policies and their actions. */

/** With all that the template can have: every condition that adds a statement holds. */
const ALL = completed({
  TrustedPrincipal: 'arn:aws:iam::111122223333:root',
  ExistingLogBuckets: 'example-trail,example-other',
  ExistingKeys: 'arn:aws:kms:eu-central-1:111122223333:key/0f3c2b1a-0000-4000-8000-00000000000a',
  GuardDutyDetector: '0'.repeat(32),
  Metrics: 'yes',
  ReadRoles: 'arn:aws:iam::*:role/loglake-worker-eu-central-1',
  Digests: 'yes',
  FindingsToTopic: 'yes',
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

it('hadolint finds nothing in the Dockerfile', () => {
  expect(execFileSync(resolve('.venv-account/bin/hadolint'), ['Dockerfile'], { encoding: 'utf8' })).toBe('')
})

it('a parser of HCL reads the Terraform module: one stack, of the one template', () => {
  const said = execFileSync(resolve('.venv-account/bin/hcl2tojson'), ['infra/terraform/main.tf'], {
    encoding: 'utf8',
  })
  const { resource, variable, output } = JSON.parse(said) as Record<string, object[]>
  const names = (blocks: object[] = []) =>
    blocks.flatMap((one) => Object.keys(one)).map((name) => name.replaceAll('"', ''))
  expect(names(resource)).toEqual(['aws_cloudformation_stack'])
  expect(names(variable)).toEqual(['name', 'parameters', 'tags'])
  expect(names(output)).toEqual(['outputs'])
  expect(JSON.stringify(resource)).toContain('/../loglake.yaml')
  expect(existsSync('infra/terraform/../loglake.yaml')).toBe(true)
})

it('parliament finds nothing of weight in a policy, and policy_sentry knows every action', () => {
  const policies: Record<string, unknown> = {}
  const actions = new Set(steps.flatMap((step) => step.actions))
  for (const [id, { Type, Properties = {} }] of Object.entries(template().Resources)) {
    const written = resolved(Properties as Value, ALL) as Record<string, unknown>
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
  const { found, unknown, unmatched } = JSON.parse(said) as {
    found: { severity: string }[]
    unknown: string[]
    unmatched: string[]
  }
  expect(unknown).toEqual([])
  // An action for which IAM knows no resource is allowed on * or not at all.
  expect(unmatched).toEqual([])
  expect(found.filter(({ severity }) => severity !== 'LOW')).toEqual([])
})

function actionsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'Action' ? ([inner].flat() as string[]) : actionsIn(inner),
  )
}
