import type { Lake } from '../lake/lake.ts'
import type { Source } from '../sources/contract.ts'
import { emptyAccount } from './account.ts'
import { newObjects } from './lookup.ts'
import { type IngestOptions, openSession } from './session.ts'

/** What an ingest would do, without reading an object. */
export interface Survey {
  /** listed = left out + already + to be read */
  listed: number
  leftOut: number
  already: number
  objects: number
  bytes: number
  /** The days of delivery of the first and the last object, as far as they are known: when these were written. */
  firstMs?: number
  lastMs?: number
}

/** Lists a source and asks the ledger, and counts what would be read. */
export async function survey(lake: Lake, source: Source, options: IngestOptions = {}): Promise<Survey> {
  const account = emptyAccount()
  const found: Survey = { listed: 0, leftOut: 0, already: 0, objects: 0, bytes: 0 }
  const session = await openSession(lake, options)
  try {
    for await (const one of newObjects(session, source, account)) {
      if ('deadLetter' in one) continue
      const { bytes, writtenMs } = one.object
      found.objects++
      found.bytes += bytes
      found.firstMs = Math.min(found.firstMs ?? writtenMs, writtenMs)
      found.lastMs = Math.max(found.lastMs ?? writtenMs, writtenMs)
    }
  } finally {
    await session.close()
  }
  const { listed, leftOut, already } = account.objects
  return { ...found, listed, leftOut, already }
}
