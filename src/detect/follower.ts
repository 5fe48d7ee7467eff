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
  /** Findings that the lake has are made all the same: for trials that commit nothing. */
  again?: true
}

/**
 * Looks at every new row once and says what is wrong, with the rows that prove it.
 *
 * A finding has an id of its rule and its rows, and one that the lake has is not made again: rules can run over old rows as often
 * as one likes. Detectors are on their own: what one of them fails of is kept in `rule_failure`, and the others go on.
 */
export function detect(options: DetectOptions): Follower {
  const replayed = followerOf({ ...options, learns: false })
  return { ...followerOf({ ...options, learns: true }), replayed }
}

function followerOf(options: DetectOptions & { learns: boolean }): Follower {
  return {
    name: 'detect',
    doc: 'Looks at every new row once, by rules, texts, behaviour of agents and baselines, and makes findings of what is wrong.',
    tables: options.tables,
    writes: detectTables,
    again: 'replay',
    exclusive: true,
    // Rules and scanners are loaded with the first turn: every command knows the follower, few make it work.
    work: async (changes) => await (await import('./work.ts')).work(changes, options),
  }
}
