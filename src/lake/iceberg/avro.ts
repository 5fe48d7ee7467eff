/**
 * Avro object container files: the file format of manifests and manifest lists.
 *
 * avsc encodes the values. The container is written here, since avsc's own writer drops unknown attributes
 * from the schema in the header, and Iceberg identifies columns by one of them (`field-id`).
 *
 * Avro specification: "Object Container Files"; Iceberg specification: Appendix A, "Avro".
 */
import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import avro from 'avsc'

/** A schema as JSON: avsc's own type has no place for Iceberg's attributes. */
export type AvroSchema = string | { [attribute: string]: unknown } | AvroSchema[]

export interface Container {
  /** The header's key-value metadata, without Avro's own keys. */
  metadata: Record<string, string>
  /** The schema that the file was written with, including all attributes, with names changed by `rename`. */
  schema: AvroSchema
  /** Decoded lazily, so damage shows only when a record is read. */
  records: Iterable<unknown>
}

export type Codec = 'deflate' | 'null'

const magic = Buffer.from('Obj\u0001', 'latin1')
const syncBytes = 16
const blockBytes = 512 * 1024
/** 1 GiB: a block that claims to be larger is treated as damage, not allocated. */
const largestBlock = 1 << 30

const headerType = avro.Type.forSchema({ type: 'map', values: 'bytes' } as never)
const longType = avro.Type.forSchema('long' as never)

/**
 * Cached, because building a type compiles code, and a lake reads thousands of manifests with the same few
 * schemas.
 */
const types = new Map<string, avro.Type>()
const typesKept = 64

function typeOf(schemaJson: string): avro.Type {
  const known = types.get(schemaJson)
  if (known) return known
  const type = avro.Type.forSchema(JSON.parse(schemaJson) as never)
  if (types.size >= typesKept) types.clear()
  types.set(schemaJson, type)
  return type
}

export interface WriteOptions<T> {
  codec?: Codec
  /** zlib's, for a file that is read about as often as it is written. */
  level?: number
  /** Whether a block of `count` records, the last of which is `before`, ends before `next`. */
  endsBlock?(before: T, next: T, count: number): boolean
  /** More metadata, once it is known how many records each block has. */
  describe?(counts: readonly number[]): Record<string, string>
}

export function writeContainer<T>(
  schema: AvroSchema,
  own: Record<string, string>,
  records: Iterable<T>,
  options: WriteOptions<T> = {},
): Uint8Array {
  const { codec = 'deflate', describe } = options
  const schemaJson = JSON.stringify(schema)
  const type = typeOf(schemaJson)
  const blocks = encodeBlocks(type, records, options)
  const metadata = { ...own, ...describe?.(blocks.map(({ count }) => count)) }
  const header: Record<string, Buffer> = {}
  for (const [key, value] of Object.entries(metadata)) header[key] = Buffer.from(value)
  header['avro.schema'] = Buffer.from(schemaJson)
  header['avro.codec'] = Buffer.from(codec)

  // Derived from the content, so that the same values give the same bytes.
  const hash = createHash('sha256').update(schemaJson)
  for (const block of blocks) hash.update(block.data)
  const sync = hash.digest().subarray(0, syncBytes)

  const parts: Buffer[] = [magic, headerType.toBuffer(header), sync]
  for (const block of blocks) {
    parts.push(longType.toBuffer(block.count), longType.toBuffer(block.data.length), block.data, sync)
  }
  return Buffer.concat(parts)
}

interface Block {
  count: number
  data: Buffer
}

function encodeBlocks<T>(
  type: avro.Type,
  records: Iterable<T>,
  { codec = 'deflate', level, endsBlock }: WriteOptions<T>,
): Block[] {
  const blocks: Block[] = []
  let buffer = Buffer.allocUnsafe(blockBytes)
  let used = 0
  let count = 0
  let before: T | undefined

  function flush(): void {
    if (count === 0) return
    const raw = buffer.subarray(0, used)
    const options = level === undefined ? {} : { level }
    blocks.push({ count, data: codec === 'deflate' ? deflateRawSync(raw, options) : Buffer.from(raw) })
    used = 0
    count = 0
  }

  for (const record of records) {
    if (before !== undefined && endsBlock?.(before, record, count)) flush()
    before = record
    // avsc returns the negated number of missing bytes when the record does not fit.
    let end = type.encode(record, buffer, used)
    if (end < 0) {
      flush()
      end = type.encode(record, buffer, 0)
      if (end < 0) {
        buffer = Buffer.allocUnsafe(buffer.length - end)
        end = type.encode(record, buffer, 0)
      }
    }
    used = end
    count += 1
  }
  flush()
  return blocks
}

