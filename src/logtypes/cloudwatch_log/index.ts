import type { PreparedType } from '../contract.ts'
import { columns } from './columns.ts'
import { prepare } from './prepare.ts'

export const cloudwatchLog: PreparedType = {
  name: 'cloudwatch_log',
  doc: 'One row per event of CloudWatch Logs that no other log type takes: training jobs, endpoints, notebooks, applications.',
  columns,
  id: 'id',
  time: 'timestamp',
  sort: ['loggroup', 'logstream', 'timestamp'],
  recognise: ({ context }) => context.cloudwatch !== undefined,
  prepare,
  queries: new URL('./queries/', import.meta.url),
}
