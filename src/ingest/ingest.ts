import type { Lake } from '../lake/lake.ts'
import { ahead } from '../lib/stream.ts'
import type { Source } from '../sources/contract.ts'
import { batches } from './batch.ts'
import { saveCursors, withCursors } from './commit/cursors.ts'
import { prepareCommit } from './commit/prepare-commit.ts'
import type { Batch } from './contract.ts'
import { type IngestOptions, openSession } from './session.ts'
import { stages } from './stage/stage.ts'
import { faultPoint } from './steps.ts'
import { countObject, emptyTotals, type Totals } from './totals.ts'

/**
 * Reads a source's objects into the lake, exactly once.
 *
 * An object passes five steps: it is looked up in the ledger and fetched (`fetch/`), unzipped and split into
 * records by worker threads (`open/`), written to spool files with records of other objects (`spool/`),
 * turned into Parquet by DuckDB (`stage/`), and committed (`commit/`). Rows, ledger and rejects change in one
 * commit, and only then is the object acknowledged.
 *
 * So a crash at any point loses nothing: an object without acknowledgement comes again, and the ledger shows
 * whether its commit was made. A second writer is safe too: the commit that loses the race drops what the
 * winner has stored, and is made again. The steps overlap: while one batch is committed, the next is staged,
 * and a third is fetched and opened.
 */
export async function ingest(lake: Lake, source: Source, options: IngestOptions = {}): Promise<Totals> {
  const started = performance.now()
  const totals = options.totals ?? emptyTotals()
  const session = await openSession(lake, options, source.continuous === true)
  try {
    const opened = ahead(batches(session, source, totals), session.stop)
    for await (const { batch, staged, since } of ahead(stages(session, totals, opened), session.stop)) {
      const prepared = await prepareCommit(session, batch, staged)
      const { lost, changed } = await lake
        .commit('ingest', withCursors(source, batch, prepared.prepare), since)
        .finally(() => prepared.release())

      const done = prepared.outcome()
      for (const { object, counts } of done) countObject(totals, object, counts)
      totals.objects.already += batch.objects.length - done.length
      totals.deadLetters += prepared.deadLetters()
      totals.commits += changed ? 1 : 0
      totals.commitsLost += lost
      await acknowledge(batch)
      totals.sourceCounts = source.counts?.() ?? {}
      options.onProgress?.({
        objects: totals.objects.listed,
        records: totals.records.read,
        bytes: totals.bytes.delivered,
      })
    }
    await saveCursors(lake, source)
  } finally {
    // Objects that are not in the lake by now are released to their source.
    await source.close?.()
    await session.close()
  }
  totals.sourceCounts = source.counts?.() ?? {}
  totals.version = (await lake.newest()).number
  totals.seconds = (performance.now() - started) / 1000
  return totals
}

/** Messages are deleted here, after the commit, so a crash before it loses no object. */
async function acknowledge(batch: Batch): Promise<void> {
  const all = [...batch.objects.map(({ object }) => object), ...batch.again, ...batch.deadLetters]
  await Promise.all(all.map((found) => found.acknowledge()))
  faultPoint('acknowledged')
}
