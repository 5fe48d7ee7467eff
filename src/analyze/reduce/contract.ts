import type { Entry } from '../entry.ts'

/** The floors of the tree, from the ground up. Each is walked once, so the tree ends whatever there is in it. */
export const FLOORS = ['principal', 'service', 'region', 'whole'] as const

export type Floor = (typeof FLOORS)[number]

/** Entries that one call of the model puts together. */
export interface Knot {
  /** The same for the same entries of the same run. */
  id: string
  floor: Floor
  key: string
  entries: readonly Entry[]
  tokens: number
}
