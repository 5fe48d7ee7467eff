import { elements, members, OPEN_ARRAY } from '../json/bytes.ts'
import type { Delivery, Wrapper } from './contract.ts'
import { deliveryOf } from './delivery.ts'

/** What GuardDuty's GetFindings answers: the API in camelCase, command line and SDKs in PascalCase. */
export const getFindings: Wrapper = {
  name: 'get-findings',
  doc: 'The answer of GuardDuty\'s GetFindings: `{"Findings":[{…}]}`.',
  open({ bytes, record, context }) {
    const findings = record?.Findings ?? record?.findings
    if (!Array.isArray(findings) || !findings.every(isFinding)) return undefined
    const field = members(bytes, 0)?.find(({ key }) => /^[Ff]indings$/.test(key))
    if (!field || bytes[field.start] !== OPEN_ARRAY) return undefined
    const inner: Delivery[] = elements(bytes, field.start).spans.map(({ start, end }) =>
      deliveryOf(bytes.subarray(start, end), context),
    )
    return inner.length > 0 ? { inner } : { skipped: 'an answer of GetFindings without findings' }
  },
}

/** Security Hub's findings have neither; they have a ProductArn. */
function isFinding(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (('service' in value && 'resource' in value) || ('Service' in value && 'Resource' in value))
  )
}
