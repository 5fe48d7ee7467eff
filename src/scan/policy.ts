import type { PolicyName, TextRole } from './contract.ts'

/**
 * What a policy does with a column's value: `keep` it; `scan` it and mask what is found; put a `token` in the place of
 * the whole value; `remove` it, so that NULL is left.
 */
export type Treatment = 'keep' | 'scan' | 'token' | 'remove'

/** What of a column a policy goes by: the kinds of `logtypes/contract.ts`, and the role of its text. */
export interface Held {
  kinds: readonly string[]
  text?: TextRole | undefined
}

/** In these, a value can stand anywhere. */
const PROSE = ['prompt', 'completion', 'secret']

/**
 * The treatment of a column. Under `masked`, and under `drop` of rows in which nothing is found, a column that is somebody's name or address has a token in its place, so
 * that rows of one person can still be counted and joined, and text is scanned. Under `metadata`, what people and outsiders wrote
 * goes, and ids, names of AWS, numbers and times stay.
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
