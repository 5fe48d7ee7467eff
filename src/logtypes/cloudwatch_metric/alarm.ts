import { createHash } from 'node:crypto'
import { bodyOfEvent } from '../../envelopes/eventbridge.ts'
import { parseTimestamp } from '../../json/time.ts'
import {
  type JsonObject,
  jsonAsDelivered,
  jsonOf,
  listOf,
  numberOf,
  objectOf,
  textOf,
  type Value,
} from '../../json/values.ts'
import type { Prepared, Row } from '../contract.ts'
import { namesOf } from './datapoint.ts'
import { millisecondsPerUnit } from './unit.ts'

export function isAlarm(record: JsonObject): boolean {
  return (
    record.source === 'aws.cloudwatch' &&
    textOf(record['detail-type'])?.startsWith('CloudWatch Alarm ') === true
  )
}

/** An EventBridge event about an alarm: its state or its configuration changed. */
export function ofAlarm(bytes: Uint8Array, record: JsonObject): Prepared {
  const body = bodyOfEvent(bytes)
  if (typeof body === 'string') return { kind: 'rejected', reason: body }
  const detail = objectOf(record.detail)
  const state = objectOf(detail.state)
  const previous = objectOf(detail.previousState)
  const isState = record['detail-type'] === 'CloudWatch Alarm State Change'
  // A change of configuration repeats the time of the state that the alarm already had.
  const time = (isState ? parseTimestamp(state.timestamp) : undefined) ?? parseTimestamp(record.time)
  if (time === undefined) return { kind: 'rejected', reason: 'neither the state nor the event has a time' }
  const reasonData = parsed(state.reasonData)
  return {
    kind: 'row',
    row: {
      timestamp: time,
      id: textOf(record.id) || createHash('sha256').update(bytes).digest('hex').slice(0, 40),
      kind: isState ? 'alarm' : 'alarm-configuration',
      account_id: textOf(record.account),
      region: textOf(record.region),
      ...metricOf(objectOf(detail.configuration)),
      alarmname: textOf(detail.alarmName),
      alarmarn: textOf(listOf(record.resources)[0]),
      state: textOf(state.value),
      previousstate: textOf(previous.value),
      previoustimestamp: parseTimestamp(previous.timestamp),
      reason: textOf(state.reason),
      reasondata: jsonOf(reasonData),
      threshold: numberOf(objectOf(reasonData).threshold),
      operation: textOf(detail.operation),
      detail: jsonAsDelivered(body.detail),
      unmapped: body.unmapped,
    },
  }
}

/** The first metric of an alarm; an expression and a composite alarm have none. */
function metricOf({ metrics }: JsonObject): Row {
  const stats = listOf(metrics).map((one) => objectOf(objectOf(one).metricStat))
  const { metric, unit } = stats.find((stat) => 'metric' in stat) ?? {}
  const { namespace, name, dimensions } = objectOf(metric)
  return {
    namespace: textOf(namespace),
    metric_name: textOf(name),
    dimensions: jsonOf(dimensions),
    ...namesOf(objectOf(dimensions)),
    unit: textOf(unit),
    ms_per_unit: millisecondsPerUnit(textOf(namespace), textOf(name), textOf(unit)),
  }
}

/** The JSON in a text; any other text stays as it is. */
function parsed(text: Value): Value {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text) as Value
  } catch {
    return text
  }
}
