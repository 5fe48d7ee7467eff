import type { Follower } from '../follow/contract.ts'
import { detectTables } from './tables.ts'
import type { DetectOptions } from './turn.ts'

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
