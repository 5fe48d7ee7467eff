import { bedrockOf } from '../../../aws/bedrock.ts'
import { iamOf } from '../../../aws/iam.ts'
import { bedrockQuotas, quotasOf } from '../../../aws/quotas.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises, unknown } from '../contract.ts'
import { type Place, partitionOf, placesOf } from '../facts.ts'
import { lets, policyOf, withStatement } from '../policy.ts'
import { guarded, ifThere } from '../trouble.ts'

export const models: Check = {
  name: 'models',
  group: 'What leaves',
  title: 'The models are there, and batch jobs may run',
  doc: 'The models and inference profiles of `doctor.models`: offered in the Region and not at the end of their life; the quota of records that a batch job needs at least; and that Bedrock may take on the role of `doctor.batch_role`.',
  permissions: [
    'bedrock:ListFoundationModels',
    'bedrock:ListInferenceProfiles',
    'servicequotas:ListServiceQuotas',
    'iam:GetRole',
  ],
  mends: 'Another id in loglake.yaml; the trust policy of the batch role.',
  aws: true,
  async run(premises) {
    const { models: wanted, batch_role: role } = premises.setup.settings
    const [place] = await placesOf(premises)
    if (!place || (wanted.length === 0 && role === undefined))
      return [none('loglake.yaml names no model of Bedrock')]
    const about = `${place.account} ${place.region}`
    const lines = await Promise.all([
      wanted.length === 0
        ? []
        : guarded('bedrock:ListFoundationModels', { about, as: place.identity }, () =>
            modelLines(premises, place, wanted),
          ),
      ...(role === undefined
        ? []
        : [
            guarded(`iam:GetRole on ${role}`, { about: role, as: place.identity }, () =>
              roleLine(premises, place, role),
            ),
            guarded('servicequotas:ListServiceQuotas', { about, as: place.identity }, () =>
              quotaLine(premises, place, about),
            ),
          ]),
    ])
    return lines.flat()
  },
}

async function modelLines(
  premises: Premises,
  { identity, region }: Place,
  wanted: readonly string[],
): Promise<Line[]> {
  const bedrock = await bedrockOf(premises.aws(identity), region)
  const { modelSummaries = [] } = await bedrock.listFoundationModels({})
  // A profile's id has a geography before the model's id: eu., us., apac., global.
  const needsProfiles = wanted.some((id) => !modelSummaries.some(({ modelId }) => modelId === id))
  const profiles = needsProfiles
    ? ((await bedrock.listInferenceProfiles({})).inferenceProfileSummaries ?? [])
    : []
  return wanted.map((id) => {
    const found = modelSummaries.find(({ modelId }) => modelId === id)
    const profile = profiles.find(({ inferenceProfileId, inferenceProfileArn }) =>
      [inferenceProfileId, inferenceProfileArn].includes(id),
    )
    if (profile)
      return profile.status === 'ACTIVE'
        ? ok('an inference profile, active', id)
        : not(`the inference profile is ${profile.status}`, another(region), id)
    if (!found)
      return not(`${region} offers no model and no inference profile of that id`, another(region), id)
    if (found.modelLifecycle?.status === 'LEGACY')
      return not('the model is at the end of its life: AWS will take it away', another(region), id)
    if (!(found.inferenceTypesSupported ?? ['ON_DEMAND']).includes('ON_DEMAND'))
      return not(
        'the model is to be had by an inference profile only',
        {
          does: `Name the profile: ${region.split('-')[0]}.${id}, or one of the list.`,
          commands: [sh`aws bedrock list-inference-profiles --region ${region}`],
        },
        id,
      )
    return ok('offered', id)
  })
}

function another(region: string) {
  return {
    does: 'Name one of the list in loglake.yaml.',
    commands: [sh`aws bedrock list-foundation-models --by-output-modality TEXT --region ${region}`],
  }
}

async function roleLine(
  premises: Premises,
  { identity: as, account, arn }: Place,
  role: string,
): Promise<Line> {
  const RoleName = role.split('/').at(-1) ?? ''
  const iam = await iamOf(premises.aws(as))
  const found = await ifThere(iam.getRole({ RoleName }))
  if (!found?.Role)
    return not(
      'there is no such role',
      { does: 'Make it, or correct doctor.batch_role.', commands: ['loglake aws plan'] },
      role,
    )
  const policy = policyOf(decodeURIComponent(found.Role.AssumeRolePolicyDocument ?? ''))
  const sender = {
    service: 'bedrock.amazonaws.com',
    action: 'sts:AssumeRole',
    source: `arn:${partitionOf(arn)}:bedrock:*:${account}:model-invocation-job/*`,
    account,
  }
  if (lets(policy, sender) === 'yes') return ok('Bedrock may take it on for this account', role)
  const open = lets(policy, sender) === 'from everywhere'
  const Sid = 'loglake'
  return not(
    open
      ? 'Bedrock may take it on for every account: it has no condition on aws:SourceAccount'
      : 'its trust policy does not let Bedrock take it on',
    {
      does: 'Let Bedrock take it on for this account.',
      calls: [
        {
          as,
          service: 'iam',
          action: 'UpdateAssumeRolePolicy',
          input: {
            RoleName,
            PolicyDocument: withStatement(
              {
                ...policy,
                Statement: policy.Statement.filter(
                  (one) => lets({ Statement: [one] }, sender) !== 'from everywhere',
                ),
              },
              {
                Sid,
                Effect: 'Allow',
                Principal: { Service: 'bedrock.amazonaws.com' },
                Action: 'sts:AssumeRole',
                Condition: { StringEquals: { 'aws:SourceAccount': account } },
              },
            ),
          },
        },
      ],
    },
    role,
  )
}

async function quotaLine(premises: Premises, { identity, region }: Place, about: string): Promise<Line> {
  const quotas = await bedrockQuotas(await quotasOf(premises.aws(identity), region))
  const least = quotas.filter(({ QuotaName = '' }) =>
    /minimum number of records per batch inference job/i.test(QuotaName),
  )
  if (least.length === 0) return unknown('no quota names the minimum number of records of a batch job', about)
  const max = Math.max(...least.map(({ Value = 0 }) => Value))
  return ok(`a batch job needs at least ${max} records: fewer go on demand`, about)
}
