import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { visible } from '../lib/terminal.ts'
import type { Rule } from './contract.ts'
import { allRules } from './index.ts'
import type { DetectSettings } from './settings.ts'
import { named } from './work.ts'

/** @throws UserError when no rule has this id or name, and no file has it */
export function ruleCalled(name: string, settings: DetectSettings): Rule {
  const all = allRules(settings).map(({ rule }) => rule)
  const found = all.find((rule) => named(rule, [name])) ?? all.find(({ id }) => id.startsWith(name))
  if (found && name !== '') return found
  const names = all.flatMap(({ name: one }) => (one === undefined ? [] : [one]))
  throw new UserError(
    `there is no rule "${visible(name)}"${didYouMean(name, names)}: \`loglake rules list\` has them`,
  )
}
