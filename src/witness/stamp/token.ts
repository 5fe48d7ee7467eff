import { createHash, verify, X509Certificate } from 'node:crypto'
import { fieldsOf } from './certificate.ts'
import { der, inside, oidText, onlyValue, TAG, timeOf, type Value, wanted } from './der.ts'
import { SHA256 } from './request.ts'

/** An authority's answer: RFC 3161, section 2.4.2, in a SignedData of RFC 5652. */
export interface Token {
  /** SHA-256 of the stamped bytes. */
  imprint: Buffer
  nonce: Buffer | undefined
  timeMs: number
  /** The signer's certificate. */
  certificate: X509Certificate
  /** All certificates in the token. */
  certificates: X509Certificate[]
}

const SIGNED_DATA = '1.2.840.113549.1.7.2'
const TST_INFO = '1.2.840.113549.1.9.16.1.4'
const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
/**
 * The ESS attributes by which a signature names its certificate: with SHA-1, and with any hash (RFC 5816).
 */
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12'
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'

const HASHES: Readonly<Record<string, string>> = {
  [SHA256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** Signature algorithms whose identifier includes the hash; plain RSA uses the signer's hash. */
const SIGNATURES: Readonly<Record<string, string | null | undefined>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
}
const NULL = der(TAG.null)
const VERSION_1 = Buffer.of(1)
const VERSION_3 = Buffer.of(3)
const KEY_IDENTIFIER = '2.5.29.14'
const RSA = '1.2.840.113549.1.1.1'

/** PKIStatus: only the first two come with a token. */
const STATUS = [
  'granted',
  'granted with changes',
  'rejected',
  'waiting',
  'a warning of revocation',
  'revoked',
]

/**
 * Parses an answer and checks its signature against the certificate in it; `chain.ts` checks the certificate.
 *
 * @throws Error with the reason
 */
export function readToken(response: Buffer): Token {
  const [info, content] = inside(onlyValue(response))
  const status = wanted(inside(info)[0], TAG.integer).content.readIntBE(0, 1)
  if ((status !== 0 && status !== 1) || !content)
    throw new Error(`the authority answers: ${STATUS[status] ?? `status ${status}`}, and gives no stamp`)
  const [type, signed] = inside(content)
  if (oidText(type) !== SIGNED_DATA) throw new Error('it is no signed data')
  const [version, hashes, told, ...rest] = inside(inside(signed, 0xa0)[0])
  const [contentType, stampInside] = inside(told)
  if (oidText(contentType) !== TST_INFO) throw new Error('its signed content is not a time stamp')
  if (!wanted(version, TAG.integer).content.equals(VERSION_3)) throw new Error('it is of another version')
  const stamp = wanted(inside(stampInside, 0xa0)[0], TAG.octets).content
  const certificates = rest
    .filter(({ tag }) => tag === 0xa0)
    .flatMap((one) => inside(one, 0xa0))
    .map(({ whole }) => new X509Certificate(whole))
  const signers = inside(rest.at(-1), TAG.set)
  if (signers.length !== 1) throw new Error('one signature is wanted in it')
  const signer = inside(signers[0])
  const named = inside(hashes, TAG.set).map(hashNamed)
  if (!named.includes(hashNamed(signer[2]))) throw new Error('it is signed over a hash that it does not name')
  const certificate = signerOf(signer, stamp, certificates)
  return { ...stampOf(stamp), certificate, certificates }
}

/** TSTInfo: the stamped hash, and the time. */
function stampOf(bytes: Buffer): Pick<Token, 'imprint' | 'nonce' | 'timeMs'> {
  const [, , imprint, , time, ...rest] = inside(onlyValue(bytes))
  const [algorithm, hash] = inside(imprint)
  if (oidText(inside(algorithm)[0]) !== SHA256) throw new Error('it is about another hash than SHA-256')
  return {
    imprint: wanted(hash, TAG.octets).content,
    timeMs: timeOf(time),
    nonce: rest.find(({ tag }) => tag === TAG.integer)?.content,
  }
}

/** The certificate that signed; the signature covers attributes, and these contain the hash of the stamp. */
function signerOf(
  [version, name, digest, attributes, algorithm, signature]: readonly Value[],
  stamp: Buffer,
  certificates: readonly X509Certificate[],
): X509Certificate {
  const hash = hashNamed(digest)
  const known = new Map(
    inside(attributes, 0xa0).map((one) => {
      const [type, values] = inside(one)
      return [oidText(type), inside(values, TAG.set)]
    }),
  )
  if (oidText(known.get(CONTENT_TYPE)?.[0]) !== TST_INFO)
    throw new Error('its signature is of something else')
  const own = wanted(known.get(MESSAGE_DIGEST)?.[0], TAG.octets).content
  if (!own.equals(createHash(hash).update(stamp).digest()))
    throw new Error('it was changed since it was signed')
  const certificate = namedIn(known, certificates)
  if (!isNamed(name, wanted(version, TAG.integer).content, certificate))
    throw new Error('its signature names two certificates')
  const kind = oidText(inside(algorithm)[0])
  const how = kind === RSA ? hash : SIGNATURES[kind]
  if (how === undefined) throw new Error(`it is signed by an algorithm that is not known here: ${kind}`)
  // The signature covers the attributes encoded as a SET, whatever tag they have here.
  const text = Buffer.from((attributes as Value).whole)
  text[0] = TAG.set
  if (!verify(how, text, certificate.publicKey, wanted(signature, TAG.octets).content))
    throw new Error('its signature is not of the certificate in it')
  return certificate
}

/** Whether a signature names this certificate: by issuer and number, or by the identifier of its key. */
function isNamed(name: Value | undefined, version: Buffer, certificate: X509Certificate): boolean {
  const { issuer, serial, extensions } = fieldsOf(certificate)
  if (name?.tag === 0x80) {
    const own = extensions.get(KEY_IDENTIFIER)
    return (
      version.equals(VERSION_3) && own !== undefined && onlyValue(own.content).content.equals(name.content)
    )
  }
  const [by, number] = inside(name)
  return (
    version.equals(VERSION_1) && by?.whole.equals(issuer) === true && number?.whole.equals(serial) === true
  )
}

function hashNamed(algorithm: Value | undefined): string {
  const [type, parameters] = inside(algorithm)
  const oid = oidText(type)
  if (parameters && !parameters.whole.equals(NULL)) throw new Error(`a hash has no parameters: ${oid}`)
  const name = HASHES[oid]
  if (name === undefined) throw new Error(`it is signed over a hash that is not known here, or weak: ${oid}`)
  return name
}

/** The certificate whose hash the signature names. */
function namedIn(
  attributes: ReadonlyMap<string, Value[]>,
  certificates: readonly X509Certificate[],
): X509Certificate {
  const second = attributes.get(SIGNING_CERTIFICATE_V2)
  const list = second ?? attributes.get(SIGNING_CERTIFICATE)
  const parts = inside(inside(inside(list?.[0])[0])[0])
  const hasHash = second && parts[0]?.tag === TAG.sequence
  const hash = second ? (hasHash ? hashNamed(parts[0]) : 'sha256') : 'sha1'
  const wantedHash = wanted(parts[hasHash ? 1 : 0], TAG.octets).content
  const found = certificates.find(({ raw }) => createHash(hash).update(raw).digest().equals(wantedHash))
  if (!found) throw new Error('the certificate that signed it is not in it')
  return found
}
