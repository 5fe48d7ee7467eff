import { literal } from '../lib/sql.ts'

/** Which events an analysis or a digest is about. Times as ISO 8601 in UTC; `until` is not in it. */
export interface Selection {
  since: string
  until: string
  /** Each of these: only those named; none named, all. */
  accounts?: readonly string[]
  regions?: readonly string[]
  /** As in `iam.amazonaws.com` or `iam`. */
  services?: readonly string[]
  /** Names as the column `actor` has them; `*` stands for anything. */
  principals?: readonly string[]
}

/** Who loglake is in the logs: what it does itself is left out, and counted. */
export interface Own {
  /** ARNs of roles and users that it works as. */
  roles: readonly string[]
  /** What the names of its batch jobs begin with. */
  jobs: string
  /** Where it puts the texts for batch jobs, as `bucket/prefix`; none without batches. */
  places: readonly string[]
}

/**
 * The calls that loglake makes of each service. Whoever has its role, or writes its name into their user agent, and does anything else
 * is not loglake at its work: that stays in the analysis.
 */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  s3: [
    ...['GetObject', 'HeadObject', 'PutObject', 'ListObjects', 'ListObjectsV2', 'ListBucket', 'HeadBucket'],
    ...['ListObjectVersions', 'GetBucketLocation', 'CreateMultipartUpload', 'UploadPart'],
    ...['CompleteMultipartUpload', 'AbortMultipartUpload'],
  ],
  sqs: [
    'ReceiveMessage',
    'DeleteMessage',
    'DeleteMessageBatch',
    'ChangeMessageVisibility',
    'GetQueueAttributes',
  ],
  sts: ['AssumeRole', 'GetCallerIdentity'],
  cloudtrail: ['LookupEvents'],
  logs: ['FilterLogEvents', 'GetLogEvents', 'DescribeLogGroups', 'DescribeLogStreams'],
  kms: ['Decrypt', 'GenerateDataKey'],
  sns: ['Publish', 'PublishBatch'],
  servicequotas: ['ListServiceQuotas', 'GetServiceQuota'],
  bedrock: [
    ...['InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream', 'ApplyGuardrail'],
    ...[
      'CreateModelInvocationJob',
      'GetModelInvocationJob',
      'ListModelInvocationJobs',
      'StopModelInvocationJob',
    ],
  ],
}

/** The condition on rows of `cloudtrail`, but for own activity: see `ownOf`. */
export function conditionOf(selection: Selection, since = selection.since): string {
  const { until, accounts, regions, services, principals } = selection
  const all = [
    `eventtime >= ${literal(since)}::timestamptz`,
    `eventtime < ${literal(until)}::timestamptz`,
    among("coalesce(recipientaccountid, useridentity_accountid, '')", accounts),
    among("coalesce(awsregion, '')", regions),
    among('eventsource', services?.map(serviceOf)),
    principals === undefined || principals.length === 0
      ? undefined
      : `(${principals.map((one) => `actor like ${literal(likeOf(one))} escape '\\'`).join(' or ')})`,
  ]
  return all.filter((one) => one !== undefined).join('\n    and ')
}

/** An expression that says by what a row is told to be our own, and is null where it is not. */
export function ownOf({ roles, jobs, places }: Own): string {
  const calls = Object.entries(CALLS).map(
    ([service, names]) =>
      `(eventsource = ${literal(serviceOf(service))} and eventname in (${names.map(literal).join(', ')}))`,
  )
  const role =
    roles.length === 0
      ? 'false'
      : `coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) in (${roles.map(literal).join(', ')})`
  const inPlace = places.map(
    (place) =>
      `(requestparameters ->> '$.bucketName') = ${literal(bucketOf(place))} and starts_with(coalesce(requestparameters ->> '$.key', requestparameters ->> '$.prefix', ''), ${literal(prefixOf(place))})`,
  )
  return `case
    when errorcode in ('AccessDenied', 'AccessDeniedException') then null
    when not (${calls.join('\n      or ')}) then null
    when ${role} then 'role'
    when contains(coalesce(useragent, ''), 'app/loglake') then 'user agent'
    when eventsource = 'bedrock.amazonaws.com' and starts_with(coalesce(requestparameters ->> '$.jobName', ''), ${literal(jobs)}) then 'job'
    ${inPlace.map((one) => `when ${one} then 'place'`).join('\n    ')}
  end`
}

/** `iam` → `iam.amazonaws.com` */
function serviceOf(name: string): string {
  return name.includes('.') ? name : `${name}.amazonaws.com`
}

function among(expression: string, values: readonly string[] | undefined): string | undefined {
  return values === undefined || values.length === 0
    ? undefined
    : `${expression} in (${values.map(literal).join(', ')})`
}

function likeOf(pattern: string): string {
  return pattern.replace(/[\\%_]/g, (one) => `\\${one}`).replaceAll('*', '%')
}

function bucketOf(place: string): string {
  return place.split('/', 1)[0] ?? ''
}

function prefixOf(place: string): string {
  return place.slice(bucketOf(place).length + 1)
}
