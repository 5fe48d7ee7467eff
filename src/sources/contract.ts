/**
 * An object: one file as AWS delivered it. It carries its own acknowledgement, so that whoever stores it need not
 * know where it came from.
 */
export interface LogObject {
  /** What the object is called, everywhere and for ever: an absolute path, or an S3 URI. */
  uri: string
  /** Changes when the object's bytes do: an ETag or version id, a file's size and time of change. */
  version: string
  /** Size in bytes as delivered. */
  bytes: number
  /** When it was last written, in milliseconds since 1970. */
  writtenMs: number
  read(): Promise<Uint8Array>
  /** The file that holds its bytes, where it is one on this machine: a thread reads it without asking. */
  file?: string | undefined
  /**
   * Reads another object that a record of this one names by its S3 URI; undefined when it is not there (yet). None
   * where the source has no such objects.
   */
  part?(uri: string): Promise<Uint8Array | undefined>
  /** Called once, after the commit that holds the object. */
  acknowledge(): Promise<void>
}

/** A configured place that objects come from. */
export interface Source {
  /** As in `folder`; written to the ledger. */
  name: string
  /** The objects in the order of their delivery, as far as the place tells it. Memory does not grow with their number. */
  objects(): AsyncIterable<LogObject>
}
