/** Values of a question's parameters, each a text or NULL. */
export type Values = Readonly<Record<string, string | null>>

/** Texts, names in quotes and comments, in which a `$` is no parameter. */
const OTHER = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$\$[\s\S]*?\$\$/g

/** The names behind `$` in a question, each once, in order. */
export function parametersIn(sql: string): string[] {
  const found = sql.replace(OTHER, ' ').matchAll(/\$([A-Za-z_]\w*)/g)
  return [...new Set([...found].map(([, name]) => name as string))]
}

/** What is sent: of every parameter its value, NULL where there is none. */
export function valuesFor(sql: string, values: Values): Values {
  return Object.fromEntries(parametersIn(sql).map((name) => [name, values[name] || null]))
}

/** As a link has them, and back: `name:value`. */
export function written(values: Values): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [`${name}:${value}`]))
}

export function readValues(parts: readonly string[]): Values {
  return Object.fromEntries(
    parts.map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)] as const),
  )
}
