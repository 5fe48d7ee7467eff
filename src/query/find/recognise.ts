import { isIP } from 'node:net'

/** What a text can be, and the text that a column of that kind has. */
export interface Asked {
  /** A kind of a table's key, as in `uuid`. */
  is: string
  value: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** AWS's prefixes of access keys, and of the unique ids of what can be somebody. */
const ACCESS_KEY = /^(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}$/
const PRINCIPAL = /^(AROA|AIDA|AGPA|AIPA|ANPA|ANVA|APKA|ASCA)[A-Z0-9]{8,}(:.+)?$/
const INSTANCE = /^(i|mi)-[0-9a-f]{8,17}$/
const TOOL_USE = /^(tooluse|toolu|srvtoolu|call|chatcmpl-tool)[_-][\w-]+$/
const EMAIL = /^[^\s@]+@[^\s@]+$/
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com$/

/**
 * What a text can be, surest first. One that has a form of its own is only that; any other may be a name, an id, a bucket.
 *
 * @param text as somebody pasted it: with blanks or quotes around, perhaps
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
  if (isIP(value) === 6) return [value, ...shortest(value)].map((text) => ({ is: 'address', value: text }))
  if (isIP(value) !== 0 || SERVICE.test(value)) return one('address')
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

/** Without blanks and quotes, and of a UUID without what programs put around it: `urn:uuid:`, braces. */
function bare(text: string): string {
  const value = text
    .trim()
    .replace(/^(["'`])(.*)\1$/, '$2')
    .trim()
  const inner = /^(?:urn:uuid:)?\{?([0-9a-f-]{36})\}?$/i.exec(value)?.[1]
  return inner !== undefined && UUID.test(inner) ? inner : value
}

/** An IPv6 address as AWS writes it, where it was pasted in another form: small letters, no zeros that can be left out. */
function shortest(address: string): string[] {
  if (address.includes('%')) return []
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  return short === address ? [] : [short]
}

/** The names inside of an ARN that other columns have alone. */
function insideArn(arn: string): Asked[] {
  const bucket = /^arn:[\w-]*:s3:::([^/]+)$/.exec(arn)?.[1]
  const instance = /:(?:managed-)?instance\/((?:i|mi)-[0-9a-f]+)$/.exec(arn)?.[1]
  return [
    ...(bucket === undefined ? [] : [{ is: 'bucket', value: bucket }]),
    ...(instance === undefined ? [] : [{ is: 'instance', value: instance }]),
  ]
}

/** A bucket, or an object in it, by its name and as the ARN that resources have. */
function inBucket(path: string): Asked[] {
  const [bucket = ''] = path.split('/', 1)
  const isWhole = bucket === path || path === `${bucket}/`
  const arns = ['aws', 'aws-cn', 'aws-us-gov'].map((partition) => ({
    is: 'arn',
    value: `arn:${partition}:s3:::${isWhole ? bucket : path}`,
  }))
  return isWhole ? [{ is: 'bucket', value: bucket }, ...arns] : arns
}
