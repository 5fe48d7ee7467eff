import type { Delivery } from '../../envelopes/contract.ts'
import { isTransformLine } from '../../envelopes/transform.ts'
import { isObject } from '../../json/values.ts'
import type { PreparedType } from '../contract.ts'
import { columns } from './columns.ts'
import { prepare } from './prepare.ts'

export const sagemakerInvocation: PreparedType = {
  kind: 'prepared',
  name: 'sagemaker_invocation',
  doc: 'One row per invocation of a SageMaker endpoint that Data Capture recorded, and per line of a batch transform that carries inference ids.',
  columns,
  id: 'id',
  time: 'eventmetadata_inferencetime',
  keys: [
    { column: 'id', is: 'id' },
    { column: 'eventmetadata_eventid', is: 'uuid' },
    { column: 'eventmetadata_inferenceid', is: ['uuid', 'id', 'name'] },
    { column: 'endpointname', is: 'name' },
    { column: 'conversation_id', is: ['uuid', 'id'] },
    { column: 'tool_uses', path: '$[*].id', is: 'tooluse' },
    { column: 'tool_results', path: '$[*].id', is: 'tooluse' },
  ],
  sort: ['endpointname', 'variantname', 'dialect', 'eventmetadata_inferencetime'],
  recognise,
  prepare,
  queries: new URL('./queries/', import.meta.url),
}

/** Recognized by its content: a bucket may hold captures under any prefix. */
function recognise({ record, bytes, context }: Delivery): boolean {
  if (!record) return context.cloudwatch === undefined && isTransformLine(bytes)
  if (isObject(record.captureData)) return isObject(record.eventMetadata) || 'eventVersion' in record
  return typeof record.SageMakerInferenceId === 'string'
}
