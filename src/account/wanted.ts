import { UserError } from '../lib/errors.ts'
import type { Place, Wanted } from './contract.ts'
import { completed, conditionHolds, type Parameters, refusals } from './stack/evaluate.ts'
import { entriesOf } from './stack/index.ts'

/** A person's choices for an account, as options of the command line. */
export interface Choices {
  stack: string
  /** `bucket` or `bucket/prefix` of existing buckets. */
  logBuckets: readonly string[]
  /** ARNs of these buckets' keys. */
  logKeys: readonly string[]
  newLogBucket: boolean
  lakeBucket: string | undefined
  objectLockDays: number
  logDays: number
  /** A trail of our own, none, or the name of an existing one. */
  trail: boolean | string
  organization: string | undefined
  dataEvents: boolean
  sessions: boolean
  bedrock: boolean
  events: boolean
  metrics: boolean
  glue: boolean
  /** A detector, the existing one (true), or none. */
  guardduty: boolean | string
  capture: readonly string[]
  sampling: number
  email: string | undefined
  trust: string | undefined
  trustExternalId: string | undefined
  worker: 'none' | 'fargate'
  image: string | undefined
  vpc: string | undefined
  subnets: readonly string[]
  /** Any other parameter of the template. */
  set: Readonly<Record<string, string>>
  /** The choices that the person made: in place of the others, a stack that is there keeps what it has. */
  made: ReadonlySet<keyof Choices>
}

export const DEFAULTS: Choices = {
  stack: 'loglake',
  logBuckets: [],
  logKeys: [],
  newLogBucket: true,
  lakeBucket: undefined,
  objectLockDays: 0,
  logDays: 0,
  trail: true,
  organization: undefined,
  dataEvents: true,
  sessions: true,
  bedrock: true,
  events: true,
  metrics: false,
  glue: true,
  guardduty: true,
  capture: [],
  sampling: 100,
  email: undefined,
  trust: undefined,
  trustExternalId: undefined,
  worker: 'none',
  image: undefined,
  vpc: undefined,
  subnets: [],
  set: {},
  made: new Set(),
}

/** The choices that a parameter comes of. */
const CHOICES_OF: Readonly<Record<string, readonly (keyof Choices)[]>> = {
  Name: ['stack'],
  LogBucket: ['newLogBucket'],
  ExistingLogBuckets: ['logBuckets'],
  ExistingKeys: ['logKeys'],
  LogDays: ['logDays'],
  LakeBucket: ['lakeBucket'],
  ObjectLockDays: ['objectLockDays'],
  Trail: ['trail', 'newLogBucket'],
  DataEvents: ['dataEvents'],
  OrganizationId: ['organization'],
  SessionLogs: ['sessions'],
  Events: ['events'],
  Metrics: ['metrics'],
  Glue: ['glue'],
  GuardDutyDetector: ['guardduty'],
  Email: ['email'],
  TrustedPrincipal: ['trust'],
  ExternalId: ['trustExternalId'],
  Worker: ['worker'],
  Image: ['image'],
  VpcId: ['vpc'],
  Subnets: ['subnets'],
}

/**
 * @param detector GuardDuty's existing detector, for `guardduty: true`
 * @param earlier the parameters of the stack that is there
 */
export function wantedOf(
  choices: Choices,
  place: Place,
  detector: string | undefined,
  earlier: Parameters = {},
): Wanted {
  const buckets = choices.logBuckets.map(bucketAndPrefix)
  const yesNo = (value: boolean) => (value ? 'yes' : 'no')
  const found = choices.guardduty === true ? detector : choices.guardduty
  // By default, principals of this account whom its administrators allow may assume the role.
  const self = choices.worker === 'none' ? `arn:${place.partition}:iam::${place.account}:root` : ''
  const chosen: Record<string, string> = {
    Name: choices.stack,
    LogBucket: choices.newLogBucket ? 'new' : 'none',
    ExistingLogBuckets: [...new Set(buckets.map(({ bucket }) => bucket))].join(','),
    ExistingKeys: choices.logKeys.join(','),
    LogDays: String(choices.logDays),
    LakeBucket: choices.lakeBucket ?? 'new',
    ObjectLockDays: String(choices.objectLockDays),
    Trail: yesNo(choices.trail === true && choices.newLogBucket),
    DataEvents: yesNo(choices.dataEvents),
    OrganizationId: choices.organization ?? '',
    SessionLogs: yesNo(choices.sessions),
    Events: yesNo(choices.events),
    Metrics: yesNo(choices.metrics),
    Glue: yesNo(choices.glue),
    GuardDutyDetector: found || '',
    Email: choices.email ?? '',
    TrustedPrincipal: choices.trust ?? self,
    ExternalId: choices.trustExternalId ?? '',
    Worker: choices.worker,
    Image: choices.image ?? '',
    VpcId: choices.vpc ?? '',
    Subnets: choices.subnets.join(','),
  }
  const parameters = { ...chosen, ...keptOf(earlier, choices), ...choices.set }
  const all = completed(parameters)
  const refused = refusals(parameters)
  if (refused.length > 0) throw new UserError(refused.join('\n'))
  if (all.ExistingLogBuckets === '' && all.LogBucket === 'none')
    throw new UserError('no log bucket: give one that is there (--log-bucket), or let a new one be made')
  return {
    stack: choices.stack,
    parameters,
    buckets,
    trail: typeof choices.trail === 'string' ? choices.trail : undefined,
    bedrockLogging: choices.bedrock && conditionHolds('NewLogBucket', all),
    sessionPreferences: conditionHolds('SessionStream', all),
    capture: conditionHolds('NewLogBucket', all) ? choices.capture : [],
    sampling: choices.sampling,
  }
}

/**
 * Parameters of a stack that is there, of which a person chose nothing else; an older template may have had
 * others.
 */
export function keptOf(earlier: Parameters, { made, set }: Choices): Parameters {
  const known = entriesOf('parameters')
  const isKept = (name: string) =>
    name in known && !(name in set) && !CHOICES_OF[name]?.some((choice) => made.has(choice))
  // Nobody else has to assume the role of a worker on Fargate; one that runs elsewhere needs somebody who
  // does.
  const isOfOtherWorker = (name: string, value: string) =>
    name === 'TrustedPrincipal' && value === '' && made.has('worker')
  return Object.fromEntries(
    Object.entries(earlier).filter(([name, value]) => isKept(name) && !isOfOtherWorker(name, value)),
  )
}

/** `bucket/prefix/` → the bucket, and the prefix of its logs' keys. */
function bucketAndPrefix(text: string): { bucket: string; prefix: string } {
  const [, bucket = '', prefix = ''] = /^(?:s3:\/\/)?([^/]*)(?:\/(.*))?$/.exec(text) ?? []
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new UserError(
      `--log-bucket ${text}: a bucket is wanted, or a bucket and a prefix, as in example-logs/AWSLogs/`,
    )
  return { bucket, prefix }
}
