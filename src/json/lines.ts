const LINE_FEED = 0x0a

/** The end of the line that begins at `from`, including its line feed. */
export function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(LINE_FEED, from)
  return end < 0 ? bytes.length : end + 1
}

/** The text between two indexes; the second may be past the end. */
export function textBetween(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end, bytes.length) - start).toString()
}
