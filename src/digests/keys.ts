import { readFileSync } from 'node:fs'
import type { AwsClients } from '../aws/clients.ts'
import { awsError } from '../aws/errors.ts'
import { type DigestPublicKey, listPublicKeys } from '../aws/public-keys.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { fingerprintOf, publicKey } from './document.ts'
import type { KeyOf } from './judge.ts'

/** A row of the table `digest_key`. */
export interface KeyRow {
  fingerprint: string
  value: string
  region: string
  came_from: string
  valid_from: string | null
  valid_until: string | null
  lake_object: string
}

const HOUR_MS = 3_600_000
/** Hours around a digest's end for which keys are requested: it is signed within two hours of its end. */
const AROUND_MS = { before: HOUR_MS, after: 2 * HOUR_MS }

/**
 * Pins keys: the first key with a fingerprint stays, and a key with a wrong fingerprint is refused.
 *
 * @param pinned the keys in the lake
 * @param file a file with keys in place of AWS's, for a machine without access to AWS
 */
export function keyring(pinned: readonly KeyRow[], clientsOf: () => AwsClients, file?: string) {
  const known = new Map(pinned.map((row) => [row.fingerprint, row]))
  const fresh: KeyRow[] = []
  const asked = new Set<string>()
  const pin = (row: KeyRow) => {
    if (known.has(row.fingerprint)) return
    known.set(row.fingerprint, row)
    fresh.push(row)
  }
  if (file !== undefined) for (const row of keysOfFile(file)) pin(row)

  const keyOf: KeyOf = async (fingerprint, { home_region: region }, at) => {
    if (!known.has(fingerprint) && file === undefined) await ask(region, at)
    const row = known.get(fingerprint)
    return row && Buffer.from(row.value, 'base64')
  }

  async function ask(region: string, at: Date): Promise<void> {
    // Many digests of an hour need the same keys.
    const name = `${region} ${Math.floor(at.getTime() / HOUR_MS)}`
    if (asked.has(name)) return
    asked.add(name)
    const from = new Date(at.getTime() - AROUND_MS.before)
    const until = new Date(at.getTime() + AROUND_MS.after)
    const found = await listPublicKeys(clientsOf(), region, from, until).catch((thrown) => {
      throw awsError('list the public keys of', `CloudTrail in ${region}`, thrown)
    })
    for (const key of found) pin(rowOf(key, region))
  }

  return { keyOf, fresh: (): readonly KeyRow[] => fresh }
}

function rowOf({ fingerprint, value, validFrom, validUntil }: DigestPublicKey, region: string): KeyRow {
  const der = Buffer.from(value)
  return {
    // The fingerprint is computed from the key itself, not taken from its name.
    fingerprint: checked(der, fingerprint, `ListPublicKeys in ${region}`),
    value: der.toString('base64'),
    region,
    came_from: 'ListPublicKeys',
    valid_from: validFrom?.toISOString() ?? null,
    valid_until: validUntil?.toISOString() ?? null,
    lake_object: `cloudtrail:ListPublicKeys:${region}`,
  }
}

function checked(der: Buffer, told: string | undefined, where: string): string {
  const own = fingerprintOf(der)
  if (!publicKey(der)) throw new UserError(`${where}: ${told ?? 'a key'} is no RSA key`)
  if (told !== undefined && told !== own)
    throw new UserError(`${where}: the key that is called ${told} has the fingerprint ${own}`)
  return own
}

/**
 * The output of `aws cloudtrail list-public-keys`: `{"PublicKeyList": [{"Value": base64, "Fingerprint":
 * …}]}`.
 */
function keysOfFile(file: string): KeyRow[] {
  let list: { Value: string; Fingerprint?: string; ValidityStartTime?: unknown; ValidityEndTime?: unknown }[]
  try {
    list = JSON.parse(readFileSync(file, 'utf8')).PublicKeyList
    if (!Array.isArray(list)) throw new Error('it has no PublicKeyList')
  } catch (thrown) {
    throw new UserError(
      `${file}: the keys cannot be read: ${sentence(thrown)}; what \`aws cloudtrail list-public-keys\` prints is wanted`,
      { cause: thrown },
    )
  }
  return list.map(({ Value, Fingerprint }) => {
    const der = Buffer.from(String(Value), 'base64')
    return {
      fingerprint: checked(der, Fingerprint, file),
      value: der.toString('base64'),
      region: '',
      came_from: file,
      valid_from: null,
      valid_until: null,
      lake_object: file,
    }
  })
}
