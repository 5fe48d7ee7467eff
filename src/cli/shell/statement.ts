/**
 * Where the first statement of a text ends, after its semicolon; undefined if it is incomplete. Semicolons in
 * literals, names, comments and dollar-quoted texts do not end it.
 */
export function statementEnd(text: string): number | undefined {
  for (let at = 0; at < text.length; ) {
    if (text[at] === ';') return at + 1
    const end = quotedEnd(text, at)
    if (end === undefined) return undefined
    at = end
  }
  return undefined
}

/**
 * The end of the literal or comment that starts here, else the next character; undefined if it is not closed.
 */
function quotedEnd(text: string, at: number): number | undefined {
  if (text.startsWith('--', at)) return after(text, '\n', at + 2)
  if (text.startsWith('/*', at)) return after(text, '*/', at + 2)
  const quote = text[at]
  // A doubled quote inside is two quoted pieces in a row.
  if (quote === "'" || quote === '"') return after(text, quote, at + 1)
  const [tag] = /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(at, at + 70)) ?? []
  return tag === undefined ? at + 1 : after(text, tag, at + tag.length)
}

/** Whether a text ends inside quotes or a comment. */
export function isOpen(text: string): boolean {
  for (let at = 0; at < text.length; ) {
    const end = quotedEnd(text, at)
    if (end === undefined) return true
    at = end
  }
  return false
}

function after(text: string, end: string, from: number): number | undefined {
  const at = text.indexOf(end, from)
  return at < 0 ? undefined : at + end.length
}

/** Whether a text has only white space, comments and semicolons. */
export function isBlank(text: string): boolean {
  return text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').replace(/[\s;]/g, '') === ''
}
