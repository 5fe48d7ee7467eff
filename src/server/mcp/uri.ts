/** Addresses of MCP resources: pages of results, and descriptions of tables. */

export function pageUri(id: string, page: number): string {
  return `loglake://result/${id}/${page}`
}

export function tableUri(name: string): string {
  return `loglake://table/${encodeURIComponent(name)}`
}

export type Address = { kind: 'result'; id: string; page: number } | { kind: 'table'; name: string }

/** Undefined for any other address. */
export function addressOf(uri: string): Address | undefined {
  const [, id, page] = /^loglake:\/\/result\/([\w-]{1,40})\/([1-9]\d{0,5})$/.exec(uri) ?? []
  if (id !== undefined) return { kind: 'result', id, page: Number(page) }
  const [, name] = /^loglake:\/\/table\/([\w.%-]{1,300})$/.exec(uri) ?? []
  try {
    return name === undefined ? undefined : { kind: 'table', name: decodeURIComponent(name) }
  } catch {
    // An invalid percent sign.
    return undefined
  }
}
