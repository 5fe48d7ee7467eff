/**
 * OCSF 1.8.0 (schema.ocsf.io, of 2026-03-16), with the profiles `cloud` and `datetime`: calls are API
 * Activity (6003), sign-ins Authentication (3002), changes of users and their rights Account Change (3001),
 * findings Detection Finding (2004). Calls of models are API Activity with the profile `ai_operation`, which
 * 1.8.0 has for that class alone.
 */
import type { TableDefinition } from '../../lake/table.ts'
import type { Row } from '../redact.ts'
import { each, type Shape } from './contract.ts'
import { accountChange, apiActivity, authentication, classOf } from './ocsf/cloudtrail.ts'
import type { Made } from './ocsf/event.ts'
import { detectionFinding, guarddutyFinding } from './ocsf/finding.ts'
import { bedrockCall, sagemakerCall } from './ocsf/model-call.ts'

const MAKERS: Readonly<Record<string, (row: Row, made: Made) => object>> = {
  cloudtrail(row, made) {
    const kind = classOf(row)
    if (kind === 'authentication') return authentication(row, made)
    return kind === 'account change' ? accountChange(row, made) : apiActivity(row, made)
  },
  bedrock_invocation: bedrockCall,
  sagemaker_invocation: sagemakerCall,
  guardduty_finding: guarddutyFinding,
  finding: detectionFinding,
}

export const ocsf: Shape = {
  name: 'ocsf',
  doc: 'An event of OCSF 1.8.0: API Activity, Authentication, Account Change, Detection Finding.',
  whyNot: ({ name }: TableDefinition) =>
    Object.hasOwn(MAKERS, name)
      ? undefined
      : `OCSF has no class for rows of ${name}: of ${Object.keys(MAKERS).join(', ')} it has`,
  async open({ table, version }) {
    const make = MAKERS[table.name]
    if (!make) throw new Error(`OCSF has no class for rows of ${table.name}`)
    return each((row) => make(row, { version, table: table.name }))
  },
}
