import { hash } from 'node:crypto'
import { members, textOf as textAt } from '../../json/bytes.ts'
import type { Shape } from '../../json/shape.ts'
import { leftover } from '../../json/strict.ts'
import { timeOfMillis } from '../../json/time.ts'
import { type JsonObject, jsonAsDelivered, jsonOf, numberOf, objectOf, textOf } from '../../json/values.ts'
import type { Prepared, Row } from '../contract.ts'
import { millisecondsPerUnit } from './unit.ts'

export function isDatapoint(record: JsonObject): boolean {
  return typeof record.metric_name === 'string' && typeof record.namespace === 'string' && 'value' in record
}

/** The fields of a data point; those that are objects stay JSON. */
const SHAPE: Shape = {
  metric_stream_name: 'string',
  account_id: 'string',
  region: 'string',
  namespace: 'string',
  metric_name: 'string',
  dimensions: 'parsed',
  timestamp: 'long',
  value: 'json',
  unit: 'string',
}

/** One line of a metric stream, of which there are very many. */
export function ofDatapoint(bytes: Uint8Array, record: JsonObject): Prepared {
  const { timestamp } = record
  const time = typeof timestamp === 'number' ? timeOfMillis(timestamp) : undefined
  if (time === undefined)
    return { kind: 'rejected', reason: 'the field timestamp is no time in milliseconds' }
  const rest = leftover(bytes, record, SHAPE)
  if (rest.kind === 'refused') return { kind: 'rejected', reason: rest.reason }
  const account = textOf(record.account_id)
  const region = textOf(record.region)
  const namespace = textOf(record.namespace)
  const metric = textOf(record.metric_name)
  const unit = textOf(record.unit)
  const dimensions = jsonOf(record.dimensions)
  const value = jsonAsDelivered(deliveredValue(bytes))
  return {
    kind: 'row',
    row: {
      timestamp: time,
      // A data point that is delivered again with other values is another row: it was late, or came by a
      // stream with other statistics.
      id: hash('sha1', `${account}\n${region}\n${namespace}\n${metric}\n${dimensions}\n${value}\n${unit}`),
      kind: 'datapoint',
      account_id: account,
      region,
      namespace,
      metric_name: metric,
      dimensions,
      ...namesOf(objectOf(record.dimensions)),
      unit,
      ...statisticsOf(objectOf(record.value), millisecondsPerUnit(namespace, metric, unit)),
      value,
      metric_stream_name: textOf(record.metric_stream_name),
      unmapped: rest.unmapped,
    },
  }
}

/** The JSON text of a value as delivered, since `3.0` and `3` differ. */
function deliveredValue(bytes: Uint8Array): string | undefined {
  const found = members(bytes, 0)?.find(({ key }) => key === 'value')
  return found && bytes[found.start] !== NULL ? textAt(bytes, found.start, found.end) : undefined
}

const NULL = 0x6e

/** The dimensions that have columns. */
export function namesOf({ EndpointName, VariantName, ModelId }: JsonObject): Row {
  return { endpointname: textOf(EndpointName), variantname: textOf(VariantName), modelid: textOf(ModelId) }
}

function statisticsOf(value: JsonObject, factor: number | undefined): Row {
  const count = numberOf(value.count)
  const sum = numberOf(value.sum)
  const max = numberOf(value.max)
  const average = count && sum !== undefined ? sum / count : undefined
  return {
    count,
    sum,
    min: numberOf(value.min),
    max,
    average,
    average_ms: factor === undefined || average === undefined ? undefined : average * factor,
    max_ms: factor === undefined || max === undefined ? undefined : max * factor,
    ms_per_unit: factor,
  }
}
