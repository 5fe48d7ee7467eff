import { COLON, compactText, QUOTE, skipSpace, stringEnd, textOf } from '../../json/bytes.ts'

/**
 * A finding in GuardDuty's own spelling: the SDKs and the command line write `AccountId` for `accountId`.
 * Keys that are not names of the API, as in `{"AWS::S3::Bucket":…}`, stay. They also write it on many lines,
 * which says nothing.
 */
export function inCamelCase(finding: Uint8Array): Uint8Array {
  const bytes = Buffer.from(finding)
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== QUOTE) continue
    const start = at + 1
    const end = stringEnd(bytes, at)
    if (end < 0) break
    at = end - 1
    const isKey = bytes[skipSpace(bytes, end)] === COLON
    // In ASCII, letters differ by one bit in their two cases.
    if (isKey && NAME.test(textOf(bytes, start, end - 1))) bytes[start] = (bytes[start] as number) | 0x20
  }
  return Buffer.from(compactText(bytes, 0, bytes.length))
}

const NAME = /^[A-Z][a-z0-9][A-Za-z0-9]*$/
