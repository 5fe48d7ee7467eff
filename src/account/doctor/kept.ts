import { examine } from './examine.ts'
import { checksNamed } from './index.ts'
import { type ReportJson, reportJson } from './json.ts'
import type { Setup } from './setup.ts'

/** A page that is opened again and again asks AWS no more often. */
const KEPT_MS = 5 * 60_000
/** Nor does somebody who presses the button without end. */
const LEAST_MS = 5_000

/** Examinations that only read, each kept for some minutes; those who ask meanwhile share one. */
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
