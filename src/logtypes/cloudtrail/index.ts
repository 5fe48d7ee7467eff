import type { Delivery } from '../../envelopes/contract.ts'
import { plainTime } from '../../json/time.ts'
import type { JsonObject } from '../../json/values.ts'
import type { FlattenedType } from '../contract.ts'
import { shapeOf } from '../shape.ts'
import { columns } from './columns.ts'

export const cloudtrail: FlattenedType = {
  kind: 'flattened',
  name: 'cloudtrail',
  doc: 'One row per API call or service event that CloudTrail recorded, all event versions and categories.',
  columns,
  shape: shapeOf(columns, { eventID: 'id' }),
  required: ['eventVersion', 'eventTime'],
  id: 'eventid',
  time: 'eventtime',
  keys: [
    { column: 'eventid', is: 'uuid' },
    { column: 'requestid', is: ['uuid', 'id'] },
    { column: 'sharedeventid', is: 'uuid' },
    { column: 'f_sessionid', is: ['session', 'id'] },
    { column: 'useridentity_accesskeyid', is: 'accesskey' },
    { column: 'useridentity_principalid', is: 'principal' },
    { column: 'useridentity_arn', is: 'arn' },
    { column: 'useridentity_username', is: ['name', 'email'] },
    { column: 'useridentity_sessioncontext_sourceidentity', is: ['name', 'email'] },
    { column: 'useridentity_sessioncontext_sessionissuer_arn', is: 'arn' },
    { column: 'useridentity_sessioncontext_sessionissuer_principalid', is: 'principal' },
    { column: 'useridentity_sessioncontext_sessionissuer_username', is: 'name' },
    { column: 'useridentity_inscopeof_credentialsissuedto', is: ['arn', 'instance', 'name'] },
    { column: 'sourceipaddress', is: 'address' },
    { column: 'resources', path: '$[*].ARN', is: 'arn' },
    { column: 'requestparameters', path: '$.bucketName', is: 'bucket' },
    { column: 'requestparameters', path: '$.target', is: 'instance' },
  ],
  sort: ['useridentity_arn', 'eventsource', 'eventname', 'eventtime'],
  whose: {
    person:
      "coalesce(useridentity_sessioncontext_sourceidentity, useridentity_username, split_part(useridentity_arn, '/', -1))",
    role: 'useridentity_sessioncontext_sessionissuer_username',
  },
  timeField: 'eventTime',
  recognise,
  judge,
  flatten: new URL('./flatten.sql', import.meta.url),
  queries: new URL('./queries/', import.meta.url),
}

/** Recognized by its version, or, if that was removed or is a number, by the fields that every event has. */
function recognise({ record }: Delivery): boolean {
  if (!record) return false
  if (typeof record.eventVersion === 'string') {
    return 'eventTime' in record || 'eventID' in record || record.eventType === 'AwsAggregatedEvent'
  }
  return ['eventID', 'eventTime', 'eventSource', 'eventName', 'awsRegion'].every((field) => field in record)
}

function judge(record: JsonObject): string | undefined {
  const timeless = record.eventTime === undefined || record.eventTime === null
  if (timeless && (record.eventCategory === 'Aggregated' || record.eventType === 'AwsAggregatedEvent')) {
    return 'a summary of data events (CloudTrail-Aggregated), no event: it has no eventTime and no userIdentity'
  }
  if (record.eventSource === 'aws:s3' && 's3' in record)
    return 'an S3 event notification, no CloudTrail event'
  if (timeless) return 'the field eventTime is missing'
  if (typeof record.eventTime !== 'string' || plainTime(record.eventTime) === undefined) {
    return 'the field eventTime is no time'
  }
  return undefined
}
