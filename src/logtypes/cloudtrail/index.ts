import type { Delivery } from '../../envelopes/contract.ts'
import { plainTime } from '../../envelopes/time.ts'
import type { FlattenedType, JsonObject } from '../contract.ts'
import { shapeOf } from '../shape.ts'
import { columns } from './columns.ts'

export const cloudtrail: FlattenedType = {
  name: 'cloudtrail',
  doc: 'One row per API call or service event that CloudTrail recorded, all event versions and categories.',
  columns,
  shape: shapeOf(columns, { eventID: 'id' }),
  required: ['eventVersion', 'eventTime'],
  id: 'eventid',
  time: 'eventtime',
  sort: ['useridentity_arn', 'eventsource', 'eventname', 'eventtime'],
  timeField: 'eventTime',
  recognise,
  judge,
  flatten: new URL('./flatten.sql', import.meta.url),
  queries: new URL('./queries/', import.meta.url),
}

/** By its version, or, where somebody left that out or made a number of it, by what every event has. */
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
