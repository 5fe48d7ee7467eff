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
}

/** Objects are looked up in the ledger so many at a time. */
const LOOKUP = 256

/** What the source has and the ledger does not settle. Objects that nobody wants are acknowledged unread. */
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
    const named = listed.filter(({ uri }) => wanted(uri) && (source.wanted?.(uri) ?? true))
    const leftOut = listed.filter((object) => !named.includes(object))
    account.objects.leftOut += leftOut.length
    await Promise.all(leftOut.map((object) => object.acknowledge()))

    const table = named.length > 0 ? await (await lake.newest()).table('ledger') : undefined
    const uris = named.map(({ uri }) => uri)
    const known = table
      ? await ledgerRows(lookup, lake.storage, table, uris, filters)
      : new Map<string, LedgerRow[]>()
    step('listed')
    const settled: LogObject[] = []
    for (const object of named) {
      const rows = known.get(object.uri) ?? []
      const same = rows.find(({ version }) => version === object.version)
      if (same && settles(same, window)) settled.push(object)
      else yield { object, rows, ledgerSequence: table?.sequence ?? 0 }
    }
    account.objects.already += settled.length
    await Promise.all(settled.map((object) => object.acknowledge()))
    yield* letters
  }
}
