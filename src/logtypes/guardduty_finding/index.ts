import type { Delivery } from '../../envelopes/contract.ts'
import type { PreparedType } from '../contract.ts'
import { isObject } from '../values.ts'
import { columns } from './columns.ts'
import { plain } from './plain.ts'
import { prepare } from './prepare.ts'

export const guarddutyFinding: PreparedType = {
  name: 'guardduty_finding',
  doc: 'One row per version of a GuardDuty finding: a finding comes again under its id whenever it is updated.',
  columns,
  id: 'id',
  time: 'updatedat',
  sort: ['type', 'id', 'updatedat'],
  recognise,
  prepare,
  plain,
  queries: new URL('./queries/', import.meta.url),
}

/** By what every finding has, in GuardDuty's own spelling or that of the SDKs. */
function recognise({ record }: Delivery): boolean {
  if (!record) return false
  const { type, service, resource, Type, Service, Resource } = record
  if (typeof type === 'string') return isObject(service) && isObject(resource) && 'severity' in record
  return typeof Type === 'string' && isObject(Service) && isObject(Resource) && 'Severity' in record
}
