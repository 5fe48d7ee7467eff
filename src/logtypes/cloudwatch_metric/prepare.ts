import type { Delivery } from '../../envelopes/contract.ts'
import type { Prepared } from '../contract.ts'
import { ofAlarm } from './alarm.ts'
import { isDatapoint, ofDatapoint } from './datapoint.ts'

/** A data point of a metric stream, or an event about an alarm. */
export function prepare({ bytes, record = {} }: Delivery): Prepared {
  return isDatapoint(record) ? ofDatapoint(bytes, record) : ofAlarm(bytes, record)
}
