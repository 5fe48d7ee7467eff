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
  read(): Promise<Uint8Array>
  /** The file that holds its bytes, where it is one on this machine: a thread reads it without asking. */
  file?: string | undefined
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
