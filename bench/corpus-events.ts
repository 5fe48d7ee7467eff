// The number of a file in, its key and its gzip out. A file depends on its number and the plan only, so that
// any number of workers writes the same corpus.
import { gzipSync } from 'node:zlib'
import { createRandom, LETTERS_AND_DIGITS, type Random, UPPER_AND_DIGITS } from '../samples/random.ts'
import { type Caller, type Scene, SHAPES, type Shape, TOTAL_WEIGHT } from './corpus-shapes.ts'

export interface CorpusPlan {
  events: number
  eventsPerFile: number
  days: number
  accounts: number
  seed: number
  gzipLevel: number
}

export interface CorpusFile {
  key: string
  events: number
  rawBytes: number
  bytes: Buffer
}

interface Principal {
  identity: string
  address: string
  agent: string
  tls: boolean
}

export const FIRST_DAY = Date.UTC(2026, 0, 5)
const REGIONS = ['us-east-1', 'eu-central-1']
const ACCOUNTS = ['111122223333', '444455556666', '777788889999']
const WINDOW_SECONDS = 300
const LONGEST_BURST = 22
const LATE_SECONDS = 7200
const DENIED = 0.02
const LATE = 0.005

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
  'Boto3/1.42.21 md/Botocore#1.42.21 ua/2.1 os/linux#6.1.158 md/arch#x86_64 lang/python#3.12.12',
  'aws-sdk-go-v2/1.41.0 ua/2.1 os/linux lang/go#1.25.5 md/GOOS#linux md/GOARCH#arm64 exec-env/AWS_ECS_FARGATE m/E,g',
  'aws-sdk-js/3.964.0 ua/2.1 os/linux#5.10.247 lang/js md/nodejs#22.21.1 exec-env/AWS_Lambda_nodejs22.x m/E,e',
  'amazon-ssm-agent/3.3.3050.0 aws-sdk-go/1.55.8 (go1.25.3; linux; amd64)',
  'APN/1.0 HashiCorp/1.0 Terraform/1.14.3 (+https://www.terraform.io) terraform-provider-aws/6.27.0',
]
const CONSOLE =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36'
const SERVICES = ['sagemaker', 'lambda', 'config', 'ec2', 'glue', 'cloudtrail']

const LISTS = [
  'instances',
  'buckets',
  'prefixes',
  'keys',
  'functions',
  'endpoints',
  'jobs',
  'models',
  'roles',
  'secrets',
] as const

export function fileCount(plan: CorpusPlan): number {
  return Math.ceil(plan.events / plan.eventsPerFile)
}

export function makeFile(plan: CorpusPlan, index: number): CorpusFile {
  const random = createRandom(plan.seed, index)
  const account = accountAt(index % plan.accounts)
  const region = REGIONS[Math.floor(index / plan.accounts) % REGIONS.length] as string
  const events = Math.min(plan.eventsPerFile, plan.events - index * plan.eventsPerFile)
  const span = plan.days * 86_400 - WINDOW_SECONDS
  const start = Math.floor((span * index) / fileCount(plan))

  // A stream of files keeps its buckets, roles and jobs; who calls changes from file to file.
  const scene = makeScene(
    createRandom(plan.seed, 1_000_003, index % (plan.accounts * REGIONS.length)),
    account,
    region,
  )
  const cast = makeCast(random, scene, start)

  // Callers poll and loop: one call comes several times in a row, which is what makes these files so compressible.
  const records: string[] = []
  while (records.length < events) {
    const shape = random.weighted(SHAPES, TOTAL_WEIGHT, (each: Shape) => each.weight)
    const by = random.pick(cast[shape.by])
    const from = start + random.below(WINDOW_SECONDS) - (random.chance(LATE) ? random.below(LATE_SECONDS) : 0)
    const around = narrow(random, scene)
    const burst = Math.min(random.between(1, LONGEST_BURST), events - records.length)
    for (let i = 0; i < burst; i++) {
      records.push(makeRecord(random, around, shape, by, Math.max(0, from + random.below(10))))
    }
  }
  const raw = Buffer.from(`{"Records":[${records.join(',')}]}`, 'latin1')
  const key = makeKey(random, scene, start + WINDOW_SECONDS + random.between(30, 240))
  return { key, events, rawBytes: raw.length, bytes: gzipSync(raw, { level: plan.gzipLevel }) }
}

function accountAt(index: number): string {
  return ACCOUNTS[index] ?? String(100_000_000_000 + index * 1_000_003)
}

function makeKey(random: Random, scene: Scene, deliveredAt: number): string {
  const time = isoTime(deliveredAt)
  const stamp = `${time.slice(0, 16).replaceAll(/[-:]/g, '')}Z`
  const folder = `AWSLogs/o-exampleorgid/${scene.account}/CloudTrail/${scene.region}/${time.slice(0, 10).replaceAll('-', '/')}`
  return `${folder}/${scene.account}_CloudTrail_${scene.region}_${stamp}_${random.text(LETTERS_AND_DIGITS, 16)}.json.gz`
}

function isoTime(seconds: number): string {
  return `${new Date(FIRST_DAY + seconds * 1000).toISOString().slice(0, 19)}Z`
}

