import { isIP } from 'node:net'

/** One kind that a text can be, and the text as columns of that kind hold it. */
export interface Asked {
  /** A kind from a table's keys, as in `uuid`. */
  is: string
  value: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** AWS's prefixes of access keys, and of the unique ids of users, roles and other principals. */
const ACCESS_KEY = /^(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}$/
const PRINCIPAL = /^(AROA|AIDA|AGPA|AIPA|ANPA|ANVA|APKA|ASCA)[A-Z0-9]{8,}(:.+)?$/
const INSTANCE = /^(i|mi)-[0-9a-f]{8,17}$/
const TOOL_USE = /^(tooluse|toolu|srvtoolu|call|chatcmpl-tool)[_-][\w-]+$/
const EMAIL = /^[^\s@]+@[^\s@]+$/
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com$/

/**
 * The kinds that a text can be, most certain first. A text with a distinct form has only that kind; any other
 * may be a name, an id or a bucket.
 *
 * @param text as a user pasted it, perhaps with blanks or quotes around it
 */
export function recognise(text: string): Asked[] {
  const value = bare(text)
  if (value === '') return []
  const one = (...kinds: string[]) => kinds.map((is) => ({ is, value }))
  if (UUID.test(value)) {
    const small = value.toLowerCase()
    return [
      ...one('uuid'),
      ...(small === value ? [] : [{ is: 'uuid', value: small }]),
      ...one('id', 'session'),
    ]
  }
  if (ACCESS_KEY.test(value)) return one('accesskey', 'name')
  if (PRINCIPAL.test(value)) return one('principal')
  if (value.startsWith('arn:')) return [...one('arn', 'name'), ...insideArn(value)]
  const addresses = addressesIn(value)
  if (addresses.length > 0) return addresses.map((address) => ({ is: 'address', value: address }))
  if (SERVICE.test(value)) return one('address')
  if (value.startsWith('s3://')) return [...one('object'), ...inBucket(value.slice('s3://'.length))]
  if (value.startsWith('/') || value.startsWith('file:')) return one('object', 'name')
  if (INSTANCE.test(value)) return one('instance', 'name')
  if (TOOL_USE.test(value)) return one('tooluse', 'id')
  if (EMAIL.test(value)) return one('email', 'name', 'session')
  return [
    ...one('name', 'id', 'session', 'principal', 'tooluse', 'uuid', 'instance', 'address'),
    ...(BUCKET.test(value) ? inBucket(value) : []),
  ]
}

/**
 * Removes blanks and quotes, and the wrappings of a UUID (`urn:uuid:`, braces) and of an e-mail address
 * (`mailto:`, `<…>`).
 */
function bare(text: string): string {
  const unquoted = text
    .trim()
    .replace(/^(["'`])(.*)\1$/, '$2')
    .trim()
  const mail = /^<?(?:mailto:)?([^<>]*)>?$/i.exec(unquoted)?.[1] ?? ''
  const value = EMAIL.test(mail) ? mail : unquoted
  const inner = /^(?:urn:uuid:)?\{?([0-9a-f-]{36})\}?$/i.exec(value)?.[1]
  return inner !== undefined && UUID.test(inner) ? inner : value
}

/**
 * The address in a text, without the port and the brackets of a URL, in each form that it may be stored in.
 */
function addressesIn(value: string): string[] {
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(value)?.[1]
  const withPort = /^(\d+(?:\.\d+){3}):\d{1,5}$/.exec(value)?.[1]
  const address = bracketed ?? withPort ?? value
  if (isIP(address) === 0) return []
  if (isIP(address) === 4) return [address]
  // A client of IPv4, as a server of both versions sees it.
  const inner = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1]
  return [address, ...shortest(address), ...(inner === undefined ? [] : [inner])]
}

/** An IPv6 address as AWS writes it, when it was pasted in another form: small letters, zeros compressed. */
function shortest(address: string): string[] {
  if (address.includes('%')) return []
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  return short === address ? [] : [short]
}

/** The names inside an ARN that other columns hold alone. */
function insideArn(arn: string): Asked[] {
  const bucket = /^arn:[\w-]*:s3:::([^/]+)$/.exec(arn)?.[1]
  const instance = /:(?:managed-)?instance\/((?:i|mi)-[0-9a-f]+)$/.exec(arn)?.[1]
  return [
    ...(bucket === undefined ? [] : [{ is: 'bucket', value: bucket }]),
    ...(instance === undefined ? [] : [{ is: 'instance', value: instance }]),
  ]
}

/** A bucket, or an object in it, by its name and by its ARN, which resource columns hold. */
function inBucket(path: string): Asked[] {
  const [bucket = ''] = path.split('/', 1)
  const isWhole = bucket === path || path === `${bucket}/`
  const arns = ['aws', 'aws-cn', 'aws-us-gov'].map((partition) => ({
    is: 'arn',
    value: `arn:${partition}:s3:::${isWhole ? bucket : path}`,
  }))
  return isWhole ? [{ is: 'bucket', value: bucket }, ...arns] : arns
}
