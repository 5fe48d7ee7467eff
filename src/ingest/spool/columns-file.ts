import type { Columns } from '../../json/columns.ts'
import type { TextColumn } from '../../json/text-column.ts'
import { thrift, varint } from './thrift.ts'

/**
 * Columns as an uncompressed Parquet file of one row group, which DuckDB reads once: texts as dictionary
 * pages, times as plain microseconds, numbers as plain doubles, `lake_object` as a plain number. Format:
 * Apache Parquet 2.10, README.md, Encodings.md, and parquet.thrift in Thrift's compact protocol.
 */
export interface ColumnsFile {
  columns: Columns
  /** The rows to write, in this order. */
  rows: Int32Array
  /** The number of each row's object. */
  serialOf: Int32Array
}

/** The name of a leaf's column is its path. */
export function leafName(path: readonly string[]): string {
  return path.join('.')
}

const TYPE = { int32: 1, int64: 2, double: 5, byteArray: 6 } as const
const ENCODING = { plain: 0, rle: 3, rleDictionary: 8 } as const
const REPETITION = { required: 0, optional: 1 } as const
const CONVERTED = { utf8: 0, timestampMicros: 10 } as const
const PAGE = { data: 0, dictionary: 2 } as const

interface Chunk {
  name: string
  type: number
  dictionaryAt?: number
  dataAt: number
  end: number
}

/** The file's bytes in pieces, and the names of columns without any value. */
export function columnsFile({ columns, rows, serialOf }: ColumnsFile): { pieces: Buffer[]; empty: string[] } {
  const pieces: Buffer[] = [MAGIC]
  const empty: string[] = []
  let at = MAGIC.length
  const add = (piece: Buffer): void => {
    pieces.push(piece)
    at += piece.length
  }
  const page = (header: Buffer, parts: readonly Buffer[]): void => {
    add(header)
    for (const part of parts) add(part)
  }
  const chunks: Chunk[] = []

  const serials = rows.map((row) => serialOf[row] as number)
  const first = at
  page(dataHeader(rows.length, serials.byteLength, ENCODING.plain), [Buffer.from(serials.buffer)])
  chunks.push({ name: 'lake_object', type: TYPE.int32, dataAt: first, end: at })

  for (const [index, leaf] of columns.leaves.entries()) {
    const name = leafName(leaf.path)
    const start = at
    const text = columns.texts[index]
    if (!text) {
      const isTime = leaf.kind === 'time'
      const { parts, count } = numberPage(columns.times[index] as Float64Array, rows, isTime)
      if (count === 0) empty.push(name)
      page(dataHeader(rows.length, sizeOf(parts), ENCODING.plain), parts)
      chunks.push({ name, type: isTime ? TYPE.int64 : TYPE.double, dataAt: start, end: at })
      continue
    }
    const { dictionary, count, codes } = distinct(
      text,
      rows,
      rows.length * 2 > columns.rows && !columns.leftovers,
    )
    if (count > 0) page(dictionaryHeader(count, dictionary.length), [dictionary])
    else empty.push(name)
    const dataAt = at
    const parts = codePage(codes, count)
    page(dataHeader(rows.length, sizeOf(parts), count > 0 ? ENCODING.rleDictionary : ENCODING.plain), parts)
    chunks.push({
      name,
      type: TYPE.byteArray,
      ...(count > 0 ? { dictionaryAt: start } : {}),
      dataAt,
      end: at,
    })
  }
  const footer = fileFooter(chunks, rows.length)
  add(footer)
  const tail = Buffer.allocUnsafe(8)
  tail.writeUInt32LE(footer.length, 0)
  MAGIC.copy(tail, 4)
  add(tail)
  return { pieces, empty }
}

const MAGIC = Buffer.from('PAR1')

function sizeOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}

/**
 * The distinct values of these rows, each behind its length, and the rows' codes, 0 for none. Where the rows
 * are most of all, a few unused values cost less than removing them.
 */
function distinct(
  column: TextColumn,
  rows: Int32Array,
  most: boolean,
): { dictionary: Buffer; count: number; codes: Int32Array } {
  const codes = new Int32Array(rows.length)
  if (column.count === 0) return { dictionary: EMPTY, count: 0, codes }
  const own = column.codes
  if (most && column.decoded.size === 0) {
    let any = 0
    for (let row = 0; row < rows.length; row++) {
      const code = own[rows[row] as number] as number
      codes[row] = code
      any |= code
    }
    if (any === 0) return { dictionary: EMPTY, count: 0, codes }
    return { dictionary: column.bytes.subarray(0, column.size), count: column.count, codes }
  }
  const known = new Int32Array(column.count + 1)
  const values: number[] = []
  let size = 0
  for (let row = 0; row < rows.length; row++) {
    const code = own[rows[row] as number] as number
    if (code === 0) continue
    let to = known[code] as number
    if (to === 0) {
      to = values.push(code - 1)
      known[code] = to
      const decoded = column.decoded.get(code - 1)
      size += 4 + (decoded ? decoded.length : column.view.getInt32(column.offsets[code - 1] as number, true))
    }
    codes[row] = to
  }
  const dictionary = Buffer.allocUnsafe(size)
  let at = 0
  for (const value of values) {
    const decoded = column.decoded.size === 0 ? undefined : column.decoded.get(value)
    if (decoded) {
      dictionary.writeInt32LE(decoded.length, at)
      at += 4 + decoded.copy(dictionary, at + 4)
    } else {
      const place = column.offsets[value] as number
      at += column.bytes.copy(dictionary, at, place, place + 4 + column.view.getInt32(place, true))
    }
  }
  return { dictionary, count: values.length, codes }
}

