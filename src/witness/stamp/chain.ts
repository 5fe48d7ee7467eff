import type { X509Certificate } from 'node:crypto'
import { fieldsOf } from './certificate.ts'
import { inside, oidText, onlyValue } from './der.ts'

const EXTENDED_USAGE = '2.5.29.37'
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const LONGEST_CHAIN = 10

/**
 * Checks that an authority's certificate leads to a trusted one, at the time of the stamp. Revocation is not
 * checked.
 *
 * @param among possible intermediate certificates
 * @param trusted certificates in which a chain must end; empty to accept any end
 * @throws Error with the reason
 */
export function checkChain(
  certificate: X509Certificate,
  atMs: number,
  among: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): void {
  if (!isForStamps(certificate))
    throw new Error('the certificate that signed it is not for time stamps alone (RFC 3161, section 2.3)')
  checkTime(certificate, atMs)
  if (trusted.length === 0) return
  let current = certificate
  for (let length = 0; length < LONGEST_CHAIN; length++) {
    const isTrusted = trusted.some(({ fingerprint256 }) => fingerprint256 === current.fingerprint256)
    if (isTrusted && isIssuer(current, current)) return
    const next = [...trusted, ...among].find(
      (one) => one.fingerprint256 !== current.fingerprint256 && one.ca && isIssuer(current, one),
    )
    if (!next) break
    checkTime(next, atMs)
    current = next
  }
  throw new Error(
    'its certificate does not lead to an authority that is trusted (`log.stamp_ca`, or `--tsa`)',
  )
}

function isIssuer(of: X509Certificate, issuer: X509Certificate): boolean {
  return of.checkIssued(issuer) && of.verify(issuer.publicKey)
}

function checkTime({ subject, validFrom, validTo }: X509Certificate, atMs: number): void {
  if (atMs < Date.parse(validFrom) || atMs > Date.parse(validTo))
    throw new Error(
      `a certificate was not valid at the time of the stamp: ${subject.replaceAll('\n', ', ')}, from ${validFrom} to ${validTo}`,
    )
}

/** Only for time stamps, and critical. */
function isForStamps(certificate: X509Certificate): boolean {
  const usage = fieldsOf(certificate).extensions.get(EXTENDED_USAGE)
  if (certificate.ca || !usage?.isCritical) return false
  const uses = inside(onlyValue(usage.content))
  return uses.length === 1 && oidText(uses[0]) === TIME_STAMPING
}
