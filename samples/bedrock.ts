// Bedrock's part of the week: agents and people that call models.
import {
  BOTO_AGENT,
  type Caller,
  EU,
  lambdaCaller,
  ML,
  PROD,
  peopleAtWork,
  personCaller,
  US,
  workloadCaller,
} from './organisation.ts'
import { call, denied, resource, type Stage } from './record.ts'

const SONNET = 'anthropic.claude-sonnet-4-5-20250929-v1:0'
const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0'

// A support agent answers one ticket: some calls to its model, between them what its tools touch.
export function runSupportAgent(stage: Stage, at: number): void {
  const { random } = stage
  const of = {
    account: PROD,
    role: 'SupportAgentRole',
    session: `ticket-${random.between(40_000, 48_999)}`,
    scope: {
      issuerType: 'AWS::Lambda::Function',
      credentialsIssuedTo: `arn:aws:lambda:${US}:${PROD}:function:support-agent`,
    },
  }
  const by = workloadCaller(of, at, BOTO_AGENT, '198.51.100.140')
  let now = at
  for (let turn = random.between(2, 6); turn > 0; turn--) {
    converse(stage, now, by, PROD, 'Converse', `us.${SONNET}`)
    now += random.between(4, 12)
    if (turn > 1 && random.chance(0.5)) {
      const functionName = `arn:aws:lambda:${US}:${PROD}:function:lookup-order`
      call(stage, {
        at: now,
        account: PROD,
        region: US,
        service: 'lambda',
        name: 'Invoke',
        by,
        data: true,
        readOnly: false,
        request: { functionName, invocationType: 'RequestResponse' },
        resources: [resource(PROD, 'AWS::Lambda::Function', functionName)],
      })
      now += 2
    }
  }
}

export function runCodeAgent(stage: Stage, at: number): void {
  const { random } = stage
  const engineer = random.pick(peopleAtWork(at, ['alice', 'bruno', 'chen', 'ines', 'jonas']))
  const by = personCaller(engineer, at, 'cli', { account: ML, permissionSet: 'BedrockDeveloper' })
  let now = at
  for (let turn = random.between(2, 8); turn > 0; turn--) {
    converse(stage, now, by, ML, 'InvokeModelWithResponseStream', `us.${SONNET}`)
    now += random.between(6, 45)
  }
}

export function embed(stage: Stage, at: number): void {
  const { random } = stage
  const region = random.chance(0.5) ? US : EU
  const by = lambdaCaller(ML, region, 'document-index', 'document-index-role', at)
  for (let i = random.between(1, 4); i > 0; i--) {
    converse(
      stage,
      at + i,
      by,
      ML,
      'InvokeModel',
      random.chance(0.8) ? 'amazon.titan-embed-text-v2:0' : HAIKU,
      region,
    )
  }
}

function converse(
  stage: Stage,
  at: number,
  by: Caller,
  account: string,
  name: string,
  modelId: string,
  region = US,
): void {
  const { random } = stage
  const routed = modelId.startsWith('us.') && random.chance(0.6)
  const fate = random.next() % 50
  const refused = fate === 1 && name !== 'Converse'
  const arn = `arn:aws:bedrock:${region}:${account}:inference-profile/${modelId}`
  const throttled: [string, string] = [
    'ThrottlingException',
    'Too many tokens, please wait before trying again.',
  ]
  call(stage, {
    at,
    account,
    region,
    service: 'bedrock',
    name,
    by,
    host: `bedrock-runtime.${region}.amazonaws.com`,
    request: { modelId },
    ...(fate === 0 && { error: throttled }),
    ...(refused && { error: denied(by, 'bedrock', name, arn) }),
    ...(fate !== 0 &&
      !refused && {
        additional: {
          ...(routed && { inferenceRegion: random.pick(['us-west-2', 'us-east-2']) }),
          inputTokens: random.between(180, 9200),
          outputTokens: modelId.includes('embed') ? 0 : random.between(12, 1700),
        },
      }),
  })
}
