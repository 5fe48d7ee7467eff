import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY } from '../../json/bytes.ts'
import { type Columns, clear, emptyColumns, takeBack } from '../../json/columns.ts'
import { columnsFile } from './columns-file.ts'
import type { Gathering, Records, Spool, Spooler } from './contract.ts'
import { writeSpool } from './files.ts'
import { dayName, together } from './stretches.ts'

/** 34 MiB, about one row group of Parquet: a spool file is written before it exceeds this. */
const SPOOL_BYTES = 34 << 20

/** 15 MiB: a record in direct form may be nearly all in one column, and a column's bytes are limited. */
const DIRECT_BYTES = 15 << 20

interface Part {
  serial: number
  records: Records
}

/** The columns of this thread, reused from group to group. */
const kept = new Map<string, Gathering>()

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
    writeSpool(file, [bytes])
    written.push({
      file,
      format: 'json',
      logtype,
      serials: parts.map(({ serial }) => serial),
      bytes: bytes.length,
      longest: parts.reduce((max, { records }) => Math.max(max, longest(records)), 0),
      firstDay: Math.min(...parts.map(({ records }) => records.firstDay)),
      lastDay: Math.max(...parts.map(({ records }) => records.lastDay)),
      empty: [],
    })
  }
  function writeColumns(gathering: Gathering): void {
    const { logtype, form, columns } = gathering
    for (const some of together(gathering)) {
      const file = join(folder, `${randomUUID()}.parquet`)
      const rows = some.map((part) => part.rows)
      const made = columnsFile({ columns, ...inOrder(columns, some) })
      writeSpool(file, made.pieces)
      written.push({
        file,
        format: form,
        logtype,
        serials: [...new Set(some.map(({ serial }) => serial))],
        bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
        longest: 0,
        firstDay: Math.min(...rows.map(({ firstDay }) => firstDay)),
        lastDay: Math.max(...rows.map(({ lastDay }) => lastDay)),
        empty: made.empty,
      })
    }
    empty(gathering)
  }
  for (const gathering of kept.values()) empty(gathering)
  return {
    columns(logtype, form, { leaves, time }, bytes) {
      const name = `${logtype} ${form}`
      let gathering = kept.get(name)
      // Another run's log type of the same name may have other columns.
      if (!gathering || gathering.columns.leaves !== leaves) {
        gathering = { logtype, form, columns: emptyColumns(leaves), time, parts: [], bytes: 0 }
        kept.set(name, gathering)
      }
      const max = form === 'direct' ? DIRECT_BYTES : SPOOL_BYTES
      if (gathering.bytes > 0 && gathering.bytes + bytes > max) writeColumns(gathering)
      return gathering.columns
    },
    addRows(serial, rows) {
      const gathering = kept.get(`${rows.logtype} ${rows.form}`) as Gathering
      gathering.parts.push({ serial, from: gathering.columns.rows - rows.records, rows })
      gathering.bytes += rows.bytes
    },
    add(serial, records) {
      const { logtype, bytes } = records
      const name = `${logtype} ${dayName(records)}`
      if ((open.get(name)?.bytes ?? 0) + bytes.length > SPOOL_BYTES) write(name)
      const gathering = open.get(name) ?? { parts: [], bytes: 0 }
      gathering.parts.push({ serial, records })
      gathering.bytes += bytes.length
      open.set(name, gathering)
    },
    tidy() {
      for (const { columns } of kept.values()) takeBack(columns, columns.rows)
    },
    finish() {
      for (const name of [...open.keys()]) write(name)
      for (const gathering of kept.values()) if (gathering.parts.length > 0) writeColumns(gathering)
      return written
    },
  }
}

function empty(gathering: Gathering): void {
  clear(gathering.columns)
  gathering.parts = []
  gathering.bytes = 0
}

/** The rows of some objects sorted by group key, and each row's object. */
function inOrder(
  { groupKeys, rows: all }: Columns,
  parts: Gathering['parts'],
): { rows: Int32Array; serialOf: Int32Array } {
  const count = parts.reduce((sum, { rows }) => sum + rows.records, 0)
  const serialOf = new Int32Array(all)
  // Rows with one group key are often consecutive already, so their runs are sorted instead of the rows.
  const order = new Float64Array(count)
  const ends = new Int32Array(all)
  let runs = 0
  for (const { serial, from, rows } of parts) {
    const end = from + rows.records
    serialOf.fill(serial, from, end)
    for (let row = from; row < end; ) {
      const groupKey = groupKeys[row] as number
      const first = row
      for (row++; row < end && groupKeys[row] === groupKey; ) row++
      order[runs++] = groupKey * PLACES + first
      ends[first] = row
    }
  }
  const ordered = new Int32Array(count)
  let place = 0
  for (const number of order.subarray(0, runs).sort()) {
    const first = number % PLACES
    for (let row = first; row < (ends[first] as number); row++) ordered[place++] = row
  }
  return { rows: ordered, serialOf }
}

function longest({ starts, ends }: Records): number {
  let max = 0
  for (let row = 0; row < starts.length; row++)
    max = Math.max(max, (ends[row] as number) - (starts[row] as number))
  return max
}

/** 2^21 records: a record's number in a spool file shares a double with a group key of 32 bits. */
const PLACES = 2 ** 21

/** Kept between files: fresh pages for every file cost as much as filling them. */
let arena = Buffer.alloc(0)

/**
 * Writes all records as one array sorted by group key, each with the number of its object:
 * `{"lake_object":7,…`. Sorting numbers and copying bytes is cheap here; sorting the same rows in SQL cost a
 * third of the whole ingest.
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
      order[place] = (records.groupKeys[row] as number) * PLACES + (place % PLACES)
      partOf[place] = index
      rowOf[place] = row
    }
  }
  // More records than that in one file are tiny ones: they keep their order.
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
