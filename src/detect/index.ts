import { agents } from './agents/index.ts'
import { baselines } from './baselines/index.ts'
import { byRules } from './by-rules.ts'
import type { Rule } from './contract.ts'
import { passages } from './passages/index.ts'
import type { DetectSettings } from './settings.ts'
import type { DetectorKind } from './turn.ts'

/** Every kind of detector; each is a folder and a line here. */
export const detectors: readonly DetectorKind[] = [byRules, passages, agents, baselines]

/** Every rule of every detector, whether on or off. */
export function allRules(settings: DetectSettings): readonly { rule: Rule; detector: string }[] {
  return detectors.flatMap(({ name, rules }) => rules(settings).map((rule) => ({ rule, detector: name })))
}
