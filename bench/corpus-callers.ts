// Who calls in a benchmark corpus: the same principals all week long, with a new session every hour or so.
import { createRandom, LETTERS_AND_DIGITS, type Random, UPPER_AND_DIGITS } from '../samples/random.ts'
import type { Caller, Scene } from './corpus-shapes.ts'

export interface Principal {
  address: string
  agent: string
  tls: boolean
  instance?: string
  identityAt(seconds: number): string
}

export const CONSOLE =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36'

const FIRST_DAY = Date.UTC(2026, 0, 5)
const SHORTEST_SESSION = 2700
const LONGEST_SESSION = 4500

const TEAMS = [
  'payments',
  'search',
  'churn',
  'fraud',
  'pricing',
  'support',
  'ranking',
  'vision',
  'speech',
  'forecast',
]
const PEOPLE = [
  'alice',
  'bruno',
  'chen',
  'dalia',
  'emil',
  'farah',
  'goran',
  'hana',
  'ines',
  'jonas',
  'kofi',
  'lena',
]
const MODELS = [
  'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'amazon.nova-pro-v1:0',
  'amazon.titan-embed-text-v2:0',
  'meta.llama3-3-70b-instruct-v1:0',
]
const AGENTS = [
  'Boto3/1.42.21 md/Botocore#1.42.21 ua/2.1 os/linux#6.1.158 md/arch#x86_64 lang/python#3.12.12 md/pyimpl#CPython m/Z,b,E cfg/retry-mode#standard Botocore/1.42.21',
  'aws-sdk-go-v2/1.41.0 ua/2.1 os/linux lang/go#1.25.5 md/GOOS#linux md/GOARCH#arm64 exec-env/AWS_ECS_FARGATE m/E,g',
  'aws-sdk-js/3.964.0 ua/2.1 os/linux#5.10.247 lang/js md/nodejs#22.21.1 exec-env/AWS_Lambda_nodejs22.x m/E,e',
  'amazon-ssm-agent/3.3.3050.0 aws-sdk-go/1.55.8 (go1.25.3; linux; amd64)',
  'APN/1.0 HashiCorp/1.0 Terraform/1.14.3 (+https://www.terraform.io) terraform-provider-aws/6.27.0',
]
const SERVICES = ['sagemaker', 'lambda', 'config', 'ec2', 'glue', 'cloudtrail']
const SERVICE_ROLES = [
  { service: 'config', role: 'AWSServiceRoleForConfig', session: 'ConfigResourceCompositionSession' },
  { service: 'autoscaling', role: 'AWSServiceRoleForAutoScaling', session: 'AutoScaling' },
  { service: 'securityhub', role: 'AWSServiceRoleForSecurityHub', session: 'securityhub' },
  { service: 'trustedadvisor', role: 'AWSServiceRoleForTrustedAdvisor', session: 'TrustedAdvisor' },
  { service: 'resource-explorer-2', role: 'AWSServiceRoleForResourceExplorer', session: 'ResourceExplorer' },
]
const POD_AGENTS = [
  'karpenter',
  'cluster-autoscaler',
  'aws-load-balancer-controller',
  'external-dns',
  'external-secrets',
  'metrics-exporter',
  'inventory-scanner',
  'posture-scanner',
]

export function isoTime(seconds: number): string {
  return `${new Date(FIRST_DAY + seconds * 1000).toISOString().slice(0, 19)}Z`
}

export function makeScene(random: Random, account: string, region: string): Scene {
  const teams = Array.from({ length: 4 }, () => random.pick(TEAMS))
  function each(count: number, make: (team: string) => string): string[] {
    return Array.from({ length: count }, (_, i) => make(teams[i % teams.length] as string))
  }
  return {
    account,
    region,
    vpcEndpoint: `vpce-${random.hex(17)}`,
    instances: each(24, () => `i-${random.hex(17)}`),
    buckets: each(
      6,
      (team) => `example-${team}-${random.pick(['raw', 'lake', 'models'])}-${account}-${region}`,
    ),
    prefixes: teams,
    keys: each(4, () => random.uuid()),
    functions: each(8, (team) => `${team}-${random.pick(['api', 'router', 'loader'])}`),
    endpoints: each(4, (team) => `${team}-llm-${random.between(1, 4)}`),
    jobs: each(
      8,
      (team) =>
        `${team}-2026-01-0${random.between(1, 9)}-${random.between(10, 23)}-00-00-${random.between(100, 999)}`,
    ),
    models: each(3, () => random.pick(MODELS)),
    roles: each(8, (team) => `${team}-${random.pick(['execution', 'pipeline', 'deploy', 'runtime'])}`),
    secrets: each(4, (team) => `${team}/database-${random.text(LETTERS_AND_DIGITS, 6)}`),
  }
}

