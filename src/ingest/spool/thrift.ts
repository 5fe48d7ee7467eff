/** The part of Thrift's compact protocol (thrift-compact-protocol.md) that writing Parquet needs. */

/** A number as LEB128: seven bits a byte, the low ones first. */
export function varint(value: number): number[] {
  const bytes: number[] = []
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128)
  bytes.push(value)
  return bytes
}

const WIRE = { int: 5, long: 6, text: 8, list: 9, struct: 12 } as const

/** Writes a struct in Thrift's compact protocol; fields must come in the order of their numbers. */
export function thrift() {
  const bytes: number[] = []
  let last = 0
  function field(id: number, type: number): void {
    bytes.push(((id - last) << 4) | type)
    last = id
  }
  function text(value: string): void {
    const encoded = Buffer.from(value)
    bytes.push(...varint(encoded.length), ...encoded)
  }
  function nested(write: () => void): void {
    const above = last
    last = 0
    write()
    bytes.push(0)
    last = above
  }
  function list(id: number, type: number, size: number): void {
    field(id, WIRE.list)
    if (size < 15) bytes.push((size << 4) | type)
    else bytes.push(0xf0 | type, ...varint(size))
  }
  // Zigzag; none of these numbers is negative.
  return {
    int(id: number, value: number): void {
      field(id, WIRE.int)
      bytes.push(...varint(value * 2))
    },
    long(id: number, value: number): void {
      field(id, WIRE.long)
      bytes.push(...varint(value * 2))
    },
    text(id: number, value: string): void {
      field(id, WIRE.text)
      text(value)
    },
    ints(id: number, values: readonly number[]): void {
      list(id, WIRE.int, values.length)
      for (const value of values) bytes.push(...varint(value * 2))
    },
    texts(id: number, values: readonly string[]): void {
      list(id, WIRE.text, values.length)
      for (const value of values) text(value)
    },
    struct(id: number, write: () => void): void {
      field(id, WIRE.struct)
      nested(write)
    },
    structs(id: number, size: number, write: (index: number) => void): void {
      list(id, WIRE.struct, size)
      for (let index = 0; index < size; index++) nested(() => write(index))
    },
    done(): Buffer {
      return Buffer.from([...bytes, 0])
    },
  }
}
