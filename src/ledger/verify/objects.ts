import { DuckDBListValue, type DuckDBValue } from '@duckdb/node-api'
import type { Finding } from '../../lake/verify/findings.ts'
import type { Engine } from '../../lib/duckdb.ts'
import { sql } from '../../lib/sql.ts'
import { concurrently } from '../../lib/stream.ts'

/** An object as the ledger knows it. */
export interface KnownObject {
  uri: string
  /** The source that delivered it. */
  source: string
  /** Its versions that were read. */
  versions: readonly string[]
}

/** What there is of an object where it lies. */
export type FoundObject =
  /** Bytes, by their SHA-256 in hex; of a version, where the place has such. */
  | { state: 'read'; sha256: string; version?: string | undefined }
  /** It was overwritten, and nothing is left of a version that was read. */
  | { state: 'overwritten' }
  | { state: 'gone' | 'denied' | 'archived' | 'unreadable'; reason: string }
  /** Its source makes objects of what a service answers, and nobody keeps those. */
  | { state: 'not-kept' }

/** Throws what would be wrong with every object. */
export type ReadAgain = (object: KnownObject) => Promise<FoundObject>

/** Of so many objects, so many. */
export interface ObjectsChecked {
  same: number
  changed: number
  overwritten: number
  gone: number
  denied: number
  archived: number
  unreadable: number
  notKept: number
}

/** The most objects that are read at once. */
const AT_ONCE = 16
/** The most objects of a kind of warning that are named one by one. */
const MOST_NAMED = 20

const WARNINGS = {
  gone: ['gone: its rows can be proved no more', 'restore the object'],
  overwritten: [
    'overwritten since it was read: what was read is there no more',
    'nothing is wrong; a new version is read when its source names it',
  ],
  denied: [
    'may not be read',
    'name its source with an `identity` in loglake.yaml, or say who we are with --profile or --role-arn',
  ],
  archived: ['archived: it has to be restored before it can be read', 'restore it, and verify again'],
  unreadable: ['cannot be read', 'see the cause above'],
} as const

/** Re-reads every object of the ledger and compares its hash: what proves that a row is what AWS delivered. */
export async function verifyObjects(
  engine: Engine,
  ledger: string,
  read: ReadAgain,
  onProgress: (done: number) => void,
): Promise<{ checked: ObjectsChecked; findings: Finding[] }> {
  const checked: ObjectsChecked = {
    same: 0,
    changed: 0,
    overwritten: 0,
    gone: 0,
    denied: 0,
    archived: 0,
    unreadable: 0,
    notKept: 0,
  }
  const findings: Finding[] = []
  const report = (
    severity: Finding['severity'],
    code: string,
    file: string,
    message: string,
    remedy: string,
  ) => findings.push({ severity, code, table: 'ledger', file, message, remedy })

  async function look({ hashes, ...known }: KnownObject & { hashes: readonly string[] }) {
    return { known, hashes, found: await read(known) }
  }

  let done = 0
  const limits = { atOnce: AT_ONCE, inOrder: true }
  for await (const { known, hashes, found } of concurrently(objects(engine, ledger), limits, look)) {
    onProgress(++done)
    if (found.state === 'not-kept') checked.notKept++
    else if (found.state === 'read') {
      if (isAsRead(found, known.versions, hashes)) checked.same++
      else {
        checked.changed++
        const version = found.version === undefined ? '' : ` as version ${found.version}`
        report(
          'wrong',
          'object-changed',
          known.uri,
          `changed since it was read${version}: its bytes have another SHA-256`,
          'restore the object as it was; if it was changed on purpose, `loglake ingest` reads it again',
        )
      }
    } else {
      const { state } = found
      checked[state]++
      const [message, remedy] = WARNINGS[state]
      const reason = 'reason' in found && state !== 'gone' ? `: ${found.reason}` : ''
      if (checked[state] <= MOST_NAMED)
        report('warning', `object-${state}`, known.uri, `${message}${reason}`, remedy)
    }
  }
  return { checked, findings }
}

/** A version that the ledger names must have its hash; a place without versions, that of any. */
function isAsRead(
  { sha256, version }: { sha256: string; version?: string | undefined },
  versions: readonly string[],
  hashes: readonly string[],
): boolean {
  return hashes.some((hash, at) => hash === sha256 && (version === undefined || versions[at] === version))
}

async function* objects(
  engine: Engine,
  ledger: string,
): AsyncGenerator<KnownObject & { hashes: readonly string[] }> {
  const result = await engine.stream(sql(new URL('./objects.sql', import.meta.url), { ledger }))
  for await (const chunk of result.chunks()) {
    for (const [uri, source, versions, hashes] of chunk.getRows())
      yield { uri: String(uri), source: String(source), versions: texts(versions), hashes: texts(hashes) }
  }
}

function texts(list: DuckDBValue | undefined): string[] {
  return list instanceof DuckDBListValue ? list.items.map(String) : []
}