export function makeCast(random: Random, scene: Scene): Record<Caller, Principal[]> {
  return {
    person: Array.from({ length: 6 }, () => makePerson(random, scene)),
    workload: Array.from({ length: 10 }, () => makeWorkload(random, scene)),
    service: SERVICES.map(makeService),
    poller: [
      ...POD_AGENTS.map((name) => makePodAgent(random, scene, name)),
      ...SERVICE_ROLES.map((of) => makeServiceRole(random, scene, of)),
    ],
  }
}

function makePerson(random: Random, scene: Scene): Principal {
  const role = `AWSReservedSSO_${random.pick(['PowerUser', 'ReadOnly', 'DataScientist'])}_${'0123456789abcdef'}`
  const path = `aws-reserved/sso.amazonaws.com/${scene.region}/`
  const name = `${random.pick(PEOPLE)}@example.com`
  return {
    identityAt: sessions(random, scene, { role, path, session: name, mfa: 'true' }),
    address: `203.0.113.${random.between(1, 254)}`,
    agent: CONSOLE,
    tls: true,
  }
}

function makeWorkload(random: Random, scene: Scene): Principal {
  const role = random.pick(scene.roles)
  const instance = random.pick(scene.instances)
  const studio = random.chance(0.3)
  return {
    identityAt: sessions(random, scene, {
      role,
      path: studio ? 'service-role/' : '',
      session: studio ? 'SageMaker' : instance,
      mfa: 'false',
      tail: studio
        ? `},"sourceIdentity":"${random.pick(PEOPLE)}"`
        : `},"ec2RoleDelivery":"2.0"},"inScopeOf":{"issuerType":"AWS::EC2::Instance","credentialsIssuedTo":"arn:aws:ec2:${scene.region}:${scene.account}:instance/${instance}"`,
    }),
    address: `198.51.100.${random.between(1, 254)}`,
    agent: random.pick(AGENTS),
    tls: true,
    instance,
  }
}

function makeService(name: string): Principal {
  const service = `${name}.amazonaws.com`
  const identity = `{"type":"AWSService","invokedBy":"${service}"}`
  return { identityAt: () => identity, address: service, agent: service, tls: false }
}

function makeServiceRole(random: Random, scene: Scene, of: (typeof SERVICE_ROLES)[number]): Principal {
  const service = `${of.service}.amazonaws.com`
  return {
    identityAt: sessions(random, scene, {
      role: of.role,
      path: `aws-service-role/${service}/`,
      session: of.session,
      mfa: 'false',
      tail: '}',
      invokedBy: service,
    }),
    address: service,
    agent: service,
    tls: false,
  }
}

function makePodAgent(random: Random, scene: Scene, name: string): Principal {
  const provider = `arn:aws:iam::${scene.account}:oidc-provider/oidc.eks.${scene.region}.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE`
  return {
    identityAt: sessions(random, scene, {
      role: `platform-${name}`,
      path: 'eks/',
      session: `${name}-${random.between(1_000_000, 9_999_999)}`,
      mfa: 'false',
      tail: '}',
      federation: `"webIdFederationData":{"federatedProvider":"${provider}","attributes":{}},`,
    }),
    address: `198.51.100.${random.between(1, 254)}`,
    agent: AGENTS[1] as string,
    tls: true,
    instance: random.pick(scene.instances),
  }
}

interface Session {
  role: string
  path: string
  session: string
  mfa: string
  // What stands between the last of "attributes" and a closing brace: that brace, and what follows it.
  tail?: string
  federation?: string
  invokedBy?: string
}

// A time in, the identity block of the session of that time out: which one it is follows from the time alone.
function sessions(random: Random, scene: Scene, of: Session): (seconds: number) => string {
  const id = `AROA${scene.account}${of.role.slice(-4).toUpperCase()}X`
  const length = random.between(SHORTEST_SESSION, LONGEST_SESSION)
  const phase = random.below(length)
  const seed = random.next()
  const head = `{"type":"AssumedRole","principalId":"${id}:${of.session}","arn":"arn:aws:sts::${scene.account}:assumed-role/${of.role}/${of.session}","accountId":"${scene.account}","accessKeyId":"ASIA`
  const middle = `","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${id}","arn":"arn:aws:iam::${scene.account}:role/${of.path}${of.role}","accountId":"${scene.account}","userName":"${of.role}"},${of.federation ?? ''}"attributes":{"creationDate":"`
  const tail = `","mfaAuthenticated":"${of.mfa}"${of.tail ?? '}'}}${of.invokedBy ? `,"invokedBy":"${of.invokedBy}"` : ''}}`
  let current = Number.NaN
  let identity = ''
  return (seconds) => {
    const turn = Math.floor((seconds + phase) / length)
    if (turn !== current) {
      current = turn
      const key = createRandom(seed, turn).text(UPPER_AND_DIGITS, 16)
      identity = `${head}${key}${middle}${isoTime(turn * length - phase)}${tail}`
    }
    return identity
  }
}
