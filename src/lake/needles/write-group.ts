import { randomUUID } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../lib/errors.ts'
import { BLOCK_BYTES } from '../bloom.ts'
import { MAGIC, type PuffinBlob, puffinFooter } from '../puffin.ts'
import type { Storage } from '../storage/contract.ts'
import { fileError } from '../storage/file-error.ts'
import { ENTRY_BYTES, PAGE_ENTRIES, rowBytes, seal, valuesBytes } from './group-file.ts'
import type { Group, KeyFilter } from './listing.ts'
import { blocksAs, blocksFor, FEW, type Source } from './sources.ts'

/** A data file of a group, with its source for each key, by the key's name. */
export interface Member {
  name: string
  rows: number
  sources: ReadonlyMap<string, Source>
}

/** Blocks of all files in memory at once. */
const ROWS_AT_ONCE = 2048

/**
 * Writes the filters of data files as one file of the table.
 *
 * @param folder the table's folder, relative to the lake's root
 * @param fields the ids of the keys' columns, by the keys' names
 */
export async function writeGroup(
  storage: Storage,
  folder: string,
  fields: ReadonlyMap<string, number>,
  members: readonly Member[],
  place: string,
): Promise<Group> {
  const file = `${randomUUID()}.filters.puffin`
  const local = join(place, file)
  const out = await open(local, 'wx')
  const blobs: PuffinBlob[] = []
  const keys: Record<string, KeyFilter> = {}
  try {
    await out.write(MAGIC)
    let offset = MAGIC.length
    for (const [name, field] of fields) {
      const sources = members.map(({ sources: all }) => all.get(name) as Source)
      const written = sources.every(({ kind }) => kind === 'values')
        ? await writeValues(out, sources as Values[])
        : await writeBlocks(out, sources)
      const { length, ...filter } = written
      keys[name] = { ...filter, offset } as KeyFilter
      const properties = { key: name, files: String(members.length) }
      blobs.push({
        type: `loglake-transposed-${filter.kind}-v1`,
        fields: [field],
        offset,
        length,
        properties,
      })
      offset += length
    }
    await out.write(puffinFooter(blobs))
  } catch (thrown) {
    throw systemCode(thrown) ? fileError('write', local, thrown) : thrown
  } finally {
    await out.close()
  }
  await storage.adopt(local, `${folder}/metadata/${file}`)
  return {
    file,
    files: members.map(({ name }) => name),
    rows: Math.max(...members.map(({ rows }) => rows)),
    keys,
  }
}

type Values = Source & { kind: 'values' }

async function writeValues(out: FileHandle, sources: readonly Values[]) {
  const files = new Map<bigint, bigint>()
  for (const [at, { hashes }] of sources.entries())
    for (const hash of hashes) files.set(hash, (files.get(hash) ?? 0n) | (1n << BigInt(at)))
  const sorted = BigUint64Array.from(files.keys()).sort()
  const bytes = Buffer.alloc(valuesBytes(sorted.length))
  let at = 0
  for (let entry = 0; entry < sorted.length; entry++) {
    const hash = sorted[entry] as bigint
    bytes.writeBigUInt64LE(hash, at)
    bytes.writeBigUInt64LE(files.get(hash) as bigint, at + 8)
    at += ENTRY_BYTES
    const page = Math.floor(entry / PAGE_ENTRIES)
    if (entry % PAGE_ENTRIES !== PAGE_ENTRIES - 1 && entry !== sorted.length - 1) continue
    const start = page * (PAGE_ENTRIES * ENTRY_BYTES + 4)
    seal(bytes, start, at - start, page)
    at += 4
  }
  await out.write(bytes)
  return { kind: 'values' as const, entries: sorted.length, length: bytes.length }
}

async function writeBlocks(out: FileHandle, sources: readonly Source[]) {
  const blocks = Math.max(
    ...sources.map((source) =>
      source.kind === 'bloom' ? source.blocks : blocksFor(Math.min(FEW, source.hashes.length)),
    ),
  )
  const row = rowBytes(sources.length)
  for (let from = 0; from < blocks; from += ROWS_AT_ONCE) {
    const to = Math.min(blocks, from + ROWS_AT_ONCE)
    const bytes = Buffer.alloc((to - from) * row)
    for (const [at, source] of sources.entries()) {
      const own = await blocksAs(source, blocks, from, to)
      for (let block = 0; block < to - from; block++)
        own.copy(bytes, block * row + at * BLOCK_BYTES, block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)
    }
    for (let block = from; block < to; block++) seal(bytes, (block - from) * row, row - 4, block)
    await out.write(bytes)
  }
  return { kind: 'bloom' as const, blocks, length: blocks * row }
}
