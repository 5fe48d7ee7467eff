import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY } from '../envelopes/json.ts'
import { LakeError, sentence } from '../lib/errors.ts'

/** Records of one object that can be stored: where they are in bytes that hold them. */
export interface Records {
  logtype: string
  bytes: Uint8Array
  starts: Int32Array
  ends: Int32Array
  /** The same number for records that are alike. */
  clusters: Uint32Array
  firstDay: number
  lastDay: number
}

/** A file with a JSON array of records of one log type, from one or more objects. */
export interface Spool {
  file: string
  logtype: string
  /** The objects whose records it holds. */
  serials: number[]
  bytes: number
  /** Bytes of its longest record. */
  longest: number
  firstDay: number
  lastDay: number
}

/** A spool file is written when it would hold so much: about one row group of Parquet. */
const SPOOL_BYTES = 34 << 20

/** Gathers records of many objects into few files, alike records together. */
export interface Spooler {
  add(serial: number, records: Records): void
  /** Writes what is left, and names all files. */
  finish(): Spool[]
}

interface Part {
  serial: number
  records: Records
}

export function spooler(folder: string): Spooler {
  const open = new Map<string, { parts: Part[]; bytes: number }>()
  const written: Spool[] = []
  function write(name: string): void {
    const parts = open.get(name)?.parts ?? []
    open.delete(name)
    const logtype = parts[0]?.records.logtype
    if (logtype === undefined) return
    const bytes = gather(parts)
    const file = join(folder, `${randomUUID()}.json`)
    try {
      writeFileSync(file, bytes)
    } catch (thrown) {
      throw new LakeError(`cannot unpack the logs: ${sentence(thrown)}`, {
        file,
        remedy: 'free some space there, or name another folder in the environment variable TMPDIR',
        cause: thrown,
      })
    }
    written.push({
      file,
      logtype,
      serials: parts.map(({ serial }) => serial),
      bytes: bytes.length,
      longest: parts.reduce((most, { records }) => Math.max(most, longest(records)), 0),
      firstDay: Math.min(...parts.map(({ records }) => records.firstDay)),
      lastDay: Math.max(...parts.map(({ records }) => records.lastDay)),
    })
  }
  return {
    add(serial, records) {
      const { logtype, firstDay, lastDay, bytes } = records
      // A file of one day is read once; only objects whose records are of several share one that is read for each.
      const name = `${logtype} ${firstDay === lastDay ? firstDay : 'days'}`
      if ((open.get(name)?.bytes ?? 0) + bytes.length > SPOOL_BYTES) write(name)
      const gathering = open.get(name) ?? { parts: [], bytes: 0 }
      gathering.parts.push({ serial, records })
      gathering.bytes += bytes.length
      open.set(name, gathering)
    },
    finish() {
      for (const name of [...open.keys()]) write(name)
      return written
    },
  }
}

function longest({ starts, ends }: Records): number {
  let most = 0
  for (let row = 0; row < starts.length; row++)
    most = Math.max(most, (ends[row] as number) - (starts[row] as number))
  return most
}

/** A record's number in a spool file, for sorting in one double beside a cluster of 32 bits. */
const PLACES = 2 ** 21

/** Kept from file to file: fresh pages for every file cost as much as filling them. */
let arena = Buffer.alloc(0)

/**
 * One array of all records, alike ones together, each with the number of its object: `{"lake_object":7,…`. Whoever
 * sorts here sorts numbers and copies bytes; sorting the same rows in SQL cost a third of the whole ingest.
 */
function gather(parts: readonly Part[]): Uint8Array {
  const prefixes = parts.map(({ serial }) => Buffer.from(`{"lake_object":${serial}`))
  let count = 0
  let size = 2
  for (const [index, { records }] of parts.entries()) {
    const longest = (prefixes[index] as Buffer).length + 1
    count += records.starts.length
    for (let row = 0; row < records.starts.length; row++) {
      size += (records.ends[row] as number) - (records.starts[row] as number) + longest + 1
    }
  }
  const order = new Float64Array(count)
  const partOf = new Int32Array(count)
  const rowOf = new Int32Array(count)
  let place = 0
  for (const [index, { records }] of parts.entries()) {
    for (let row = 0; row < records.starts.length; row++, place++) {
      order[place] = (records.clusters[row] as number) * PLACES + (place % PLACES)
      partOf[place] = index
      rowOf[place] = row
    }
  }
  // More records than that in one file are tiny ones: they stay as they came.
  const sorted = count <= PLACES
  if (sorted) order.sort()
  const sources = parts.map(({ records: { bytes } }) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
  )

  if (arena.length < size) arena = Buffer.allocUnsafeSlow(size)
  const array = arena
  let at = 0
  array[at++] = OPEN_ARRAY
  for (let next = 0; next < count; next++) {
    const from = sorted ? (order[next] as number) % PLACES : next
    const index = partOf[from] as number
    const { starts, ends } = (parts[index] as Part).records
    const source = sources[index] as Buffer
    const start = starts[rowOf[from] as number] as number
    if (next > 0) array[at++] = COMMA
    at += (prefixes[index] as Buffer).copy(array, at)
    if (source[start + 1] !== CLOSE_OBJECT) array[at++] = COMMA
    at += source.copy(array, at, start + 1, ends[rowOf[from] as number])
  }
  array[at++] = CLOSE_ARRAY
  return array.subarray(0, at)
}
