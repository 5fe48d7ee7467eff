/**
 * What the lake needs of the place it lies in, and no more: a disk has it, and so has S3. Nothing is renamed,
 * nothing is appended to, nothing is changed in place but a hint.
 *
 * A key is a `/`-separated path below the lake's root, as in `catalog/v12.json`.
 */
export interface Storage {
  /**
   * The lake's root as engines are told it: `file://` or `s3://` and the path as it is, without a slash at its end.
   * Iceberg's readers take a location by the letter: a space that is written `%20` is no space to them.
   */
  readonly root: string

  /** The bytes of a key. Throws a LakeError that names the file when it is not there. */
  read(key: string): Promise<Uint8Array>

  /** The bytes of a key, or undefined when there is no such key. */
  find(key: string): Promise<Uint8Array | undefined>

  /**
   * Some bytes of a file whose name holds a UUID, in a request or two; fewer where the file ends before. Throws when it is not there.
   */
  readPart(key: string, from: number, bytes: number): Promise<Uint8Array>

  /** The size in bytes, or undefined when there is no such key. */
  size(key: string): Promise<number | undefined>

  /** Writes a key that nobody else can want: its name holds a fresh UUID. Durable when it returns. */
  write(key: string, bytes: Uint8Array): Promise<void>

  /** Writes a key only if it does not exist, whole or not at all. False when somebody was first. */
  create(key: string, bytes: Uint8Array): Promise<boolean>

  /** Writes a hint: may be lost, may be overwritten by an older one. */
  hint(key: string, bytes: Uint8Array): Promise<void>

  /** Takes a finished local file in as a fresh key. Durable when it returns. */
  adopt(file: string, key: string): Promise<void>

  /** The folder that holds every path that `local` gives. */
  readonly localFolder: string

  /**
   * A local path where DuckDB can read the key's bytes (a disk: the file itself; S3: a cached copy). It stays there
   * until it is released as often as it was asked for, or the process ends.
   *
   * @param bytes the key's size, where that is known: a copy of another size is not used
   */
  local(key: string, bytes?: number): Promise<string>

  /** Gives up paths from `local`. */
  release(paths: Iterable<string>): void

  /** Every key below a prefix, with its size and when it was last written (milliseconds since 1970). */
  list(prefix: string): AsyncIterable<StoredFile>

  /** Removes a key; no error when it is gone already. */
  remove(key: string): Promise<void>

  /**
   * Removes what writers that were killed have begun before a moment (milliseconds since 1970) and `list` cannot show,
   * below a prefix, where `isOurs` knows the key.
   */
  removeUnfinished(prefix: string, beforeMs: number, isOurs: (key: string) => boolean): Promise<void>

  /** What the storage's own clock says, in milliseconds since 1970: that of `list`. Writes a small file for it. */
  now(): Promise<number>

  /** A fresh local folder in which files are made before they are adopted. */
  workplace(): Promise<string>
}

export interface StoredFile {
  key: string
  bytes: number
  writtenMs: number
}
