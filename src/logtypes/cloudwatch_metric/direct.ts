import { whole } from '../../json/shape.ts'
import type { DirectForm } from '../contract.ts'

/**
 * A data point as metric streams write it: numbers in any form (`3.0`, `1.2E-4`), with or without further
 * statistics.
 */
export const direct: DirectForm = {
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
  groupBy: ['namespace', 'metric_name', 'dimensions'],
  rows: new URL('./direct.sql', import.meta.url),
}
