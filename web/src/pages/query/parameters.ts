/** Values by the name of the parameter; null is SQL's NULL. */
export type Values = Readonly<Record<string, string | null>>

/** Literals, quoted names and comments: a `$` in them is no parameter. */
const OTHER = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$\$[\s\S]*?\$\$/g

/** The names after `$` in a query, each once, in order. */
export function parametersIn(sql: string): string[] {
  const found = sql.replace(OTHER, ' ').matchAll(/\$([A-Za-z_]\w*)/g)
  return [...new Set([...found].map(([, name]) => name as string))]
}

/** The values to send: one for each parameter of the query, NULL where none is given. */
export function valuesFor(sql: string, values: Values): Values {
  return Object.fromEntries(parametersIn(sql).map((name) => [name, values[name] || null]))
}

/** Writes values as a link stores them, `name:value`; `readValues` reads them back. */
export function written(values: Values): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [`${name}:${value}`]))
}

export function readValues(parts: readonly string[]): Values {
  return Object.fromEntries(
    parts.map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)] as const),
  )
}
