import type { Delivery } from '../../envelopes/contract.ts'
import { isObject } from '../../json/values.ts'
import type { PreparedType } from '../contract.ts'
import { columns } from './columns.ts'
import { direct } from './direct.ts'
import { prepare } from './prepare.ts'

export const guarddutyFinding: PreparedType = {
  kind: 'prepared',
  name: 'guardduty_finding',
  doc: 'One row per version of a GuardDuty finding: an updated finding is delivered again under the same id.',
  columns,
  id: 'id',
  time: 'updatedat',
  keys: [
    { column: 'id', is: 'id' },
    { column: 'arn', is: 'arn' },
    { column: 'resource_accesskeydetails_accesskeyid', is: 'accesskey' },
    { column: 'resource_accesskeydetails_principalid', is: 'principal' },
    { column: 'resource_accesskeydetails_username', is: 'name' },
    { column: 'resource_instancedetails_instanceid', is: 'instance' },
    { column: 'remoteip', is: 'address' },
  ],
  sort: ['type', 'id', 'updatedat'],
  recognise,
  prepare,
  direct,
  queries: new URL('./queries/', import.meta.url),
}

/** Recognized by the fields that every finding has, in GuardDuty's own spelling or that of the SDKs. */
function recognise({ record }: Delivery): boolean {
  if (!record) return false
  const { type, service, resource, Type, Service, Resource } = record
  if (typeof type === 'string') return isObject(service) && isObject(resource) && 'severity' in record
  return typeof Type === 'string' && isObject(Service) && isObject(Resource) && 'Severity' in record
}
