import type { JsonObject } from '../logtypes/contract.ts'
import type { EventBridgeEvent, Wrapper } from './contract.ts'
import { deliveryOf } from './delivery.ts'
import { members, OPEN_OBJECT } from './json.ts'

/**
 * An EventBridge event whose `detail` is a record that AWS also delivers without it: a CloudTrail event, a GuardDuty
 * finding. Other events are records themselves.
 */
export const eventbridge: Wrapper = {
  name: 'eventbridge',
  doc: 'EventBridge event: `{"detail-type":"AWS API Call via CloudTrail","detail":{…}}`.',
  open({ bytes, record, context }) {
    const event = record && eventOf(record)
    if (!event || !isWrapper(event)) return undefined
    const detail = members(bytes, 0)?.find(({ key }) => key === 'detail')
    if (!detail || bytes[detail.start] !== OPEN_OBJECT) return undefined
    // The detail's own bytes: parsed and written again, a number could change.
    return {
      inner: [deliveryOf(bytes.subarray(detail.start, detail.end), { ...context, eventbridge: event })],
    }
  },
}

function isWrapper({ detailType }: EventBridgeEvent): boolean {
  return / via CloudTrail$/.test(detailType) || detailType === 'GuardDuty Finding'
}

/** The envelope of an EventBridge event; undefined when the record is none. */
export function eventOf(record: JsonObject): EventBridgeEvent | undefined {
  const { id, source, account, time, region, resources } = record
  const detailType = record['detail-type']
  if (typeof detailType !== 'string' || typeof record.detail !== 'object') return undefined
  return {
    detailType,
    // One of AWS's own samples has the field twice, and the second is a list.
    source: String(Array.isArray(source) ? source[0] : source),
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof account === 'string' ? { account } : {}),
    ...(typeof time === 'string' ? { time } : {}),
    ...(typeof region === 'string' ? { region } : {}),
    ...(Array.isArray(resources) ? { resources: resources.map(String) } : {}),
  }
}
