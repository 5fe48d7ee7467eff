import { refusedRules } from '../../detect/rules.ts'
import type { DetectSettings } from '../../detect/settings.ts'
import type { Lake } from '../../lake/lake.ts'
import type { EngineLimits } from '../../lib/duckdb.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { findingsAnswer } from '../rules/asked.ts'
import { counted } from '../show/layout.ts'
import type { Paint } from '../show/output.ts'
import { severityText } from '../show/severity.ts'

/** The state of findings: open and hidden ones, and rules that could not run. */
export interface FindingStatus {
  bySeverity: { severity: string; findings: number; waiting: number; hidden: number }[]
  /** In the last seven days. */
  failures: { rule: string; error: string; turns: number }[]
  /** Rules of the user's folder that do not run, as they are written. */
  refused: { file: string; line: number; message: string }[]
}

export async function findingStatus(
  lake: Lake,
  settings: DetectSettings,
  limits: EngineLimits,
): Promise<FindingStatus> {
  const counts = await findingsAnswer(lake, 'counts', {}, limits)
  const failures = await findingsAnswer(lake, 'failures', { since: null }, limits)
  return {
    bySeverity: counts.rows.map(([severity, findings, waiting, hidden]) => ({
      severity: String(severity),
      findings: Number(findings),
      waiting: Number(waiting),
      hidden: Number(hidden),
    })),
    failures: failures.rows.map(([rule, , error, turns]) => ({
      rule: String(rule),
      error: String(error),
      turns: Number(turns),
    })),
    refused: refusedRules(settings).map(({ file, line, message }) => ({ file, line, message })),
  }
}

const ORDER = ['critical', 'high', 'medium', 'low', 'informational']

export function findingLines({ bySeverity, failures, refused }: FindingStatus, look: Paint): string[] {
  const sum = (of: 'findings' | 'waiting' | 'hidden') => bySeverity.reduce((all, one) => all + one[of], 0)
  const waiting = ORDER.flatMap((severity) => {
    const count = bySeverity.find((one) => one.severity === severity)?.waiting ?? 0
    return count === 0 ? [] : [`${grouped(count)} ${severityText(severity, look)}`]
  })
  const found =
    sum('findings') === 0
      ? []
      : [
          '',
          `${counted(sum('findings'), 'finding')}: ${waiting.length === 0 ? 'none is left to do' : `${waiting.join(', ')} wait for somebody`}, ${grouped(sum('hidden'))} hidden by suppressions. See \`loglake findings\`.`,
        ]
  const failed = failures.map(({ rule, error, turns }) =>
    look.yellow(
      `The rule ${visible(rule)} could not run in ${counted(turns, 'turn')} and was left out: ${visible(error.split('\n')[0] ?? '')}`,
    ),
  )
  const unread =
    refused.length === 0
      ? []
      : [
          look.yellow(
            `${counted(refused.length, 'rule')} of detect.rules cannot run as written: see \`loglake rules list\`.`,
          ),
        ]
  return [...found, ...failed, ...unread]
}
