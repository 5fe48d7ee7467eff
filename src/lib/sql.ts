import { readFileSync } from 'node:fs'

/**
 * SQL lives in .sql files. Where a statement needs a part that cannot be a bound parameter (a file list,
 * a column list), the file says `{{name}}` and the part comes from `literal`, `identifier` or `list`,
 * which quote: no text of a log is ever put into SQL otherwise.
 */
const cache = new Map<string, string>()

/** The text of a .sql file, its `{{name}}` parts filled in. Throws on a part that is not given. */
export function sql(file: URL, parts: Record<string, string> = {}): string {
  let text = cache.get(file.href)
  if (text === undefined) {
    text = readFileSync(file, 'utf8').trim().replace(/;$/, '')
    cache.set(file.href, text)
  }
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts[name]
    if (part === undefined) throw new Error(`${file.pathname}: no part given for {{${name}}}`)
    return part
  })
}

/** `it's` → `'it''s'` */
export function literal(text: string): string {
  // DuckDB ends a statement at NUL; no path and no key of ours holds one.
  if (text.includes('\0')) throw new Error('a text with a NUL character cannot be put into SQL')
  return `'${text.replaceAll("'", "''")}'`
}

/** `a"b` → `"a""b"` */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** `['a', 'b']` → `['a', 'b']` as a DuckDB list of strings. */
export function list(texts: Iterable<string>): string {
  return `[${Array.from(texts, literal).join(', ')}]`
}
