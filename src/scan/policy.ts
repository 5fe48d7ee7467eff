import type { PolicyName, TextRole } from './contract.ts'

/**
 * A policy's treatment of a column's value: `keep` it; `scan` it and mask what is found; put a `token` in
 * place of the whole value; `remove` it, which leaves NULL.
 */
export type Treatment = 'keep' | 'scan' | 'token' | 'remove'

/**
 * The properties of a column on which a policy depends: the kinds of `logtypes/contract.ts`, and the role of
 * its text.
 */
export interface Held {
  kinds: readonly string[]
  text?: TextRole | undefined
}

/** Kinds in which sensitive values may occur anywhere. */
const PROSE = ['prompt', 'completion', 'secret']

/**
 * The treatment of a column. Under `masked`, and under `drop` for rows without a finding, a token replaces a
 * person's name or address, so that rows of one person can still be counted and joined, and text is scanned.
 * Under `metadata`, texts of people and outsiders are removed, while ids, names of AWS, numbers and times
 * stay.
 */
export function treatmentOf(policy: PolicyName, { kinds, text }: Held): Treatment {
  if (policy === 'full') return 'keep'
  const has = (...wanted: string[]) => wanted.some((kind) => kinds.includes(kind))
  const prose = text !== undefined || has(...PROSE)
  if (policy === 'metadata') return prose || has('person', 'address', 'outside') ? 'remove' : 'keep'
  if (prose) return 'scan'
  if (has('person', 'address')) return 'token'
  return has('outside') ? 'scan' : 'keep'
}
