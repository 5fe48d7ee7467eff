import { step } from '../lib/steps.ts'
import { gather } from '../lib/stream.ts'
import { type DeadLetter, isDeadLetter, type LogObject, type Source } from '../sources/contract.ts'
import type { Account } from './account.ts'
import { type LedgerRow, ledgerRows, settles } from './ledger.ts'
import type { Session } from './session.ts'

/** An object that the ledger does not settle. */
export interface Candidate {
  object: LogObject
  /** What the ledger says of other versions, and of this one under another limit. */
  rows: LedgerRow[]
  /** The ledger's sequence when it was looked up. */
  ledgerSequence: number
  /** By what it is left out: it is not read, and the ledger says so. */
  leftOut?: string
}

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
  const { lake, lookup, filters, window, wanted, stop, quietMs } = session
  for await (const group of gather(source.objects(stop.signal), LOOKUP, quietMs)) {
    const letters = group.filter(isDeadLetter)
    const listed = group.filter((found): found is LogObject => !isDeadLetter(found))
    account.objects.listed += listed.length
    const named: { object: LogObject; leftOut?: string }[] = []
    const unnamed: LogObject[] = []
    for (const object of listed) {
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
      if (same && (leftOut !== undefined || settles(same, window))) {
        settled.push(object)
        account.objects[same.leftOut ? 'leftOut' : 'already']++
      } else yield { ...one, rows, ledgerSequence: table?.sequence ?? 0 }
    }
    await Promise.all(settled.map((object) => object.acknowledge()))
    yield* letters
  }
}
