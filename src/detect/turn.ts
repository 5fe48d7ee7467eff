import type { Changes } from '../follow/contract.ts'
import type { AppendedTable } from '../lake/table.ts'
import type { Detector, Rule } from './contract.ts'
import type { HoldsOf } from './finding.ts'
import type { DetectSettings } from './settings.ts'

/** What a kind of detector is made of, for each turn anew. */
export interface Turn {
  changes: Changes
  settings: DetectSettings
  tables: ReadonlyMap<string, AppendedTable>
  holds: HoldsOf
  /** Rules that are on. */
  isOn(rule: Rule): boolean
  /** Whether what is new is to be remembered for later turns: not where rows are read once more. */
  learns: boolean
}

/** A kind of detector, and the rules that it goes by. */
export interface DetectorKind {
  /** The name of its room, and of its findings' column `detector`. */
  name: string
  /** One sentence. */
  doc: string
  rules(settings: DetectSettings): readonly Rule[]
  open(turn: Turn): OpenDetector
}

export interface OpenDetector extends Detector {
  /** By table, a SELECT of what is to be remembered; asked for when it has found what there is. */
  remembers?(): Readonly<Record<string, string>>
}
