/** A text as one word of a shell command, quoted where necessary. */
export function shellQuoted(text: string): string {
  return /^[\w@.,:/+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
