import type { Lake } from '../../lake/lake.ts'

/** Whether a lake is in a bucket. */
export function isInBucket({ storage }: Lake): boolean {
  return storage.root.startsWith('s3://')
}

/** Where a client finds a file of the lake: a path on this machine, or an S3 URI. */
export function pathOf({ storage }: Lake, key: string): string {
  const { root } = storage
  return `${root.startsWith('file:') ? storage.localFolder : root}/${key}`
}

/** The same location as a URI, as Iceberg's libraries require. */
export function uriOf({ storage }: Lake, key: string): string {
  return `${storage.root}/${key}`
}

/** A text as a Python literal; JSON's escapes are valid in Python. */
export function python(text: string): string {
  return JSON.stringify(text)
}

/** A name as a Python variable; characters that Python does not allow are replaced. */
export function variable(name: string): string {
  return name.replace(/\W/g, '_')
}
