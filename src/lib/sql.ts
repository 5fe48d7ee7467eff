import { readFileSync } from 'node:fs'

/**
 * SQL is kept in .sql files. A part of a statement that cannot be a bound parameter (a file list, a column
 * list) is `{{name}}` in the file, and its value comes from `literal`, `identifier` or `list`, which quote
 * it. No other text of a log gets into SQL.
 */
const cache = new Map<string, string>()

/** The text of a .sql file with its `{{name}}` parts filled in. Throws when a part is missing. */
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
  // DuckDB ends a statement at NUL; no path and no key of ours contains one.
  if (text.includes('\0')) throw new Error('a text with a NUL character cannot be put into SQL')
  return `'${text.replaceAll("'", "''")}'`
}

/** `a"b` → `"a""b"` */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A pattern in which only `*` has a meaning, as one of LIKE with `escape '\\'`: `50%*` → `50\\%%`. */
export function likePattern(pattern: string): string {
  return pattern.replace(/[\\%_]/g, (one) => `\\${one}`).replaceAll('*', '%')
}

/** `['a', 'b']` → `['a', 'b']` as a DuckDB list of strings. */
export function list(texts: Iterable<string>): string {
  return `[${Array.from(texts, literal).join(', ')}]`
}
