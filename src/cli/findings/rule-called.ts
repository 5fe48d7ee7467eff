import { ruleCalled } from '../../detect/named.ts'
import type { DetectSettings } from '../../detect/settings.ts'
import { finding } from '../../detect/tables.ts'
import type { Lake } from '../../lake/lake.ts'
import type { EngineLimits } from '../../lib/duckdb.ts'
import { UserError } from '../../lib/errors.ts'
import { answered } from '../rules/asked.ts'

/**
 * The id of a rule by its id or name; also of one that is gone, when findings of it are left.
 *
 * @throws UserError when there is neither
 */
export async function ruleIdCalled(
  lake: Lake,
  name: string,
  settings: DetectSettings,
  limits: EngineLimits,
): Promise<string> {
  try {
    return ruleCalled(name, settings).id
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown
    const { rows } = await answered(
      lake,
      `select rule from ${finding.name} where rule = $rule limit 1`,
      { rule: name },
      limits,
    )
    const [left] = rows
    if (!left) throw thrown
    return String(left[0])
  }
}
