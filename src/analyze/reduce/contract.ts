import type { Entry } from '../entry.ts'

/** The levels of the tree, from the bottom. Each is processed once, so merging always ends. */
export const FLOORS = ['principal', 'service', 'region', 'whole'] as const

export type Floor = (typeof FLOORS)[number]

/** Entries that one call of the model merges. */
export interface Knot {
  /** Equal for the same entries of the same run. */
  id: string
  floor: Floor
  key: string
  entries: readonly Entry[]
  tokens: number
}
