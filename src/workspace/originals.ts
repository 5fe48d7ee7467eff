import type { KnownObject } from '../api/context.ts'
import type { Config } from '../config/config.ts'
import { readOriginal } from '../sources/original.ts'

/** 64 MiB of objects in one bundle, which is made in memory. */
const MAX_BYTES = 64 << 20
/** 30,000 files: a ZIP archive has at most 65,535. */
const MAX_FILES = 30_000

/**
 * Objects as files of a bundle of evidence, each under its hash, as far as they still exist as they were
 * read; for the others, the reason. They are read with the identity of their source.
 */
export async function originalFiles(
  { sources, storage }: Config,
  wanted: readonly KnownObject[],
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const omitted: { object: string; reason: string }[] = []
  let left = MAX_BYTES
  for (const { name: object, version, sha256, source, records_erased: erased } of wanted) {
    if (sha256 === null || Number(erased) > 0) {
      omitted.push({ object, reason: sha256 === null ? 'it was not read' : 'rows of it were erased' })
      continue
    }
    if (files.size === MAX_FILES) {
      omitted.push({ object, reason: `more than ${MAX_FILES} objects would be in the bundle` })
      continue
    }
    const configured = Object.hasOwn(sources, String(source))
      ? (sources[String(source)] as { identity?: typeof storage.identity }).identity
      : storage.identity
    const known = { uri: object, versions: version === null ? [] : [version], hashes: [sha256] }
    const original = await readOriginal(known, configured ?? {})
    if (original.kind === 'gone') omitted.push({ object, reason: original.reason })
    else if (original.bytes.length > left)
      omitted.push({ object, reason: `more than ${MAX_BYTES} bytes of objects would be in the bundle` })
    else {
      left -= original.bytes.length
      files.set(`objects/${sha256}`, Buffer.from(original.bytes))
    }
  }
  files.set('objects/left-out.json', Buffer.from(`${JSON.stringify(omitted, null, 1)}\n`))
  return files
}
