import { UserError } from './errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for an address, by the environment and the rules of curl: `HTTPS_PROXY` or `HTTP_PROXY` by the
 * address's scheme, unless `NO_PROXY` has its host, a parent domain, or `*`. Names in lower case come first.
 *
 * @throws UserError when the variable does not hold a usable proxy
 */
export function proxyFor(address: URL, environment: Environment = process.env): URL | undefined {
  const named = (name: string) => environment[name] || environment[name.toUpperCase()] || undefined
  const name = address.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const written = named(name)
  if (written === undefined || isExcepted(address, named('no_proxy') ?? '')) return undefined
  const text = written.includes('://') ? written : `http://${written}`
  const found = URL.canParse(text) ? new URL(text) : undefined
  if (!found || !['http:', 'https:'].includes(found.protocol))
    throw new UserError(`${name.toUpperCase()} is no proxy: an address is wanted, as in http://proxy:3128`)
  return found
}

/**
 * `example.com` covers the host and all its subdomains, as does `.example.com`; a port limits an entry to
 * that port.
 */
function isExcepted(address: URL, list: string): boolean {
  const host = bare(address.hostname)
  const port = address.port || (address.protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', only] = /^(\[[^\]]*\]|[^:]*|[0-9a-f:]*:[0-9a-f:]*)(?::(\d+))?$/.exec(entry) ?? []
      if (name === '' || (only !== undefined && only !== port)) return false
      const domain = bare(name).replace(/^\*?\./, '')
      return host === domain || host.endsWith(`.${domain}`)
    })
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}

/** The header with the name and password of a proxy's address. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}
