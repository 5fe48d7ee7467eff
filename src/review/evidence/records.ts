import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { sentence } from '../../lib/errors.ts'

/** What a bundle says of a record's bytes: `records/index.json` is a list of these. */
export interface RecordEntry {
  /** The row that it is of: a file of the bundle, and a line in it, from 1. */
  row: { file: string; line: number }
  id: string
  /** Whether the record has the row's id in its bytes. */
  has_id: boolean
  object: string
  object_sha256: string
  /** Of the object's bytes once they are unzipped: offsets are in these. */
  expanded_sha256: string | null
  offset: number
  length: number
  /** Of the record's bytes, which are the file of this name. */
  sha256: string
}

/** An object that expands to more was made to fill memory. */
const MOST_EXPANDED = 1 << 30
const FOLDER = 'records/'
const INDEX = `${FOLDER}index.json`
const LEFT_OUT = `${FOLDER}left-out.json`

/**
 * Checks the bytes of records. That they lie in the object where the bundle says, only the object itself proves: where that is in the
 * bundle too, it is looked up.
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
      // Rows of one record lie at one place; other records lie beside it.
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
  // What is packed in another way than gzip stays unlooked at here, as in verify.py.
  if (!object || object.readUInt32LE(0) === 0xfd2fb528) return undefined
  const whole =
    object[0] === 0x1f && object[1] === 0x8b ? gunzipSync(object, { maxOutputLength: MOST_EXPANDED }) : object
  if (
    one.expanded_sha256 !== null &&
    createHash('sha256').update(whole).digest('hex') !== one.expanded_sha256
  )
    return 'its object has other content'
  if (!whole.subarray(one.offset, one.offset + one.length).equals(bytes))
    return 'it does not lie there in its object'
  return undefined
}