const EMPTY = Buffer.alloc(0)

/** A data page of codes: the definition levels, the width of a code, and the codes. */
function codePage(codes: Int32Array, count: number): Buffer[] {
  const present = new Int32Array(codes.length)
  const values = new Int32Array(codes.length)
  let found = 0
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    if (code === 0) continue
    present[row] = 1
    values[found++] = code - 1
  }
  const levels = levelsOf(present, found)
  if (count === 0) return levels
  const width = Math.max(1, 32 - Math.clz32(count - 1))
  return [...levels, Buffer.from([width]), packed(values.subarray(0, found), width)]
}

/** A data page of numbers: times as whole microseconds, others as doubles. */
function numberPage(
  numbers: Float64Array,
  rows: Int32Array,
  isTime: boolean,
): { parts: Buffer[]; count: number } {
  const present = new Int32Array(rows.length)
  const values = Buffer.allocUnsafe(rows.length * 8)
  let at = 0
  for (let row = 0; row < rows.length; row++) {
    const number = numbers[rows[row] as number] as number
    if (Number.isNaN(number)) continue
    present[row] = 1
    if (isTime) {
      const high = Math.floor(number / 2 ** 32)
      values.writeUInt32LE(number - high * 2 ** 32, at)
      values.writeInt32LE(high, at + 4)
    } else values.writeDoubleLE(number, at)
    at += 8
  }
  return { parts: [...levelsOf(present, at / 8), values.subarray(0, at)], count: at / 8 }
}

/** Definition levels, 1 for a row with a value, behind their length in bytes. */
function levelsOf(present: Int32Array, found: number): Buffer[] {
  const same = found === 0 || found === present.length
  const levels = same ? repeated(present.length, found === 0 ? 0 : 1) : packed(present, 1)
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32LE(levels.length, 0)
  return [length, levels]
}

/** One run of a repeated byte, in Parquet's RLE hybrid. */
function repeated(count: number, value: number): Buffer {
  return Buffer.from([...varint(count * 2), value])
}

/** One bit-packed run, in Parquet's RLE hybrid. */
function packed(values: Int32Array, width: number): Buffer {
  const groups = Math.ceil(values.length / 8)
  const head = varint(groups * 2 + 1)
  const bytes = Buffer.alloc(head.length + groups * width)
  bytes.set(head)
  let at = head.length
  let bits = 0
  let held = 0
  for (let index = 0; index < values.length; index++) {
    // `held` keeps at most 7 bits, and no value is wider than 17.
    held |= (values[index] as number) << bits
    for (bits += width; bits >= 8; bits -= 8) {
      bytes[at++] = held
      held >>>= 8
    }
  }
  if (bits > 0) bytes[at] = held
  return bytes
}

function dataHeader(rows: number, size: number, encoding: number): Buffer {
  const header = thrift()
  header.int(1, PAGE.data)
  header.int(2, size)
  header.int(3, size)
  header.struct(5, () => {
    header.int(1, rows)
    header.int(2, encoding)
    header.int(3, ENCODING.rle)
    header.int(4, ENCODING.rle)
  })
  return header.done()
}

function dictionaryHeader(count: number, size: number): Buffer {
  const header = thrift()
  header.int(1, PAGE.dictionary)
  header.int(2, size)
  header.int(3, size)
  header.struct(7, () => {
    header.int(1, count)
    header.int(2, ENCODING.plain)
  })
  return header.done()
}

function fileFooter(chunks: readonly Chunk[], rows: number): Buffer {
  const footer = thrift()
  footer.int(1, 1)
  footer.structs(2, chunks.length + 1, (index) => {
    if (index === 0) {
      footer.text(4, 'spool')
      footer.int(5, chunks.length)
      return
    }
    const { name, type } = chunks[index - 1] as Chunk
    footer.int(1, type)
    footer.int(3, index === 1 ? REPETITION.required : REPETITION.optional)
    footer.text(4, name)
    if (type === TYPE.byteArray) footer.int(6, CONVERTED.utf8)
    if (type === TYPE.int64) footer.int(6, CONVERTED.timestampMicros)
  })
  footer.long(3, rows)
  footer.structs(4, 1, () => {
    footer.structs(1, chunks.length, (index) => {
      const { name, type, dictionaryAt, dataAt, end } = chunks[index] as Chunk
      const size = end - (dictionaryAt ?? dataAt)
      footer.long(2, dictionaryAt ?? dataAt)
      footer.struct(3, () => {
        footer.int(1, type)
        footer.ints(2, [ENCODING.plain, ENCODING.rle, ENCODING.rleDictionary])
        footer.texts(3, [name])
        footer.int(4, 0)
        footer.long(5, rows)
        footer.long(6, size)
        footer.long(7, size)
        footer.long(9, dataAt)
        if (dictionaryAt !== undefined) footer.long(11, dictionaryAt)
      })
    })
    footer.long(
      2,
      chunks.reduce((sum, { dictionaryAt, dataAt, end }) => sum + end - (dictionaryAt ?? dataAt), 0),
    )
    footer.long(3, rows)
  })
  return footer.done()
}
