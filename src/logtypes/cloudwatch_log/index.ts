import { isSessionId } from '../../envelopes/transcript.ts'
import type { PreparedType } from '../contract.ts'
import { columns } from './columns.ts'
import { prepare } from './prepare.ts'

export const cloudwatchLog: PreparedType = {
  kind: 'prepared',
  name: 'cloudwatch_log',
  doc: 'One row per event of CloudWatch Logs that no other log type takes: training jobs, endpoints, notebooks, applications.',
  columns,
  id: 'id',
  time: 'timestamp',
  keys: [
    { column: 'id', is: 'id' },
    { column: 'loggroup', is: 'name' },
    { column: 'logstream', is: 'name' },
  ],
  sort: ['loggroup', 'logstream', 'timestamp'],
  takes: 'anything',
  leaves: isSessionId,
  recognise: ({ context }) => context.cloudwatch !== undefined,
  prepare,
  queries: new URL('./queries/', import.meta.url),
}
