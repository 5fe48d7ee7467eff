/** An object under its key in S3, and how many bytes it expands to. */
export interface MadeFile {
  key: string
  bytes: Buffer
  expanded: number
}
