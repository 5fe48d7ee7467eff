import { createHash } from 'node:crypto'
import { findingId } from '../../detect/finding.ts'
import { finding } from '../../detect/tables.ts'
import type { NewRow } from '../../lake/append.ts'
import type { Report } from './contract.ts'

/** The rule of findings that a model made, in the form of other rules. */
const RULE = { id: 'loglake-analyze', version: '1' }
const MAX_EVIDENCE = 100

export { finding as findingTable }

/**
 * The findings of a report as rows of `finding`. The id depends only on the rule and the events, not on the
 * analysis.
 */
export function findingRows({ findings }: Report): NewRow[] {
  return findings
    .filter(({ evidence }) => evidence.length > 0)
    .map(({ severity, text, who, accounts, regions, events, evidence }) => {
      const time = evidence.at(-1)?.time ?? ''
      const [actor = null] = who
      const [account = null] = accounts
      return {
        id: findingId(RULE, evidence.map(({ id }) => id).join(' ')),
        time,
        rule: RULE.id,
        rule_version: RULE.version,
        severity,
        title: 'Found by a model in an analysis',
        explanation: text,
        actor,
        account,
        region: regions[0] ?? null,
        resource: null,
        evidence_table: 'cloudtrail',
        evidence: JSON.stringify(
          evidence.slice(0, MAX_EVIDENCE).map(({ id, time: at }) => ({ table: 'cloudtrail', id, time: at })),
        ),
        evidence_rows: events,
        matched: '[]',
        attack: '[]',
        atlas: '[]',
        owasp: '[]',
        author: 'loglake',
        licence: null,
        detector: 'analyze',
        group_id: createHash('sha256')
          .update(JSON.stringify([RULE.id, actor ?? '', account ?? '', time.slice(0, 10)]))
          .digest('hex')
          .slice(0, 32),
        suppressed_by: null,
      }
    })
}
