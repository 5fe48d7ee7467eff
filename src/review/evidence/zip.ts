import { crc32 } from 'node:zlib'
import { UserError } from '../../lib/errors.ts'

/**
 * ZIP archives of stored files, sorted by name, all with one time: the same content always gives the same
 * bytes. Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
 */

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
/** 1 January 1980 as an MS-DOS date: the format's earliest. */
const DATE = 0x0021
/** Names are UTF-8. */
const FLAGS = 0x0800
const VERSION = 20
const LARGEST = 0xffffffff

export function zipOf(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const name of [...files.keys()].sort()) {
    const bytes = files.get(name) as Uint8Array
    const named = Buffer.from(name)
    const sum = crc32(bytes)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(LOCAL, 0)
    writeCommon(head, 4, sum, bytes.length, named.length)
    parts.push(head, named, Buffer.from(bytes))
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(CENTRAL, 0)
    entry.writeUInt16LE(VERSION, 4)
    writeCommon(entry, 6, sum, bytes.length, named.length)
    entry.writeUInt32LE(at, 42)
    directory.push(entry, named)
    at += head.length + named.length + bytes.length
    if (at > LARGEST)
      throw new UserError('the evidence is larger than 4 GiB, which a ZIP archive cannot hold')
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(END, 0)
  end.writeUInt16LE(files.size, 8)
  end.writeUInt16LE(files.size, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, central, end])
}

function writeCommon(head: Buffer, at: number, sum: number, size: number, nameLength: number): void {
  head.writeUInt16LE(VERSION, at)
  head.writeUInt16LE(FLAGS, at + 2)
  head.writeUInt16LE(DATE, at + 8)
  head.writeUInt32LE(sum, at + 10)
  head.writeUInt32LE(size, at + 14)
  head.writeUInt32LE(size, at + 18)
  head.writeUInt16LE(nameLength, at + 22)
}

/** @throws UserError when it is not an archive of ours, or a file in it is damaged */
export function unzipped(archive: Buffer): Map<string, Buffer> {
  const end = archive.length - 22
  if (end < 0 || archive.readUInt32LE(end) !== END)
    throw broken('it does not end as a ZIP archive of loglake does')
  const count = archive.readUInt16LE(end + 10)
  const files = new Map<string, Buffer>()
  let at = archive.readUInt32LE(end + 16)
  if (at > end) throw broken('its list of files lies outside of it')
  for (let n = 0; n < count; n++) {
    if (at + 46 > end || archive.readUInt32LE(at) !== CENTRAL) throw broken('its list of files is damaged')
    const [size, nameLength] = [archive.readUInt32LE(at + 24), archive.readUInt16LE(at + 28)]
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const from = archive.readUInt32LE(at + 42)
    if (from + 30 > end || archive.readUInt32LE(from) !== LOCAL)
      throw broken(`${name} is not where the list says`)
    const begin = from + 30 + archive.readUInt16LE(from + 26) + archive.readUInt16LE(from + 28)
    const bytes = archive.subarray(begin, begin + size)
    if (archive.readUInt16LE(at + 10) !== 0 || bytes.length !== size)
      throw broken(`${name} is not stored whole`)
    if (files.has(name)) throw broken(`${name} is in it twice`)
    files.set(name, bytes)
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return files
}

function broken(what: string): UserError {
  return new UserError(`this is no bundle of evidence: ${what}`)
}
