import { whole } from '../../json/shape.ts'
import type { Plain } from '../contract.ts'

/** A data point as metric streams write them: numbers as they like (`3.0`, `1.2E-4`), statistics beyond the four or none. */
export const plain: Plain = {
  shape: {
    metric_stream_name: 'string',
    account_id: 'string',
    region: 'string',
    namespace: 'string',
    metric_name: 'string',
    dimensions: 'canonical',
    timestamp: 'millis',
    value: whole({ count: 'double', sum: 'double', min: 'double', max: 'double' }),
    unit: 'string',
  },
  required: ['namespace', 'metric_name', 'timestamp', 'value'],
  timeField: 'timestamp',
  clusterBy: ['namespace', 'metric_name', 'dimensions'],
  rows: new URL('./plain.sql', import.meta.url),
}
