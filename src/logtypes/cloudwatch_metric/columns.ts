import type { Column } from '../contract.ts'

/**
 * A metric stream's data points in JSON, and alarms that change their state.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-formats-json.html
 * and .../cloudwatch-and-eventbridge.html
 */
export const columns: readonly Column[] = [
  {
    name: 'timestamp',
    type: 'timestamptz',
    path: 'timestamp',
    doc: 'When the minute of the data point began, or when the alarm changed.',
    bounds: true,
  },
  {
    name: 'id',
    type: 'string',
    doc: "Made of the data point's content; the id of an alarm's event.",
  },
  {
    name: 'kind',
    type: 'string',
    doc: '`datapoint`, `alarm` for a change of state, `alarm-configuration` for a change of an alarm itself.',
  },
  {
    name: 'account_id',
    type: 'string',
    path: 'account_id',
    doc: 'The account that the metric or alarm is of.',
    bounds: true,
  },
  { name: 'region', type: 'string', path: 'region', doc: 'Its Region.', bounds: true },
  {
    name: 'namespace',
    type: 'string',
    path: 'namespace',
    doc: 'The namespace, as in `AWS/SageMaker`; of an alarm, that of its first metric.',
    bounds: true,
  },
  {
    name: 'metric_name',
    type: 'string',
    path: 'metric_name',
    doc: 'The metric, as in `ModelLatency`; of an alarm, its first.',
    bounds: true,
  },
  { name: 'dimensions', type: 'json', path: 'dimensions', doc: 'The dimensions, as JSON.' },
  { name: 'endpointname', type: 'string', doc: 'The dimension EndpointName.', bounds: true },
  { name: 'variantname', type: 'string', doc: 'The dimension VariantName.' },
  { name: 'modelid', type: 'string', doc: 'The dimension ModelId.', bounds: true },
  {
    name: 'unit',
    type: 'string',
    path: 'unit',
    doc: 'The unit, as in `Microseconds`, `Count`, `None`.',
  },
  { name: 'count', type: 'double', doc: 'How many values the data point is made of.' },
  { name: 'sum', type: 'double', doc: 'Their sum.' },
  { name: 'min', type: 'double', doc: 'The least of them.' },
  { name: 'max', type: 'double', doc: 'The greatest of them.' },
  { name: 'average', type: 'double', doc: 'Their average, in the unit of the metric.' },
  {
    name: 'average_ms',
    type: 'double',
    doc: "The average in milliseconds, for metrics that are times: SageMaker's latencies are in microseconds, Bedrock's are not.",
  },
  { name: 'max_ms', type: 'double', doc: 'The greatest in milliseconds, for metrics that are times.' },
  {
    name: 'ms_per_unit',
    type: 'double',
    doc: 'What a value is to be multiplied by for milliseconds; null for metrics that are no times.',
  },
  {
    name: 'value',
    type: 'json',
    path: 'value',
    doc: 'All statistics as they were delivered, as JSON: also percentiles and the like, as in `{"p99":…,"TM(25%:75%)":…}`.',
  },
  {
    name: 'metric_stream_name',
    type: 'string',
    path: 'metric_stream_name',
    doc: 'The metric stream that it came by.',
  },
  { name: 'alarmname', type: 'string', doc: 'The alarm.', bounds: true },
  { name: 'alarmarn', type: 'string', doc: "The alarm's ARN." },
  { name: 'state', type: 'string', doc: 'Its new state: OK, ALARM or INSUFFICIENT_DATA.' },
  { name: 'previousstate', type: 'string', doc: 'Its state before.' },
  { name: 'previoustimestamp', type: 'timestamptz', doc: 'When it got into the state before.' },
  { name: 'reason', type: 'string', doc: 'Why it changed, in a sentence.' },
  {
    name: 'reasondata',
    type: 'json',
    doc: 'Why it changed, as JSON: data points, threshold, period; null for composite alarms and changes by hand.',
  },
  { name: 'threshold', type: 'double', doc: 'The threshold that the data points were held against.' },
  { name: 'operation', type: 'string', doc: 'What was done to the alarm: create, update or delete.' },
  { name: 'detail', type: 'json', doc: "The detail of the alarm's event whole, as JSON." },
]
