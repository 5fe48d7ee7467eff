import type { AwsClients } from './clients.ts'

/** A public key with which CloudTrail signs digests. */
export interface DigestPublicKey {
  fingerprint: string
  /** In DER. */
  value: Uint8Array
  validFrom: Date | undefined
  validUntil: Date | undefined
}

/** `cloudtrail:ListPublicKeys` of a Region: the keys in use between two times. */
export async function listPublicKeys(
  clients: AwsClients,
  region: string,
  from: Date,
  until: Date,
): Promise<DigestPublicKey[]> {
  const cloudTrail = await clients.cloudTrail(region)
  const found: DigestPublicKey[] = []
  let NextToken: string | undefined
  do {
    const page = await cloudTrail.listPublicKeys({
      StartTime: from,
      EndTime: until,
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    for (const { Fingerprint, Value, ValidityStartTime, ValidityEndTime } of page.PublicKeyList ?? []) {
      if (Fingerprint === undefined || Value === undefined) continue
      found.push({
        fingerprint: Fingerprint,
        value: Value,
        validFrom: ValidityStartTime,
        validUntil: ValidityEndTime,
      })
    }
    NextToken = page.NextToken
  } while (NextToken !== undefined && NextToken !== '')
  return found
}
