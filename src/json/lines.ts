const LINE_FEED = 0x0a

/** Where the line that begins at `from` ends, its line feed included. */
export function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(LINE_FEED, from)
  return end < 0 ? bytes.length : end + 1
}

/** The text between two places, of which the second may lie behind the end. */
export function textBetween(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end, bytes.length) - start).toString()
}
