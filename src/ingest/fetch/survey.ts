import type { Lake } from '../../lake/lake.ts'
import { isDeadLetter, type LogObject, type Source } from '../../sources/contract.ts'
import { type IngestOptions, openSession } from '../session.ts'
import { type Account, emptyAccount } from '../totals.ts'
import { newObjects } from './lookup.ts'

/** What an ingest would do, without reading an object. */
export interface Survey {
  /** listed = left out + already + to be read */
  listed: number
  leftOut: number
  already: number
  objects: number
  bytes: number
  /** When the first and the last of these were written, in milliseconds since 1970. */
  firstMs?: number
  lastMs?: number
}

/** Lists a source and asks the ledger, and counts what would be read. */
export async function survey(lake: Lake, source: Source, options: IngestOptions = {}): Promise<Survey> {
  const account = emptyAccount()
  const found: Survey = { listed: 0, leftOut: 0, already: 0, objects: 0, bytes: 0 }
  for await (const { bytes, writtenMs } of unread(lake, source, options, account)) {
    found.objects++
    found.bytes += bytes
    found.firstMs = Math.min(found.firstMs ?? writtenMs, writtenMs)
    found.lastMs = Math.max(found.lastMs ?? writtenMs, writtenMs)
  }
  const { listed, leftOut, already } = account.objects
  return { ...found, listed, leftOut, already }
}

async function* unread(
  lake: Lake,
  source: Source,
  options: IngestOptions,
  account: Account,
): AsyncGenerator<LogObject> {
  if (!(await lake.exists())) {
    // There is nothing to ask, and nothing is to be made.
    for await (const one of source.objects()) {
      if (isDeadLetter(one)) continue
      account.objects.listed++
      if ((options.wanted?.(one.uri) ?? true) && source.leftOut?.(one.uri) === undefined) yield one
      else account.objects.leftOut++
    }
    return
  }
  const session = await openSession(lake, options)
  try {
    for await (const one of newObjects(session, source, account)) {
      if (one.kind === 'fetch') yield one.object
      else if (one.kind === 'left-out') account.objects.leftOut++
    }
  } finally {
    await session.close()
  }
}
