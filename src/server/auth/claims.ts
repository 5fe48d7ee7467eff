type Claims = Readonly<Record<string, unknown>>

/** A claim's value; `a.b` looks into the object `a`, as Keycloak's `realm_access.roles` needs. */
function valueAt(claims: Claims, path: string): unknown {
  if (claims[path] !== undefined) return claims[path]
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Claims)[key] : undefined),
      claims,
    )
}

/** A claim that is one text; undefined when it is none. */
export function claimOf(claims: Claims, path: string): string | undefined {
  const value = valueAt(claims, path)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A claim that is a list of texts, or one text. Keycloak's groups begin with a slash. */
export function listClaim(claims: Claims, path: string): string[] {
  const value = valueAt(claims, path)
  const all = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : []
  return all
    .filter((one): one is string => typeof one === 'string')
    .map((one) => one.trim().replace(/^\//, ''))
    .filter((one) => one !== '')
}
