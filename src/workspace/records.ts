import { createHash } from 'node:crypto'
import type { KnownObject } from '../api/context.ts'
import type { Config } from '../config/config.ts'
import { placedIn, type WantedRecord } from '../ingest/open/located.ts'
import { registryOf } from '../ingest/open/registry.ts'
import type { LogType } from '../logtypes/contract.ts'
import type { EvidenceRow } from '../review/digest.ts'
import type { RecordEntry } from '../review/evidence/records.ts'
import { readOriginal } from '../sources/original.ts'

/** Most bytes of records in one bundle, which is made in memory. */
const MAX_BYTES = 64 << 20
/** 30,000 files: a ZIP archive has at most 65,535. */
const MAX_FILES = 30_000

interface Omitted {
  row: { file: string; line: number }
  reason: string
}

type Wanted = WantedRecord & { row: { file: string; line: number } }

/**
 * The bytes of rows' records as files of a bundle of evidence, and the reason for each that is missing. Other
 * records of the same objects are not included.
 */
export async function recordFiles(
  { sources, storage, ingest }: Config,
  types: readonly LogType[],
  rows: readonly EvidenceRow[],
  objects: readonly KnownObject[],
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const index: RecordEntry[] = []
  const omitted: Omitted[] = []
  const byObject = wantedOf(types, rows, omitted)
  let left = MAX_BYTES
  for (const [name, wanted] of byObject) {
    const all = (reason: string) => omitted.push(...wanted.map(({ row }) => ({ row, reason })))
    const known = objects.find((one) => one.name === name)
    if (!known || known.sha256 === null) {
      all('the ledger does not know its object')
      continue
    }
    const { version, sha256, source } = known
    const identity = Object.hasOwn(sources, String(source))
      ? (sources[String(source)] as { identity?: typeof storage.identity }).identity
      : storage.identity
    const uri = { uri: name, versions: version === null ? [] : [version], hashes: [sha256] }
    const original = await readOriginal(uri, identity ?? {})
    if (original.kind === 'gone') {
      all(original.reason)
      continue
    }
    const placed = await placedIn(original.bytes, wanted, {
      context: { uri: name, writtenMs: 0 },
      registry: registryOf(types),
      maxBytes: ingest.max_object_bytes,
    })
    for (const [at, record] of placed.records.entries()) {
      const { row, id } = wanted[at] as Wanted
      if (record.kind === 'unplaced') omitted.push({ row, reason: record.reason })
      else if (files.size === MAX_FILES)
        omitted.push({ row, reason: `more than ${MAX_FILES} records would be in the bundle` })
      else if (record.bytes.length > left)
        omitted.push({ row, reason: `more than ${MAX_BYTES} bytes of records would be in the bundle` })
      else {
        const { bytes, offset } = record
        left -= bytes.length
        const own = createHash('sha256').update(bytes).digest('hex')
        files.set(`records/${own}`, bytes)
        index.push({
          row,
          id,
          has_id: bytes.includes(id),
          object: name,
          object_sha256: sha256,
          expanded_sha256: placed.expandedSha256,
          offset,
          length: bytes.length,
          sha256: own,
        })
      }
    }
  }
  const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 1)}\n`)
  files.set('records/index.json', json(index))
  files.set('records/left-out.json', json(omitted))
  return files
}

/**
 * Groups rows by object, in their order. An answer's rows may be of any log type whose id column they have.
 */
function wantedOf(
  types: readonly LogType[],
  rows: readonly EvidenceRow[],
  omitted: Omitted[],
): Map<string, Wanted[]> {
  const byObject = new Map<string, Wanted[]>()
  const lines = new Map<string, number>()
  for (const { table, object, json } of rows) {
    const line = (lines.get(table) ?? 0) + 1
    lines.set(table, line)
    const row = { file: `rows/${table}.ndjson`, line }
    const told = JSON.parse(json) as Record<string, unknown>
    const type = types.find(
      ({ name, id }) => (name === table || table === 'answer') && typeof told[id] === 'string',
    )
    if (object === null || !type) {
      const reason =
        object === null
          ? 'it came from no object, or does not say which: select lake_object, too'
          : 'it has no id of a log'
      omitted.push({ row, reason })
      continue
    }
    const ms = Date.parse(String(told[type.time]).replace(' ', 'T').replace(/\+00$/, 'Z'))
    const time = Number.isNaN(ms) ? undefined : BigInt(ms) * 1000n
    const wanted = { row, type, id: String(told[type.id]), time }
    const own = byObject.get(object)
    if (own) own.push(wanted)
    else byObject.set(object, [wanted])
  }
  return byObject
}
