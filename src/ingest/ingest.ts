import type { Lake } from '../lake/lake.ts'
import { step } from '../lib/steps.ts'
import type { Source } from '../sources/contract.ts'
import { ahead, batches, countObject } from './batch.ts'
import { saveCursors, withCursors } from './commit/cursors.ts'
import { settle } from './commit/settle.ts'
import type { Batch } from './contract.ts'
import { type IngestOptions, openSession } from './session.ts'
import { stages } from './stage/stage.ts'
import { type Account, emptyAccount } from './totals.ts'

/**
 * Brings a source's objects into the lake, exactly once: fetch and unwrap, stage as Parquet, commit, acknowledge.
 * While one batch is committed, the next is staged, and the one behind it is fetched and unwrapped.
 */
export async function ingest(lake: Lake, source: Source, options: IngestOptions = {}): Promise<Account> {
  const started = performance.now()
  const account = options.account ?? emptyAccount()
  const session = await openSession(lake, options, source.continuous === true)
  try {
    const opened = ahead(batches(session, source, account), session.stop)
    for await (const { batch, staged, since } of ahead(stages(session, account, opened), session.stop)) {
      const settling = await settle(session, batch, staged)
      const { lost, changed } = await lake
        .commit('ingest', withCursors(source, batch, settling.prepare), since)
        .finally(() => settling.release())

      const done = settling.outcome()
      for (const { object, counts } of done) countObject(account, object, counts)
      account.objects.already += batch.objects.length - done.length
      account.deadLetters += settling.letters()
      account.commits += changed ? 1 : 0
      account.commitsLost += lost
      await acknowledge(batch)
      account.told = source.told?.() ?? {}
      options.onProgress?.({
        objects: account.objects.listed,
        records: account.records.read,
        bytes: account.bytes.delivered,
      })
    }
    await saveCursors(lake, source)
  } finally {
    // What is not in the lake by now goes back to where it came from.
    await source.close?.()
    await session.close()
  }
  account.told = source.told?.() ?? {}
  account.version = (await lake.newest()).number
  account.seconds = (performance.now() - started) / 1000
  return account
}

/** Only now that the objects are in the lake may their messages go. */
async function acknowledge(batch: Batch): Promise<void> {
  const all = [...batch.objects.map(({ object }) => object), ...batch.again, ...batch.letters]
  await Promise.all(all.map((found) => found.acknowledge()))
  step('acknowledged')
}
