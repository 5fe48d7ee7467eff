import type { Wrapper } from './contract.ts'
import { deliveryOfText } from './delivery.ts'

/**
 * An SNS notification, sent to a queue or to Firehose without raw delivery: the record is text in `Message`.
 */
export const sns: Wrapper = {
  name: 'sns',
  parsed: true,
  doc: 'SNS notification: `{"Type":"Notification","TopicArn":"…","Message":"{…}"}`.',
  open({ record, context }) {
    if (record?.Type !== 'Notification' || typeof record.Message !== 'string') return undefined
    return { kind: 'records', inner: [deliveryOfText(record.Message, context)] }
  },
}
