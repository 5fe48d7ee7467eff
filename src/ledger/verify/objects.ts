import { DuckDBListValue, type DuckDBValue } from '@duckdb/node-api'
import type { Finding } from '../../lake/verify/findings.ts'
import type { Engine } from '../../lib/duckdb.ts'
import { sql } from '../../lib/sql.ts'
import { concurrently } from '../../lib/stream.ts'

/** An object in the ledger. */
export interface KnownObject {
  uri: string
  /** The source that delivered it. */
  source: string
  /** The versions of it that were read. */
  versions: readonly string[]
}

/** What a source still has of an object. */
export type FoundObject =
  /** The SHA-256 of its bytes in hex, and the version, where the source has versions. */
  | { state: 'read'; sha256: string; version?: string | undefined }
  /** It was overwritten, and no version that was read is left. */
  | { state: 'overwritten' }
  | { state: 'gone' | 'denied' | 'archived' | 'unreadable'; reason: string }
  /** Its source makes objects of a service's answers, which are not kept anywhere. */
  | { state: 'not-kept' }

/** Throws errors that concern every object. */
export type ReadAgain = (object: KnownObject) => Promise<FoundObject>

/** Counts of objects per outcome. */
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

/** Objects read at once. */
const AT_ONCE = 16
/** Objects of one kind of warning that are listed one by one. */
const MAX_NAMED = 20

const WARNINGS = {
  gone: ['gone: its rows can no longer be proved', 'restore the object'],
  overwritten: [
    'overwritten since it was read: the version that was read no longer exists',
    'nothing is wrong: a new version is read when its source names it',
  ],
  denied: [
    'may not be read',
    'set an `identity` for its source in loglake.yaml, or use --profile or --role-arn',
  ],
  archived: ['archived: it has to be restored before it can be read', 'restore it, and verify again'],
  unreadable: ['cannot be read', 'see the cause above'],
} as const

/**
 * Re-reads every object of the ledger and compares its hash, which proves that the rows came from the
 * delivered bytes.
 */
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
      const reason = found.state === 'overwritten' || found.state === 'gone' ? '' : `: ${found.reason}`
      if (checked[state] <= MAX_NAMED)
        report('warning', `object-${state}`, known.uri, `${message}${reason}`, remedy)
    }
  }
  return { checked, findings }
}

/** The hash must be that of the version found; where the source has no versions, that of any version read. */
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
