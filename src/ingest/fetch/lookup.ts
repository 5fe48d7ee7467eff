import { isDone, type LedgerRow, ledgerRows } from '../../ledger/lookup.ts'
import type { Channel } from '../../lib/channel.ts'
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
import { faultPoint } from '../steps.ts'
import type { Totals } from '../totals.ts'

/** An object that a filter excludes, and that the ledger must record. */
export interface Filtered extends LookedUp {
  kind: 'filtered'
  /** The filter that excludes it, as in `its account`. */
  filteredBy: string
}

/** An object that the ledger does not show as done. */
export interface LookedUp {
  object: LogObject
  /** The ledger's rows for other versions of it, and for this version under another size limit. */
  rows: LedgerRow[]
  /** The ledger's sequence number at the time of the look-up. */
  ledgerSequence: number
}

/** No table and no file system holds such a name, and S3 rejects such a key. */
const NUL: Failure = { outcome: 'failed', reason: 'its name holds a NUL character' }

/** Objects per look-up in the ledger. */
const LOOKUP = 256

/**
 * Yields the source's objects that the ledger does not show as done. An excluded object is only counted and
 * acknowledged, except where the ledger must record it: when the source's own filter excludes it, or when its
 * message is deleted.
 *
 * @param past takes what needs no reading: excluded objects and dead letters; ended after the last object
 */
export async function* newObjects(
  session: Session,
  source: Source,
  totals: Totals,
  past: Pick<Channel<Filtered | DeadLetter>, 'put' | 'end'>,
): AsyncGenerator<LookedUp> {
  try {
    yield* lookedUp(session, source, totals, past)
  } finally {
    past.end()
  }
}

async function* lookedUp(
  session: Session,
  source: Source,
  totals: Totals,
  past: Pick<Channel<Filtered | DeadLetter>, 'put'>,
): AsyncGenerator<LookedUp> {
  const { lake, lookup, filters, wanted, stop, quietMs } = session
  for await (const group of gather(source.objects(stop.signal), LOOKUP, quietMs)) {
    const deadLetters = group.filter(isDeadLetter)
    const listed = group.filter((found): found is LogObject => !isDeadLetter(found))
    totals.objects.listed += listed.length
    const unnameable = listed.filter(({ uri }) => uri.includes('\0'))
    await Promise.all(unnameable.map((object) => release(totals, object, NUL)))
    const named: { object: LogObject; filteredBy?: string }[] = []
    const unnamed: LogObject[] = []
    for (const object of listed) {
      if (unnameable.includes(object)) continue
      const filteredBy = source.filteredBy?.(object.uri)
      if (filteredBy !== undefined) named.push({ object, filteredBy })
      else if (wanted(object.uri)) named.push({ object })
      else if (source.continuous) named.push({ object, filteredBy: 'its name' })
      else unnamed.push(object)
    }
    totals.objects.filtered += unnamed.length
    await Promise.all(unnamed.map((object) => object.acknowledge()))

    const table = named.length > 0 ? await (await lake.newest()).table('ledger') : undefined
    const uris = named.map(({ object }) => object.uri)
    const known = table
      ? await ledgerRows(lookup, lake.storage, table, uris, filters)
      : new Map<string, LedgerRow[]>()
    faultPoint('listed')
    const done: LogObject[] = []
    for (const one of named) {
      const { object, filteredBy } = one
      const rows = known.get(object.uri) ?? []
      const same = rows.find(({ version }) => version === object.version)
      if (same && (filteredBy !== undefined || isDone(same, session))) {
        done.push(object)
        totals.objects[same.filtered ? 'filtered' : 'already']++
      } else {
        const looked = { object, rows, ledgerSequence: table?.sequence ?? 0 }
        if (filteredBy === undefined) yield looked
        else await past.put({ kind: 'filtered', ...looked, filteredBy })
      }
    }
    await Promise.all(done.map((object) => object.acknowledge()))
    for (const one of deadLetters) await past.put(one)
  }
}