function makeScene(random: Random, account: string, region: string): Scene {
  const teams = Array.from({ length: 4 }, () => random.pick(TEAMS))
  function each(count: number, make: (team: string) => string): string[] {
    return Array.from({ length: count }, (_, i) => make(teams[i % teams.length] as string))
  }
  return {
    account,
    region,
    instances: each(12, () => `i-${random.hex(17)}`),
    buckets: each(4, (team) => `example-${team}-${account}-${region}`),
    prefixes: teams,
    keys: each(3, () => random.uuid()),
    functions: each(5, (team) => `${team}-${random.pick(['api', 'router', 'loader'])}`),
    endpoints: each(3, (team) => `${team}-llm-${random.between(1, 4)}`),
    jobs: each(
      8,
      (team) =>
        `${team}-2026-01-0${random.between(1, 9)}-${random.between(10, 23)}-00-00-${random.between(100, 999)}`,
    ),
    models: each(3, () => random.pick(MODELS)),
    roles: each(5, (team) => `${team}-${random.pick(['execution', 'pipeline', 'deploy', 'runtime'])}`),
    secrets: each(4, (team) => `${team}/database-${random.text(LETTERS_AND_DIGITS, 6)}`),
  }
}

// One loop works on one bucket, one job, one role.
function narrow(random: Random, scene: Scene): Scene {
  const one: Scene = { ...scene }
  for (const list of LISTS) one[list] = [random.pick(scene[list])]
  return one
}

function makeCast(random: Random, scene: Scene, start: number): Record<Caller, Principal[]> {
  return {
    person: Array.from({ length: 2 }, () => makePerson(random, scene, start)),
    workload: Array.from({ length: 6 }, () => makeWorkload(random, scene, start)),
    service: Array.from({ length: 2 }, () => makeService(random)),
  }
}

function makePerson(random: Random, scene: Scene, start: number): Principal {
  const name = random.pick(PEOPLE)
  const role = `AWSReservedSSO_${random.pick(['PowerUser', 'ReadOnly', 'DataScientist'])}_${'0123456789abcdef'}`
  const path = `aws-reserved/sso.amazonaws.com/${scene.region}/`
  return {
    identity: session(random, scene, { role, path, session: `${name}@example.com`, mfa: 'true', start }),
    address: `203.0.113.${random.between(1, 254)}`,
    agent: CONSOLE,
    tls: true,
  }
}

function makeWorkload(random: Random, scene: Scene, start: number): Principal {
  const role = random.pick(scene.roles)
  const instance = random.pick(scene.instances)
  const studio = random.chance(0.3)
  return {
    identity: session(random, scene, {
      role,
      path: studio ? 'service-role/' : '',
      session: studio ? 'SageMaker' : instance,
      mfa: 'false',
      start,
      tail: studio
        ? `,"sourceIdentity":"${random.pick(PEOPLE)}"}}`
        : `,"ec2RoleDelivery":"2.0"},"inScopeOf":{"issuerType":"AWS::EC2::Instance","credentialsIssuedTo":"arn:aws:ec2:${scene.region}:${scene.account}:instance/${instance}"}}`,
    }),
    address: `198.51.100.${random.between(1, 254)}`,
    agent: random.pick(AGENTS),
    tls: true,
  }
}

function makeService(random: Random): Principal {
  const service = `${random.pick(SERVICES)}.amazonaws.com`
  return {
    identity: `{"type":"AWSService","invokedBy":"${service}"}`,
    address: service,
    agent: service,
    tls: false,
  }
}

interface Session {
  role: string
  path: string
  session: string
  mfa: string
  start: number
  tail?: string
}

function session(random: Random, scene: Scene, of: Session): string {
  const id = `AROA${scene.account}${of.role.slice(-4).toUpperCase()}X`
  const created = isoTime(Math.max(0, of.start - random.below(3000)))
  return `{"type":"AssumedRole","principalId":"${id}:${of.session}","arn":"arn:aws:sts::${scene.account}:assumed-role/${of.role}/${of.session}","accountId":"${scene.account}","accessKeyId":"ASIA${random.text(UPPER_AND_DIGITS, 16)}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${id}","arn":"arn:aws:iam::${scene.account}:role/${of.path}${of.role}","accountId":"${scene.account}","userName":"${of.role}"},"attributes":{"creationDate":"${created}","mfaAuthenticated":"${of.mfa}"}${of.tail ?? '}}'}`
}

function makeRecord(random: Random, scene: Scene, shape: Shape, by: Principal, seconds: number): string {
  const call = shape.make(random, scene)
  const denied = shape.deniable && random.chance(DENIED)
  const error = denied
    ? `"errorCode":"AccessDenied","errorMessage":"User is not authorized to perform: ${shape.source.split('.')[0]}:${shape.name} because no identity-based policy allows the action",`
    : ''
  const additional = call.additional && !denied ? `"additionalEventData":${call.additional},` : ''
  const resources = call.resources ? `"resources":${call.resources},` : ''
  const host = by.tls
    ? `,"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"${shape.host}.${scene.region}.amazonaws.com","keyExchange":"x25519"}`
    : ''
  const tail = by.agent === CONSOLE ? ',"sessionCredentialFromConsole":"true"' : ''
  return `{"eventVersion":"1.11","userIdentity":${by.identity},"eventTime":"${isoTime(seconds)}","eventSource":"${shape.source}","eventName":"${shape.name}","awsRegion":"${scene.region}","sourceIPAddress":"${by.address}","userAgent":"${by.agent}",${error}"requestParameters":${call.request},"responseElements":${denied ? 'null' : (call.response ?? 'null')},${additional}"requestID":"${random.uuid()}","eventID":"${random.uuid()}","readOnly":${shape.readOnly},${resources}"eventType":"AwsApiCall","managementEvent":${!shape.data},"recipientAccountId":"${scene.account}","eventCategory":"${shape.data ? 'Data' : 'Management'}"${host}${tail}}`
}
