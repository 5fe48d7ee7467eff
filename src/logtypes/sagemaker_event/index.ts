import type { Delivery } from '../../envelopes/contract.ts'
import type { PreparedType } from '../contract.ts'
import { columns } from './columns.ts'
import { direct } from './direct.ts'
import { prepare } from './prepare.ts'

export const sagemakerEvent: PreparedType = {
  kind: 'prepared',
  name: 'sagemaker_event',
  doc: 'One row per EventBridge event of SageMaker: a job, an endpoint, a model, a pipeline or a cluster changed its state.',
  columns,
  id: 'id',
  time: 'time',
  keys: [
    { column: 'id', is: 'uuid' },
    { column: 'resourcename', is: 'name' },
    { column: 'resourcearn', is: 'arn' },
    { column: 'rolearn', is: 'arn' },
    { column: 'instanceid', is: 'instance' },
    { column: 'userprofilename', is: 'name' },
  ],
  sort: ['detail_type', 'resourcename', 'time'],
  recognise,
  prepare,
  direct,
  queries: new URL('./queries/', import.meta.url),
}

/**
 * Recognized by its source, which only AWS may use on EventBridge; AWS's own sample of a model package has a
 * list of them.
 */
function recognise({ record }: Delivery): boolean {
  if (!record || typeof record['detail-type'] !== 'string' || !('detail' in record)) return false
  const { source } = record
  return source === 'aws.sagemaker' || (Array.isArray(source) && source[0] === 'aws.sagemaker')
}
