import { type LedgerRow, ledgerRows, settles } from '../../ledger/lookup.ts'
import { step } from '../../lib/steps.ts'
import { gather } from '../../lib/stream.ts'
import {
  type DeadLetter,
  type Failure,
  isDeadLetter,
  type LogObject,
  type Source,
} from '../../sources/contract.ts'
import { release } from '../failed.ts'
import type { Session } from '../session.ts'
import type { Account } from '../totals.ts'

/** An object that the ledger does not settle: it is to be fetched, or a filter excludes it, which the ledger is to say. */
export type Candidate = ToFetch | LeftOut

export interface ToFetch extends LookedUp {
  kind: 'fetch'
}

export interface LeftOut extends LookedUp {
  kind: 'left-out'
  /** The filter that excludes it, as in `its account`. */
  leftOut: string
}

interface LookedUp {
  object: LogObject
  /** What the ledger says of other versions, and of this one under another limit. */
  rows: LedgerRow[]
  /** The ledger's sequence when it was looked up. */
  ledgerSequence: number
}

/** Neither a table nor a file system holds such a name, and S3 takes no such key. */
const NUL: Failure = { outcome: 'failed', reason: 'its name holds a NUL character' }

/** Objects are looked up in the ledger so many at a time. */
const LOOKUP = 256

/**
 * What the source has and the ledger does not settle. Objects that nobody wants go on as such where it matters: a source's
 * filter is to be accounted for, and so is a message that is deleted. The others are acknowledged and only counted.
 */
export async function* newObjects(
  session: Session,
  source: Source,
  account: Account,
): AsyncGenerator<Candidate | DeadLetter> {
  const { lake, lookup, filters, wanted, stop, quietMs } = session
  for await (const group of gather(source.objects(stop.signal), LOOKUP, quietMs)) {
    const letters = group.filter(isDeadLetter)
    const listed = group.filter((found): found is LogObject => !isDeadLetter(found))
    account.objects.listed += listed.length
    const unnameable = listed.filter(({ uri }) => uri.includes('\0'))
    await Promise.all(unnameable.map((object) => release(account, object, NUL)))
    const named: { object: LogObject; leftOut?: string }[] = []
    const unnamed: LogObject[] = []
    for (const object of listed) {
      if (unnameable.includes(object)) continue
      const leftOut = source.leftOut?.(object.uri)
      if (leftOut !== undefined) named.push({ object, leftOut })
      else if (wanted(object.uri)) named.push({ object })
      else if (source.continuous) named.push({ object, leftOut: 'its name' })
      else unnamed.push(object)
    }
    account.objects.leftOut += unnamed.length
    await Promise.all(unnamed.map((object) => object.acknowledge()))

    const table = named.length > 0 ? await (await lake.newest()).table('ledger') : undefined
    const uris = named.map(({ object }) => object.uri)
    const known = table
      ? await ledgerRows(lookup, lake.storage, table, uris, filters)
      : new Map<string, LedgerRow[]>()
    step('listed')
    const settled: LogObject[] = []
    for (const one of named) {
      const { object, leftOut } = one
      const rows = known.get(object.uri) ?? []
      const same = rows.find(({ version }) => version === object.version)
      if (same && (leftOut !== undefined || settles(same, session))) {
        settled.push(object)
        account.objects[same.leftOut ? 'leftOut' : 'already']++
      } else {
        const looked = { object, rows, ledgerSequence: table?.sequence ?? 0 }
        yield leftOut === undefined ? { kind: 'fetch', ...looked } : { kind: 'left-out', ...looked, leftOut }
      }
    }
    await Promise.all(settled.map((object) => object.acknowledge()))
    yield* letters
  }
}
