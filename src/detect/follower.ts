import type { Follower } from '../follow/contract.ts'
import type { AppendedTable } from '../lake/table.ts'
import type { DetectSettings } from './settings.ts'
import { detectTables } from './tables.ts'

export interface DetectOptions {
  /** The tables of the log types. */
  tables: readonly AppendedTable[]
  settings?: DetectSettings
  /** Only these rules, by id or name. */
  only?: readonly string[]
  /** Findings that the lake has are created again: for trials that commit nothing. */
  again?: true
}

/**
 * Examines every new row once and writes findings, with the rows as evidence.
 *
 * A finding's id is made of its rule and its rows, and a finding that the lake has is not created again:
 * rules can run over old rows any number of times. Detectors are independent: the failure of one goes to
 * `rule_failure`, and the others run on.
 */
export function detect(options: DetectOptions): Follower {
  const replayed = followerOf({ ...options, learns: false })
  return { ...followerOf({ ...options, learns: true }), replayed }
}

function followerOf(options: DetectOptions & { learns: boolean }): Follower {
  return {
    name: 'detect',
    doc: 'Examines every new row once, by rules, scanners of texts, behaviour of agents and baselines, and writes findings.',
    tables: options.tables,
    writes: detectTables,
    again: 'replay',
    exclusive: true,
    // Rules and scanners are loaded in the first turn: every command constructs the follower, but few run it.
    work: async (changes) => await (await import('./work.ts')).work(changes, options),
  }
}
