import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { sentence } from '../../lib/errors.ts'

/** A bundle's entry about a record's bytes: `records/index.json` is a list of these. */
export interface RecordEntry {
  /** The row that the record became: a file of the bundle, and a line in it, from 1. */
  row: { file: string; line: number }
  id: string
  /** Whether the record's bytes contain the row's id. */
  has_id: boolean
  object: string
  object_sha256: string
  /** Hash of the object's unzipped bytes: offsets are in these. */
  expanded_sha256: string | null
  offset: number
  length: number
  /** Hash of the record's bytes, which are in the file of this name. */
  sha256: string
}

/** Maximum size of an expanded object; a larger one was crafted to fill memory. */
const MAX_EXPANDED = 1 << 30
const FOLDER = 'records/'
const INDEX = `${FOLDER}index.json`
const LEFT_OUT = `${FOLDER}left-out.json`

/**
 * Checks the bytes of records. Only the object itself proves that they are at the stated offsets: where the
 * bundle contains it, they are compared.
 */
export function recordFaults(files: ReadonlyMap<string, Buffer>): string[] {
  const own = [...files.keys()].filter((name) => name.startsWith(FOLDER) && name !== LEFT_OUT)
  if (own.length === 0) return []
  const faults: string[] = []
  const json = (name: string) => JSON.parse(files.get(name)?.toString('utf8') ?? 'null')
  try {
    const index = json(INDEX) as RecordEntry[]
    const named = new Set([INDEX, ...index.map(({ sha256 }) => FOLDER + sha256)])
    for (const name of own) if (!named.has(name)) faults.push(`${name}: no row is of it.`)
    const objects = new Map(
      (json('objects.json') as { name: string; sha256: string }[]).map((one) => [one.name, one]),
    )
    const logged = new Map<string, string | null>()
    for (const { line } of (json('log/proofs.json') as { objects: { line: string }[] } | null)?.objects ??
      []) {
      const [object, , , expanded] = JSON.parse(line) as [string, string, string, string | null]
      logged.set(object, expanded)
    }
    const ends = new Map<string, number>()
    for (const one of index.toSorted((a, b) => a.offset - b.offset || a.length - b.length)) {
      const why = faultOf(one, files)
      if (why) faults.push(`records/${one.sha256}: ${why}.`)
      if (objects.get(one.object)?.sha256 !== one.object_sha256)
        faults.push(`records/${one.sha256}: the ledger has another hash of its object.`)
      const expanded = logged.get(one.object)
      if (expanded && expanded !== one.expanded_sha256)
        faults.push(`records/${one.sha256}: the log of the lake has another hash of its object's content.`)
      // Rows of one record share one location; other records have other locations.
      const place = `${one.object} ${one.offset} ${one.length}`
      if (!ends.has(place) && one.offset < (ends.get(one.object) ?? 0))
        faults.push(`records/${one.sha256}: it lies across another record.`)
      ends.set(place, 0).set(one.object, one.offset + one.length)
    }
  } catch (thrown) {
    faults.push(`${INDEX} cannot be read: ${sentence(thrown)}`)
  }
  return faults
}

function faultOf(one: RecordEntry, files: ReadonlyMap<string, Buffer>): string | undefined {
  const bytes = files.get(FOLDER + one.sha256)
  if (!bytes || createHash('sha256').update(bytes).digest('hex') !== one.sha256)
    return 'it is not the record of that hash'
  if (bytes.length !== one.length || !(one.offset >= 0)) return 'it is not as long as the list says'
  const line = files.get(one.row.file)?.toString('utf8').split('\n')[one.row.line - 1]
  if (!line?.includes(JSON.stringify(one.id).slice(1, -1))) return 'there is no such row'
  if (one.has_id && !bytes.includes(one.id)) return 'it is the record of another row'
  const object = files.get(`objects/${one.object_sha256}`)
  const whole = object && contentOf(object)
  if (!whole) return undefined
  if (
    one.expanded_sha256 !== null &&
    createHash('sha256').update(whole).digest('hex') !== one.expanded_sha256
  )
    return 'its object has other content'
  if (!whole.subarray(one.offset, one.offset + one.length).equals(bytes))
    return 'it does not lie there in its object'
  return undefined
}

/**
 * An object's unzipped bytes; undefined in a format other than gzip, which neither this code nor verify.py
 * unpacks.
 */
export function contentOf(object: Buffer): Buffer | undefined {
  if (object.length >= 4 && object.readUInt32LE(0) === 0xfd2fb528) return undefined
  return object[0] === 0x1f && object[1] === 0x8b
    ? gunzipSync(object, { maxOutputLength: MAX_EXPANDED })
    : object
}
