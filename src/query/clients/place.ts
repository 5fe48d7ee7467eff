import type { Lake } from '../../lake/lake.ts'

/** Whether a lake lies in a bucket. */
export function isInBucket({ storage }: Lake): boolean {
  return storage.root.startsWith('s3://')
}

/** Where a client finds a file of the lake: a path on this machine, or an S3 URI. */
export function pathOf({ storage }: Lake, key: string): string {
  const { root } = storage
  return `${root.startsWith('file:') ? storage.localFolder : root}/${key}`
}

/** The same as a URI, which Iceberg's libraries want. */
export function uriOf({ storage }: Lake, key: string): string {
  return `${storage.root}/${key}`
}

/** A text as Python has it; JSON's escapes are Python's, too. */
export function python(text: string): string {
  return JSON.stringify(text)
}

/** A name as a variable of Python; one that is none becomes one. */
export function variable(name: string): string {
  return name.replace(/\W/g, '_')
}
