/**
 * The operations that the lake needs of its storage; a disk and S3 both have them. Nothing is renamed,
 * nothing is appended to, and only a hint is changed in place.
 *
 * A key is a `/`-separated path below the lake's root, as in `catalog/v12.json`.
 */
export interface Storage {
  /**
   * The lake's root as engines get it: `file://` or `s3://` and the plain path, without a slash at its end.
   * Iceberg readers take a location literally: for them `%20` is not a space.
   */
  readonly root: string

  /** The bytes of a key. Throws a LakeError that names the file when it is not there. */
  read(key: string): Promise<Uint8Array>

  /** The bytes of a key, or undefined when there is no such key. */
  find(key: string): Promise<Uint8Array | undefined>

  /**
   * Some bytes of a file whose name holds a UUID, in one or two requests; fewer where the file ends earlier.
   * Throws when the file does not exist.
   */
  readPart(key: string, from: number, bytes: number): Promise<Uint8Array>

  /** The size in bytes, or undefined when there is no such key. */
  size(key: string): Promise<number | undefined>

  /** Writes a key that no other writer can use: its name holds a fresh UUID. Durable when it returns. */
  write(key: string, bytes: Uint8Array): Promise<void>

  /**
   * Writes a key only if it does not exist, completely or not at all. False when another writer was first.
   */
  create(key: string, bytes: Uint8Array): Promise<boolean>

  /** Writes a hint: may be lost, may be overwritten by an older one. */
  hint(key: string, bytes: Uint8Array): Promise<void>

  /** Copies a complete local file in as a fresh key. Durable when it returns. */
  adopt(file: string, key: string): Promise<void>

  /** The folder that contains every path that `local` returns. */
  readonly localFolder: string

  /**
   * A local path where DuckDB can read the key's bytes (on a disk the file itself, for S3 a cached copy). It
   * stays until it is released once for every call, or the process ends.
   *
   * @param bytes the key's size, if known: a copy of another size is not used
   */
  local(key: string, bytes?: number): Promise<string>

  /** Releases paths from `local`. */
  release(paths: Iterable<string>): void

  /** Every key below a prefix, with its size and when it was last written (milliseconds since 1970). */
  list(prefix: string): AsyncIterable<StoredFile>

  /** Removes a key; no error when it is gone already. */
  remove(key: string): Promise<void>

  /**
   * Removes uploads that killed writers began before a time (milliseconds since 1970) and that `list` does
   * not show, below a prefix, for keys that `isOurs` accepts.
   */
  removeUnfinished(prefix: string, beforeMs: number, isOurs: (key: string) => boolean): Promise<void>

  /**
   * The storage's own clock, which also dates `list`, in milliseconds since 1970. Writes a small file to read
   * it.
   */
  now(): Promise<number>

  /** A fresh local folder in which files are made before they are adopted. */
  workplace(): Promise<string>

  /** Removes such a folder, and where no lake came to be, what was made for it. */
  removeWorkplace(place: string): Promise<void>
}

export interface StoredFile {
  key: string
  bytes: number
  writtenMs: number
}
