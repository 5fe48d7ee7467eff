import type { Changes } from '../follow/contract.ts'
import type { Rule } from './contract.ts'
import type { DetectSettings } from './settings.ts'
import { ruleSwitch } from './tables.ts'

/** Whether a rule is off: by a person's last switch, else by the configuration, else by its own default. */
export async function switchedOff(
  changes: Changes,
  settings: DetectSettings,
): Promise<(rule: Rule) => boolean> {
  const rows = await changes.engine.rows(
    `select rule, arg_max(is_off, made_at) from ${await changes.whole(ruleSwitch)} group by rule`,
  )
  const switches = new Map(rows.map(([rule, off]) => [String(rule), off === true]))
  return (rule) => isOff(rule, settings, switches)
}

export function isOff(
  rule: Rule,
  { off, on }: Pick<DetectSettings, 'off' | 'on'>,
  switches: ReadonlyMap<string, boolean>,
): boolean {
  const switched = switches.get(rule.id)
  if (switched !== undefined) return switched
  const names = [rule.id, ...(rule.name === undefined ? [] : [rule.name])]
  if (names.some((name) => off.includes(name))) return true
  if (names.some((name) => on.includes(name))) return false
  return rule.off !== undefined
}
