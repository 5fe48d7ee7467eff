import type { Rule } from '../../detect/contract.ts'
import { rulesFor } from '../../detect/rules.ts'
import type { DetectSettings } from '../../detect/settings.ts'
import type { CorrelationRule } from '../../detect/sigma/contract.ts'
import { calledOf, isCorrelation, silentUnder } from '../../detect/sigma/correlate.ts'
import { visible } from '../../lib/terminal.ts'
import { counted } from '../show/layout.ts'
import { note } from '../show/output.ts'

/**
 * Rules that a correlation of their file refers to report nothing by themselves, also while that correlation
 * is off: the notes about them.
 */

/** The correlations that refer to a rule. */
export function correlationsOver({ id }: Rule, settings: DetectSettings): CorrelationRule[] {
  return rulesFor(settings)
    .sigma.filter(isCorrelation)
    .filter(({ correlation }) => correlation.of.some((one) => one.id === id))
}

/** Names the rules that serve no correlation that is on. */
export function noteSilent(settings: DetectSettings, off: (rule: Rule) => boolean): void {
  const { sigma } = rulesFor(settings)
  const running = sigma.filter((rule) => isCorrelation(rule) && rule.reports && !off(rule))
  const serving = new Set(running.flatMap(silentUnder))
  const silent = sigma.filter((rule) => !rule.reports && !serving.has(rule))
  if (silent.length === 0) return
  note(
    `${counted(silent.length, 'rule')} under correlations that are off, which report nothing by themselves: ${silent.map(calledOf).map(visible).join(', ')}`,
  )
}

/** A line for those under a rule that is switched off; empty where there are none. */
export function silentText(rule: Rule, settings: DetectSettings): string {
  const sigma = rulesFor(settings).sigma.find(({ id }) => id === rule.id)
  const silent = sigma ? silentUnder(sigma) : []
  if (silent.length === 0) return ''
  return `Its rules report nothing by themselves, on or off: ${silent.map(calledOf).map(visible).join(', ')}\n`
}
