import { createHash } from 'node:crypto'
import { tokensOf } from '../../model/tokens.ts'
import { type Entry, ranked } from '../entry.ts'
import { FLOORS, type Floor, type Knot } from './contract.ts'
import { REDUCE_SYSTEM, reduceText } from './prompt.ts'

export { FLOORS, type Floor, type Knot }

/**
 * The calls of one level: entries of one principal (service, Region), as many as fit the budget. An entry
 * that is alone in its group needs no call, and moves up unchanged.
 */
export function knotsOf(
  run: string,
  floor: Floor,
  entries: readonly Entry[],
  tokens: number,
): { knots: Knot[]; alone: Entry[] } {
  const groups = new Map<string, Entry[]>()
  for (const entry of ranked(entries)) {
    const key = keyOf(floor, entry)
    const found = groups.get(key)
    if (found) found.push(entry)
    else groups.set(key, [entry])
  }
  const knots: Knot[] = []
  const alone: Entry[] = []
  for (const [key, those] of groups) {
    for (const some of chunks(those, tokens - tokensOf(REDUCE_SYSTEM, 'prose'))) {
      const [only] = some
      if (some.length === 1 && only) alone.push(only)
      else knots.push(knotOf(run, floor, key, some))
    }
  }
  return { knots, alone }
}

function knotOf(run: string, floor: Floor, key: string, entries: readonly Entry[]): Knot {
  const id = createHash('sha256')
    .update(JSON.stringify([run, floor, key, entries.map((entry) => entry.id)]))
    .digest('hex')
    .slice(0, 24)
  const knot = { id, floor, key, entries }
  return { ...knot, tokens: tokensOf(REDUCE_SYSTEM, 'prose') + tokensOf(reduceText(run, knot)) }
}

function keyOf(floor: Floor, { principals, services, regions }: Entry): string {
  if (floor === 'principal') return principals[0] ?? ''
  if (floor === 'service') return services[0] ?? ''
  return floor === 'region' ? (regions[0] ?? '') : ''
}

/** Most handles in one request: above this, a model confuses them. */
const MAX_ENTRIES = 40

function* chunks(entries: readonly Entry[], budget: number): Generator<Entry[]> {
  let some: Entry[] = []
  let used = 0
  for (const entry of entries) {
    const size = tokensOf(JSON.stringify(entry.text)) + 60
    if (some.length > 0 && (used + size > budget || some.length === MAX_ENTRIES)) {
      yield some
      some = []
      used = 0
    }
    some.push(entry)
    used += size
  }
  if (some.length > 0) yield some
}
