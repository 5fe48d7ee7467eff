import type { Delivery } from '../../envelopes/contract.ts'
import type { JsonObject, PreparedType } from '../contract.ts'
import { bodyPaths } from './body.ts'
import { columns } from './columns.ts'
import { prepare } from './prepare.ts'

export const bedrockInvocation: PreparedType = {
  name: 'bedrock_invocation',
  doc: 'One row per call of a model on Amazon Bedrock, with what it was asked and what it answered.',
  columns,
  id: 'requestid',
  time: 'timestamp',
  sort: ['identity_arn', 'modelid', 'timestamp'],
  recognise,
  parts: ({ record }) => (record ? bodyPaths(record) : []),
  prepare,
  queries: new URL('./queries/', import.meta.url),
}

/** By its schema, or, where somebody left that out, by what every invocation has. */
function recognise({ record }: Delivery): boolean {
  if (!record) return false
  if (typeof record.schemaType === 'string') return record.schemaType === 'ModelInvocationLog'
  return FIELDS.every((field) => typeof record[field] === 'string') && hasSide(record)
}

const FIELDS = ['timestamp', 'requestId', 'operation', 'modelId']

function hasSide(record: JsonObject): boolean {
  return 'input' in record || 'output' in record || 'errorCode' in record
}
