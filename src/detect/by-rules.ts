import { rulesFor, ruleTables } from './rules.ts'
import type { SigmaRule } from './sigma/contract.ts'
import { sigmaDetector } from './sigma/detector.ts'
import type { DetectorKind } from './turn.ts'

/** Sigma rules: those of the package, and those in the user's folder. */
export const byRules: DetectorKind = {
  name: 'sigma',
  doc: 'Looks for what Sigma rules describe, in one scan of each table.',
  rules: (settings) => rulesFor(settings).sigma,
  open({ settings, isOn }) {
    const wanted = rulesFor(settings).sigma.flatMap((rule) => switched(rule, isOn(rule)))
    return sigmaDetector(wanted, { tables: ruleTables(settings.own) })
  },
}

/**
 * A rule that is on runs, even if it shipped switched off; the rules that a correlation refers to run with
 * it.
 */
function switched(rule: SigmaRule, isOn: boolean): SigmaRule[] {
  if (!isOn) return []
  const { off: _, ...on } = rule
  return [on as SigmaRule]
}
