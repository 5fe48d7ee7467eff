import { UserError } from '../lib/errors.ts'
import type { Place, Wanted } from './contract.ts'
import { completed, conditionHolds, refusals } from './stack/evaluate.ts'

/** What a person says of an account, as options of the command line have it. */
export interface Choices {
  stack: string
  /** `bucket` or `bucket/prefix`, of buckets that are there. */
  logBuckets: readonly string[]
  /** ARNs of the keys of these. */
  logKeys: readonly string[]
  newLogBucket: boolean
  lakeBucket: string | undefined
  objectLockDays: number
  logDays: number
  /** A trail of our own, none, or the name of one that is there. */
  trail: boolean | string
  organization: string | undefined
  dataEvents: boolean
  sessions: boolean
  bedrock: boolean
  events: boolean
  metrics: boolean
  glue: boolean
  /** A detector, the one that is there (true), or none. */
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
}

/** @param detector GuardDuty's detector that is there, for `guardduty: true` */
export function wantedOf(choices: Choices, place: Place, detector: string | undefined): Wanted {
  const buckets = choices.logBuckets.map(bucketAndPrefix)
  const yesNo = (value: boolean) => (value ? 'yes' : 'no')
  const found = choices.guardduty === true ? detector : choices.guardduty
  // Who may assume the role unless somebody is named: those of this account whom its administrators let.
  const self = choices.worker === 'none' ? `arn:${place.partition}:iam::${place.account}:root` : ''
  const parameters: Record<string, string> = {
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
    ...choices.set,
  }
  const all = completed(parameters)
  const refused = refusals(parameters)
  if (refused.length > 0) throw new UserError(refused.join('\n'))
  if (buckets.length === 0 && all.LogBucket === 'none')
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

/** `bucket/prefix/` → the bucket, and what its logs' keys begin with. */
function bucketAndPrefix(text: string): { bucket: string; prefix: string } {
  const [, bucket = '', prefix = ''] = /^(?:s3:\/\/)?([^/]*)(?:\/(.*))?$/.exec(text) ?? []
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new UserError(
      `--log-bucket ${text}: a bucket is wanted, or a bucket and a prefix, as in example-logs/AWSLogs/`,
    )
  return { bucket, prefix }
}
