import { ingest } from '../ingest/ingest.ts'
import type { IngestOptions } from '../ingest/session.ts'
import type { Totals } from '../ingest/totals.ts'
import type { Lake } from '../lake/lake.ts'
import { Interrupted } from '../lib/errors.ts'
import type { Source } from '../sources/contract.ts'
import { counted } from './show/layout.ts'
import { EXIT, note } from './show/output.ts'
import { drawProgress, watch } from './show/progress.ts'

/**
 * Runs an ingest with a progress line. Undefined when a person stopped it; then it prints that and sets the
 * exit code.
 *
 * @param count whether to count the source meanwhile, for a bar; listing a bucket costs money
 */
export async function runIngest(
  lake: Lake,
  source: Source,
  options: IngestOptions,
  { count = true }: { count?: boolean } = {},
): Promise<Totals | undefined> {
  const stop = new AbortController()
  const watched = watch(source, stop.signal)
  let records = 0
  let filtered = 0
  const stopDrawing = drawProgress(count ? source : undefined, () => ({
    objects: watched.seen() + filtered,
    records,
  }))
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted)
    stopDrawing()
    note('stopping: a commit under way is finished first (once more to stop at once)')
    stop.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  try {
    return await ingest(lake, watched.source, {
      ...options,
      interrupt: stop.signal,
      wanted(uri) {
        const wanted = options.wanted?.(uri) ?? true
        if (!wanted) filtered++
        return wanted
      },
      onProgress(progress) {
        records = progress.records
        options.onProgress?.(progress)
      },
    })
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown
    const settled = watched.settled()
    const what = `${counted(settled, 'object')} of this run ${settled === 1 ? 'is' : 'are'} in the lake`
    note(`stopped: ${what}, each whole; the same command goes on from there`)
    process.exitCode = EXIT.interrupted
    return undefined
  } finally {
    stopDrawing()
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}
