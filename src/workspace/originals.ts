import type { KnownObject } from '../api/context.ts'
import type { Config } from '../config/config.ts'
import { readOriginal } from '../sources/original.ts'

/** All objects of one bundle together, which is made in memory. */
const MOST_BYTES = 64 << 20
/** A ZIP archive has at most 65,535 files. */
const MOST_FILES = 30_000

/**
 * Objects where they still lie as they were read, as files of a bundle of evidence: each under its hash, and why the others are not
 * there. They are read by the identity of their source.
 */
export async function originalFiles(
  { sources, storage }: Config,
  wanted: readonly KnownObject[],
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const leftOut: { object: string; reason: string }[] = []
  let left = MOST_BYTES
  for (const { name: object, version, sha256, source, records_erased: erased } of wanted) {
    if (sha256 === null || Number(erased) > 0) {
      leftOut.push({ object, reason: sha256 === null ? 'it was not read' : 'rows of it were erased' })
      continue
    }
    if (files.size === MOST_FILES) {
      leftOut.push({ object, reason: `more than ${MOST_FILES} objects would be in the bundle` })
      continue
    }
    const configured = Object.hasOwn(sources, String(source))
      ? (sources[String(source)] as { identity?: typeof storage.identity }).identity
      : storage.identity
    const known = { uri: object, versions: version === null ? [] : [version], hashes: [sha256] }
    const original = await readOriginal(known, configured ?? {})
    if ('reason' in original) leftOut.push({ object, reason: original.reason })
    else if (original.bytes.length > left)
      leftOut.push({ object, reason: `more than ${MOST_BYTES} bytes of objects would be in the bundle` })
    else {
      left -= original.bytes.length
      files.set(`objects/${sha256}`, Buffer.from(original.bytes))
    }
  }
  files.set('objects/left-out.json', Buffer.from(`${JSON.stringify(leftOut, null, 1)}\n`))
  return files
}
