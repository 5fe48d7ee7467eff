import type { Lake } from '../../lake/lake.ts'
import type { EngineLimits } from '../../lib/duckdb.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { findingsAnswer } from '../rules/asked.ts'
import { counted } from '../show/layout.ts'
import type { Paint } from '../show/output.ts'
import { severityText } from '../show/severity.ts'

/** How findings stand: what waits for somebody, what is hidden, and which rules could not run. */
export interface FindingStatus {
  bySeverity: { severity: string; findings: number; waiting: number; hidden: number }[]
  /** Of the last seven days. */
  failures: { rule: string; error: string; turns: number }[]
}

export async function findingStatus(lake: Lake, limits: EngineLimits): Promise<FindingStatus> {
  const counts = await findingsAnswer(lake, 'counts', {}, limits)
  const failures = await findingsAnswer(lake, 'failures', {}, limits)
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
  }
}

const ORDER = ['critical', 'high', 'medium', 'low', 'informational']

export function findingLines({ bySeverity, failures }: FindingStatus, look: Paint): string[] {
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
  return [...found, ...failed]
}
