import { setTimeout as wait } from 'node:timers/promises'
import { type CompactOptions, compact } from '../lake/compact.ts'
import type { Lake } from '../lake/lake.ts'
import type { Journal } from './journal.ts'
import { ownWords } from './supervise.ts'

/** How a run keeps files large. */
export interface Compaction {
  /** Milliseconds between two looks. */
  pauseMs: number
  files: number
  ageMs: number
  options: Pick<CompactOptions, 'limits' | 'targetBytes' | 'groups'>
}

/**
 * Merges small files while the run lasts, a few groups at a time. A failure is logged, and tried again at the
 * next look: it never ends a run, and delays nothing else.
 */
export async function keepCompact(
  lake: Lake,
  { pauseMs, files, ageMs, options }: Compaction,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await wait(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return
    try {
      if (!(await lake.exists())) continue
      const policy = { files, ageMs, nowMs: Date.now() }
      for (const done of await compact(lake, { ...options, policy, signal }))
        journal.note('compacted', {
          table: done.table,
          filesBefore: done.filesBefore,
          filesAfter: done.filesAfter,
          bytesBefore: done.bytesBefore,
          bytesAfter: done.bytesAfter,
        })
    } catch (thrown) {
      journal.note('compaction failed, and is tried again', { failure: ownWords(thrown) })
    }
  }
}
