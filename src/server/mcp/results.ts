import { randomBytes } from 'node:crypto'
import { accessKey, type Reader } from '../../query/reader.ts'
import type { Paged } from './fit.ts'
import { pageUri } from './uri.ts'

/** A stored answer, for its further pages. */
export interface Result {
  id: string
  tool: string
  /** The version of the lake behind the answer. */
  version: number | null
  paged: Paged
  bytes: number
}

/** Stores answers for a while, since a client may ask for their next page. */
export interface Results {
  keep(reader: Reader, result: Omit<Result, 'id'>): Result
  /** Also undefined for another caller's result, or if the caller may see other rows now. */
  find(reader: Reader, id: string): Result | undefined
  of(reader: Reader): Result[]
}

const KEPT_BYTES = 64 << 20
const KEPT_MS = 3_600_000

/** Results of all readers; the oldest are dropped first. */
export function openResults(now: () => Date): Results {
  const kept = new Map<string, { owner: string; atMs: number; result: Result }>()
  let bytes = 0

  function drop(id: string): void {
    bytes -= kept.get(id)?.result.bytes ?? 0
    kept.delete(id)
  }

  function tidy(): void {
    for (const [id, { atMs }] of kept) {
      if (bytes <= KEPT_BYTES && now().getTime() - atMs <= KEPT_MS) return
      drop(id)
    }
  }

  return {
    keep(reader, made) {
      const result = { ...made, id: randomBytes(12).toString('base64url') }
      kept.set(result.id, { owner: ownerOf(reader), atMs: now().getTime(), result })
      bytes += result.bytes
      tidy()
      return result
    },
    find(reader, id) {
      tidy()
      const found = kept.get(id)
      return found?.owner === ownerOf(reader) ? found.result : undefined
    },
    of(reader) {
      tidy()
      const owner = ownerOf(reader)
      return [...kept.values()].filter((one) => one.owner === owner).map(({ result }) => result)
    },
  }
}

/** The caller and their rights: if either changes, stored results are no longer theirs. */
function ownerOf(reader: Reader): string {
  return JSON.stringify([reader.subject, reader.tokenScopes ?? null, accessKey(reader)])
}

/** The position of a page within its answer. */
export function pageOf({ id, paged }: Result, number: number) {
  const { from, to } = paged.pages[number - 1] ?? paged.pages[0]
  return {
    number,
    of: paged.pages.length,
    ...(paged.list === undefined ? {} : { list: paged.list, from: from + 1, to, members: paged.of }),
    ...(number < paged.pages.length ? { next: pageUri(id, number + 1) } : {}),
  }
}
