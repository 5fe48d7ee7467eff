import { elements, members, OPEN_ARRAY } from '../json/bytes.ts'
import type { Delivery, Wrapper } from './contract.ts'
import { deliveryOf } from './delivery.ts'

/** The answer of GuardDuty's GetFindings: the API writes camelCase, command line and SDKs PascalCase. */
export const getFindings: Wrapper = {
  name: 'get-findings',
  doc: 'The answer of GuardDuty\'s GetFindings: `{"Findings":[{…}]}`.',
  open({ bytes, record, context }) {
    const findings = record?.Findings ?? record?.findings
    if (!Array.isArray(findings) || !findings.every(isFinding)) return undefined
    const fields = members(bytes, 0)?.filter(({ key }) => /^[Ff]indings$/.test(key)) ?? []
    const lists = fields.filter(({ start }) => bytes[start] === OPEN_ARRAY)
    if (lists.length === 0) return undefined
    const inner: Delivery[] = lists.flatMap((list) =>
      elements(bytes, list.start).spans.map(({ start, end }) =>
        deliveryOf(bytes.subarray(start, end), context),
      ),
    )
    return inner.length > 0
      ? { kind: 'records', inner }
      : { kind: 'skipped', reason: 'an answer of GetFindings without findings' }
  },
}

/** Security Hub's findings lack these fields; they have a ProductArn. */
function isFinding(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (('service' in value && 'resource' in value) || ('Service' in value && 'Resource' in value))
  )
}
