import { likePattern, literal } from '../lib/sql.ts'

/** The events of an analysis or a digest. Times are ISO 8601 in UTC; `until` is excluded. */
export interface Selection {
  since: string
  until: string
  /** For each list: only the named ones, or all when it is empty. */
  accounts?: readonly string[]
  regions?: readonly string[]
  /** As in `iam.amazonaws.com` or `iam`. */
  services?: readonly string[]
  /** Names as the column `actor` has them; `*` stands for anything. */
  principals?: readonly string[]
}

/** How loglake appears in the logs: its own activity is left out, and counted. */
export interface Own {
  /** ARNs of the roles and users that it uses. */
  roles: readonly string[]
  /** Prefix of the names of its batch jobs. */
  jobs: string
  /** The location of the texts for batch jobs, as `bucket/prefix`; none without batches. */
  places: readonly string[]
}

/**
 * The calls that loglake makes in its work, by service. Other calls under its role, or with its name in the
 * user agent, stay in the analysis. So do deletions, though `vacuum` and the mirror in Glue make some: who
 * has its credentials could destroy a lake by them.
 */
export const OWN_CALLS: Readonly<Record<string, readonly string[]>> = {
  s3: [
    ...['GetObject', 'HeadObject', 'PutObject', 'ListObjects', 'ListObjectsV2', 'ListBucket', 'HeadBucket'],
    ...['ListObjectVersions', 'GetBucketLocation', 'CreateMultipartUpload', 'UploadPart'],
    ...['CompleteMultipartUpload', 'AbortMultipartUpload', 'GetObjectVersion', 'ListMultipartUploads'],
  ],
  sqs: [
    'ReceiveMessage',
    'DeleteMessage',
    'DeleteMessageBatch',
    'ChangeMessageVisibility',
    ...[
      'GetQueueAttributes',
      'GetQueueUrl',
      'SendMessage',
      'SendMessageBatch',
      'ChangeMessageVisibilityBatch',
    ],
  ],
  sts: ['AssumeRole', 'GetCallerIdentity'],
  cloudtrail: ['LookupEvents', 'ListPublicKeys'],
  logs: [
    ...['FilterLogEvents', 'GetLogEvents', 'DescribeLogGroups', 'DescribeLogStreams'],
    ...['CreateLogStream', 'PutLogEvents'],
  ],
  events: ['PutEvents'],
  firehose: ['PutRecord', 'PutRecordBatch'],
  glue: ['GetDatabase', 'CreateDatabase', 'GetTable', 'GetTables', 'CreateTable', 'UpdateTable'],
  athena: ['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults', 'StopQueryExecution'],
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
      : `(${principals.map((one) => `actor like ${literal(likePattern(one))} escape '\\'`).join(' or ')})`,
  ]
  return all.filter((one) => one !== undefined).join('\n    and ')
}

/** An SQL expression: what identifies a row as one of our own calls; null where it is not. */
export function ownOf({ roles, jobs, places }: Own): string {
  const calls = Object.entries(OWN_CALLS).map(
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

function bucketOf(place: string): string {
  return place.split('/', 1)[0] ?? ''
}

function prefixOf(place: string): string {
  return place.slice(bucketOf(place).length + 1)
}
