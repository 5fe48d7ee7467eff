import type { Changes } from '../follow/contract.ts'
import type { AppendedTable } from '../lake/table.ts'
import type { Detector, Rule } from './contract.ts'
import type { HoldsOf } from './finding.ts'
import type { DetectSettings } from './settings.ts'

export interface DetectOptions {
  /** The tables of the log types. */
  tables: readonly AppendedTable[]
  settings?: DetectSettings
  /** Only these rules, by id or name. */
  only?: readonly string[]
  /** Findings that the lake has are created again: for trials that commit nothing. */
  again?: true
}

/** The input of a detector, which is created anew in each turn. */
export interface Turn {
  changes: Changes
  settings: DetectSettings
  tables: ReadonlyMap<string, AppendedTable>
  holds: HoldsOf
  /** Whether a rule is on. */
  isOn(rule: Rule): boolean
  /** Whether new facts are remembered for later turns: false where rows are read again. */
  learns: boolean
}

/** A kind of detector, and its rules. */
export interface DetectorKind {
  /** The name of its folder, and of its findings' column `detector`. */
  name: string
  /** One sentence. */
  doc: string
  rules(settings: DetectSettings): readonly Rule[]
  open(turn: Turn): OpenDetector
}

export interface OpenDetector extends Detector {
  /** By table, a SELECT of the rows to remember; called after the detector has run. */
  remembers?(): Readonly<Record<string, string>>
}
