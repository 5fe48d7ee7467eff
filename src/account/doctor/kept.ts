import { examine } from './examine.ts'
import { checksNamed } from './index.ts'
import { type ReportJson, reportJson } from './json.ts'
import type { Setup } from './setup.ts'

/** Time that a report is cached, so that opening the page again causes no requests to AWS. */
const KEPT_MS = 5 * 60_000
/** Minimum time between two examinations, even on request. */
const LEAST_MS = 5_000

/** Read-only examinations, each cached for some minutes; parallel callers share one. */
export function keptDoctor(setup: () => Setup): (anew: boolean) => Promise<ReportJson> {
  let kept: { report: Promise<ReportJson>; atMs: number } | undefined
  return async (anew) => {
    if (kept && Date.now() - kept.atMs < (anew ? LEAST_MS : KEPT_MS)) return await kept.report
    const of = setup()
    const report = examine(of, { checks: checksNamed([], of.settings.leave_out) }).then(reportJson)
    kept = { report, atMs: Date.now() }
    report.catch(() => {
      kept = undefined
    })
    return await report
  }
}
