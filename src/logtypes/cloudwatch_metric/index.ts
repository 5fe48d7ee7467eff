import type { Delivery } from '../../envelopes/contract.ts'
import type { PreparedType } from '../contract.ts'
import { isAlarm } from './alarm.ts'
import { columns } from './columns.ts'
import { isDatapoint } from './datapoint.ts'
import { direct } from './direct.ts'
import { prepare } from './prepare.ts'

export const cloudwatchMetric: PreparedType = {
  kind: 'prepared',
  name: 'cloudwatch_metric',
  doc: 'One row per data point of a CloudWatch metric stream, and per change of an alarm.',
  columns,
  id: 'id',
  time: 'timestamp',
  keys: [
    { column: 'id', is: 'id' },
    { column: 'endpointname', is: 'name' },
    { column: 'alarmname', is: 'name' },
    { column: 'alarmarn', is: 'arn' },
  ],
  sort: ['namespace', 'metric_name', 'endpointname', 'modelid', 'timestamp'],
  recognise: ({ record }: Delivery) => record !== undefined && (isDatapoint(record) || isAlarm(record)),
  prepare,
  direct,
  queries: new URL('./queries/', import.meta.url),
}
