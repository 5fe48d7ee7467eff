import type { LakeChange } from '../../lake/change.ts'
import type { Lake, Prepare } from '../../lake/lake.ts'
import type { Source } from '../../sources/contract.ts'
import type { Batch } from '../contract.ts'

/**
 * Adds the source's cursors to a commit, so that its rows and its position are in the lake together or not at
 * all.
 */
export function withCursors(source: Source, batch: Batch, prepare: Prepare): Prepare {
  return async (base) => {
    const change = await prepare(base)
    if (!change || !source.cursors) return change
    // Objects that another writer committed first are in the lake, too.
    const done = new Set([...batch.objects.map(({ object }) => object), ...batch.again].map(({ uri }) => uri))
    return { ...change, cursors: later(base.catalog.cursors, source.cursors(done)) }
  }
}

/** Commits the cursors of a source that found nothing new, so that it need not read the same span again. */
export async function saveCursors(lake: Lake, { cursors }: Source): Promise<void> {
  if (!cursors) return
  await lake.commit('cursor', async (base): Promise<LakeChange | undefined> => {
    const moved = later(base.catalog.cursors, cursors(new Set()))
    return Object.keys(moved).length > 0 ? { tables: {}, cursors: moved } : undefined
  })
}

/** The cursors that are ahead of the lake's: another worker may have moved those further. */
function later(known: Record<string, string>, cursors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(cursors).filter(([name, value]) => value > (known[name] ?? '')))
}
