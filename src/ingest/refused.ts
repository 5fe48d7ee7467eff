import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { elements, joinArray, type Span } from '../envelopes/json.ts'
import type { LogType } from '../logtypes/contract.ts'
import { Unreadable } from '../sources/contract.ts'
import type { Account } from './account.ts'
import type { Batch, BatchObject } from './batch.ts'
import { release } from './fetch.ts'
import { deliveredRecords } from './open.ts'
import type { Session } from './session.ts'
import type { Spool } from './spool.ts'
import { limitedRows, nameObjects } from './spooled.ts'

/**
 * Spool files that DuckDB reads, in place of those it refuses: the objects in one are opened again one by one, each
 * record looked at; if DuckDB still refuses, records are halved until the ones at fault are found.
 */
export async function readableSpools(
  session: Session,
  account: Account,
  type: LogType,
  batch: Batch,
  spools: readonly Spool[],
): Promise<Spool[]> {
  const readable: Spool[] = []
  for (const spool of spools) {
    if ((await refusal(session, type, spool)) === undefined) {
      readable.push(spool)
      continue
    }
    for (const entry of batch.objects.filter(({ opened }) => spool.serials.includes(opened.serial))) {
      const bytes = await readAgain(account, batch, entry)
      if (!bytes) {
        await nameObjects(session, batch.objects)
        continue
      }
      // A copy: a thread that is sent the bytes keeps them.
      const delivered = new Uint8Array(bytes)
      // Under a new number: what other spool files hold of it under the old one is not taken.
      const { uri, writtenMs } = entry.object
      const { parts } = entry
      const objects = [
        { serial: session.nextSerial(), uri, writtenMs, bytes, ...(parts === undefined ? {} : { parts }) },
      ]
      const { spool: folder, maxObjectBytes: maxBytes } = session
      const again = await session.openers.open({ objects, folder, maxBytes, strictly: true })
      entry.opened = again.objects[0] ?? entry.opened
      batch.spools.push(...again.spools)
      await nameObjects(session, batch.objects)
      for (const own of again.spools.filter(({ logtype }) => logtype === type.name)) {
        await dropRefused(session, type, { entry, delivered }, own)
        readable.push(own)
      }
    }
  }
  return readable
}

/** An object's bytes once more; undefined when they are not to be had any more, and the object leaves the batch. */
async function readAgain(
  account: Account,
  batch: Batch,
  entry: BatchObject,
): Promise<Uint8Array | undefined> {
  const { object } = entry
  const { version } = object
  try {
    const bytes = await object.read()
    if (object.version === version) return bytes
    throw new Unreadable('missing', 'it was overwritten while it was read')
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown
    batch.objects.splice(batch.objects.indexOf(entry), 1)
    await release(account, object, { outcome: thrown.outcome, reason: thrown.message })
    return undefined
  }
}

/** Takes the records out of an object's own spool file that DuckDB refuses, and rejects them. */
async function dropRefused(
  session: Session,
  type: LogType,
  { entry, delivered: bytes }: { entry: BatchObject; delivered: Uint8Array },
  spool: Spool,
): Promise<void> {
  if ((await refusal(session, type, spool)) === undefined) return
  const array = await readFile(spool.file)
  const { spans } = elements(array, 0)
  const delivered = deliveredRecords(bytes, session.maxObjectBytes, entry.object, session.known)
  const bytesOf = ({ start, end }: Span) => array.subarray(start, end)
  const good: Span[] = []
  const trial = { ...spool, file: join(session.spool, 'trial.json') }
  async function sort(some: readonly Span[]): Promise<void> {
    await writeFile(trial.file, joinArray(some.map(bytesOf)))
    const reason = await refusal(session, type, trial)
    if (reason === undefined) good.push(...some)
    else if (some.length === 1) {
      const place = entry.opened.places?.[spans.indexOf(some[0] as Span)] ?? { position: 0, offset: 0 }
      // The spool file holds more than was delivered: the object's number, and what has no column a second time.
      const bytes = redacted(type, Uint8Array.from(delivered[place.position] ?? []))
      entry.opened.rejected.push({ ...place, code: 'malformed-json', reason, bytes })
    } else {
      const middle = some.length >> 1
      await sort(some.slice(0, middle))
      await sort(some.slice(middle))
    }
  }
  await sort(spans)
  await writeFile(spool.file, joinArray(good.map(bytesOf)))
  entry.opened.spooled -= spans.length - good.length
}

function redacted(type: LogType, bytes: Uint8Array): Uint8Array {
  return 'prepare' in type && type.discretion ? Uint8Array.from(type.discretion.redact(bytes)) : bytes
}

/** DuckDB says so of text that is no JSON, no UTF-8, or not of the columns' shape; and of what a user's SQL cannot work out. */
export function isRefusal(thrown: unknown): boolean {
  return /^(Invalid Input|Conversion|Out of Range) Error/.test(String((thrown as Error).message))
}

/** Why DuckDB cannot read a spool file, in words without any of its text; undefined when it can. */
async function refusal(session: Session, type: LogType, spool: Spool): Promise<string | undefined> {
  try {
    await session.engine.run(`select count(columns(*)) from (${limitedRows(session, type, [spool])})`)
    return undefined
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown
    const why = /(?:invalid|unexpected|no low surrogate|duplicate key|Expected [A-Z]+)[\w -]*/.exec(
      (thrown as Error).message,
    )
    return why ? `DuckDB refuses the record: ${why[0].trim()}` : 'DuckDB refuses the record'
  }
}
