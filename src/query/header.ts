/**
 * The head comment of a .sql file, ours or a user's: `loglake tables`, `describe` and `queries` show it.
 *
 *     -- A title without a full stop
 *     -- Sentences, on as many lines as they need.
 *     -- minutes: what a computed column holds; such lines may go on
 *     --   on an indented line.
 */
export interface Header {
  title: string
  doc: string
  /** By name: what a column holds, or what a parameter means. */
  names: ReadonlyMap<string, string>
}

const NAMED = /^([a-z_][a-z0-9_]*): (.+)$/

/** A line for `scripts/portable-sql.py` and `whyNotPortable`. */
const PORTABLE = 'portable'

export function headerOf(text: string): Header {
  const lines: string[] = []
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith('--')) break
    lines.push(line.slice(2).replace(/^ /, '').trimEnd())
  }
  const [title = '', ...rest] = lines
  const doc: string[] = []
  const names = new Map<string, string>()
  let last: string | undefined
  for (const line of rest) {
    const [, name, sentence] = NAMED.exec(line) ?? []
    if (name === PORTABLE) continue
    if (name !== undefined && sentence !== undefined) {
      names.set(name, sentence)
      last = name
    } else if (last !== undefined && /^\s/.test(line)) names.set(last, `${names.get(last)} ${line.trim()}`)
    else if (line.trim() !== '') doc.push(line.trim())
  }
  return { title: title.trim(), doc: doc.join(' '), names }
}