/**
 * Reads a file of any writer, with the schema in the file's own header; `rename` may change its names. With
 * `isWanted`, only the records of some blocks, by their index. Damage throws an Error that names it.
 */
export function readContainer(
  bytes: Uint8Array,
  rename: (schema: AvroSchema) => AvroSchema = (schema) => schema,
  isWanted: (block: number) => boolean = () => true,
): Container {
  const buffer = asBuffer(bytes)
  const { metadata, end } = readHeader(buffer)
  const { 'avro.schema': schemaJson, 'avro.codec': codec = 'null', ...own } = metadata
  if (schemaJson === undefined) throw new Error('the Avro header holds no schema')
  if (codec !== 'null' && codec !== 'deflate') {
    throw new Error(`the Avro codec "${codec}" is not supported, only null and deflate are`)
  }
  const sync = buffer.subarray(end, end + syncBytes)
  if (sync.length < syncBytes) throw new Error('truncated Avro file: it ends inside its header')

  const schema = rename(JSON.parse(schemaJson) as AvroSchema)
  const type = typeOf(JSON.stringify(schema))
  const records = readRecords(buffer, { from: end + syncBytes, type, codec, sync, isWanted })
  return { metadata: own, schema, records }
}

/** The metadata in a file's header alone. */
export function readContainerMetadata(bytes: Uint8Array): Record<string, string> {
  return readHeader(asBuffer(bytes)).metadata
}

function readHeader(buffer: Buffer): { metadata: Record<string, string>; end: number } {
  if (buffer.length < magic.length || !buffer.subarray(0, magic.length).equals(magic)) {
    throw new Error('not an Avro container file: it does not begin with "Obj\\x01"')
  }
  const header = decode<Record<string, Buffer>>(headerType, buffer, magic.length, 'header')
  const metadata: Record<string, string> = {}
  for (const [key, value] of Object.entries(header.value)) {
    metadata[key] = value.toString()
  }
  return { metadata, end: header.offset }
}

interface Reading {
  from: number
  type: avro.Type
  codec: Codec
  sync: Buffer
  isWanted(block: number): boolean
}

/**
 * One record at a time: a decoded record consists of many small objects, which are cheap only while they are
 * young.
 */
function* readRecords(buffer: Buffer, { from, type, codec, sync, isWanted }: Reading): Generator<unknown> {
  let start = from
  for (let block = 0; start < buffer.length; block++) {
    const count = decode<number>(longType, buffer, start, 'block')
    const size = decode<number>(longType, buffer, count.offset, 'block')
    const end = size.offset + size.value
    if (size.value < 0 || end + syncBytes > buffer.length) {
      throw new Error(`truncated Avro file: the block at byte ${start} ends after the file does`)
    }
    if (!buffer.subarray(end, end + syncBytes).equals(sync)) {
      throw new Error(`damaged Avro file: no sync marker after the block at byte ${start}`)
    }
    const at = start
    start = end + syncBytes
    if (!isWanted(block)) continue
    const raw = inflate(buffer.subarray(size.offset, end), codec, at)
    let position = 0
    for (let n = count.value; n > 0; n--) {
      const record = decode<unknown>(type, raw, position, 'record')
      yield record.value
      position = record.offset
    }
    if (position !== raw.length) {
      throw new Error(`damaged Avro file: the block at byte ${at} holds more than its records`)
    }
  }
}

function inflate(stored: Buffer, codec: Codec, start: number): Buffer {
  if (codec === 'null') return stored
  try {
    return inflateRawSync(stored, { maxOutputLength: largestBlock })
  } catch (error) {
    throw new Error(`damaged Avro file: the block at byte ${start}: ${(error as Error).message}`)
  }
}

function decode<T>(
  type: avro.Type,
  buffer: Buffer,
  position: number,
  what: string,
): { value: T; offset: number } {
  const found = decodeValue(type, buffer, position)
  if (found.offset < 0) throw new Error(`truncated Avro file: it ends inside a ${what}`)
  return found
}

function decodeValue(type: avro.Type, buffer: Buffer, position: number): ReturnType<avro.Type['decode']> {
  try {
    return type.decode(buffer, position)
  } catch (error) {
    const message = (error as Error).message
    // Iceberg's Java implementation makes snapshot ids of 63 bits.
    if (/precision loss/.test(message)) throw new Error('the Avro file holds a number beyond 2^53')
    throw new Error(`damaged Avro file: ${message}`)
  }
}

/** The same memory as a Buffer, which avsc requires. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
