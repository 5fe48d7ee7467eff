import type { Delivery } from '../../envelopes/contract.ts'
import type { JsonObject } from '../../json/values.ts'
import type { PreparedType } from '../contract.ts'
import { bodyPaths } from './body.ts'
import { columns } from './columns.ts'
import { prepare } from './prepare.ts'

export const bedrockInvocation: PreparedType = {
  kind: 'prepared',
  name: 'bedrock_invocation',
  doc: 'One row per call of a model on Amazon Bedrock, with its request and its answer.',
  columns,
  id: 'requestid',
  time: 'timestamp',
  keys: [
    { column: 'requestid', is: ['uuid', 'id'] },
    { column: 'identity_arn', is: 'arn' },
    { column: 'identity_name', is: 'name' },
    { column: 'identity_session', is: ['name', 'email'] },
    { column: 'conversation_id', is: ['uuid', 'id'] },
    { column: 'tool_uses', path: '$[*].id', is: 'tooluse' },
    { column: 'tool_results', path: '$[*].id', is: 'tooluse' },
  ],
  sort: ['identity_arn', 'modelid', 'timestamp'],
  whose: { person: 'coalesce(identity_session, identity_name)', role: 'identity_name' },
  recognise,
  overflowUris: ({ record }) => (record ? bodyPaths(record) : []),
  prepare,
  queries: new URL('./queries/', import.meta.url),
}

/** Recognized by its schema, or, if that was removed, by the fields that every invocation has. */
function recognise({ record }: Delivery): boolean {
  if (!record) return false
  if (typeof record.schemaType === 'string') return record.schemaType === 'ModelInvocationLog'
  return FIELDS.every((field) => typeof record[field] === 'string') && hasSide(record)
}

const FIELDS = ['timestamp', 'requestId', 'operation', 'modelId']

function hasSide(record: JsonObject): boolean {
  return 'input' in record || 'output' in record || 'errorCode' in record
}
