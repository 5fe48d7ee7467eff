import { createHash } from 'node:crypto'
import { fingerprintOf, isSignedBy } from '../../digests/document.ts'
import type { DigestProof, DigestProofs } from '../../digests/prove.ts'
import { sentence } from '../../lib/errors.ts'
import { openCheckpoint, publicKeyOf } from '../../witness/note.ts'
import type { ObjectProof } from '../../witness/prove.ts'
import { certificatesIn, checkStamp } from '../../witness/stamp/check.ts'
import { leafHash, rootOf } from '../../witness/tree.ts'
import { contentOf } from './records.ts'

/** Keys obtained in another way, in place of those in the bundle. */
export interface Trusted {
  /** PEM: the key of the bundle's signer. */
  key?: string | undefined
  /** PEM: the key of the lake's log. */
  logKey?: string | undefined
  /** JSON, as `aws cloudtrail list-public-keys` prints it. */
  awsKeys?: string | undefined
  /** PEM: the root certificate of the authority that stamped the log. */
  tsa?: string | undefined
}

/** Counts of a bundle's objects, and how many are proved. */
export interface Proved {
  signedByAws: number
  logged: number
  /** Time since when the log has them, by a time stamp authority; null without a valid stamp. */
  stamped: string | null
}

/** Checks the proofs of objects, and adds faults to `faults`. Null where there are none. */
export function proofFaults(
  files: ReadonlyMap<string, Buffer>,
  { logKey, awsKeys, tsa }: Trusted,
  faults: string[],
): Proved | null {
  const text = (name: string) => files.get(name)?.toString('utf8') ?? ''
  const attempt = (what: string, check: () => number): number => {
    try {
      return check()
    } catch (thrown) {
      faults.push(`${what} cannot be read: ${sentence(thrown)}`)
      return 0
    }
  }
  if (!files.has('digests.json') && !files.has('log/checkpoint')) return null
  return {
    signedByAws: files.has('digests.json')
      ? attempt('The digests', () => digestFaults(files, text, awsKeys, faults))
      : 0,
    logged: files.has('log/checkpoint')
      ? attempt('The proofs of the log', () => logFaults(text, logKey, faults))
      : 0,
    stamped: files.has('log/stamp.tsr') ? stampFaults(files, tsa, faults) : null,
  }
}

/** The checkpoint's time, from its authority. */
function stampFaults(
  files: ReadonlyMap<string, Buffer>,
  tsa: string | undefined,
  faults: string[],
): string | null {
  const [bytes, request, response] = ['log/checkpoint', 'log/stamp.tsq', 'log/stamp.tsr'].map(
    (name) => files.get(name) ?? Buffer.alloc(0),
  ) as [Buffer, Buffer, Buffer]
  const own = files.get('log/tsa.pem')?.toString()
  try {
    const pem = tsa ?? own
    const trusted = pem === undefined ? [] : certificatesIn(pem)
    return new Date(checkStamp(response, { bytes, request, trusted }).timeMs).toISOString()
  } catch (thrown) {
    faults.push(`log/stamp.tsr: ${sentence(thrown)}`)
    return null
  }
}

type Text = (name: string) => string

function digestFaults(
  files: ReadonlyMap<string, Buffer>,
  text: Text,
  trusted: string | undefined,
  faults: string[],
): number {
  const values: string[] = trusted
    ? (JSON.parse(trusted) as { PublicKeyList: { Value: string }[] }).PublicKeyList.map(({ Value }) => Value)
    : (JSON.parse(text('digest-keys.json')) as DigestProofs['keys']).map(({ value }) => value)
  const keys = new Map(
    values.map((value) => {
      const der = Buffer.from(value, 'base64')
      return [fingerprintOf(der), der]
    }),
  )
  const named = new Set<string>()
  for (const { object, document, signature } of JSON.parse(text('digests.json')) as DigestProof[]) {
    const parsed = JSON.parse(document)
    const sha256 = createHash('sha256').update(document).digest('hex')
    const der = keys.get(parsed.digestPublicKeyFingerprint)
    if (!der || !isSignedBy({ document: parsed, sha256 }, signature, der)) {
      faults.push(`${object}: the digest is not signed by AWS.`)
      continue
    }
    for (const { s3Object, hashValue } of parsed.logFiles)
      named.add(`${object} ${hashValue} ${below(s3Object)}`)
  }
  const listed = JSON.parse(text('digest-files.json')) as DigestProofs['files']
  const contents = contentsIn(files, text)
  for (const { object, sha256, digest, state } of listed) {
    if (!named.has(`${digest} ${sha256} ${below(object)}`)) faults.push(`${object}: no digest names it so.`)
    // That it is the same is the exporter's word: the lake's log and the object itself tell, too.
    if (state === 'same' && contents(object).some((one) => one !== sha256))
      faults.push(`${object}: it has other content than AWS signed.`)
  }
  return new Set(listed.filter(({ state }) => state === 'same').map(({ object }) => object)).size
}

/** The hashes of an object's content that the bundle has: in the lake's log, and of the object itself. */
function contentsIn(files: ReadonlyMap<string, Buffer>, text: Text): (object: string) => string[] {
  const parsed = <Shape>(name: string, none: Shape): Shape =>
    files.has(name) ? (JSON.parse(text(name)) as Shape) : none
  const { objects: proofs } = parsed('log/proofs.json', { objects: [] as { line: string }[] })
  const found = new Map<string, string[]>()
  const add = (object: string, hash: string | null | undefined) => {
    if (hash) found.set(object, [...(found.get(object) ?? []), hash])
  }
  for (const { line } of proofs) {
    const [object, , , expanded] = JSON.parse(line) as [string, string, string, string | null]
    add(object, expanded)
  }
  for (const { name, sha256 } of parsed('objects.json', [] as { name: string; sha256: string | null }[])) {
    const bytes = files.get(`objects/${sha256}`)
    const content = bytes && contentOf(bytes)
    add(name, content && createHash('sha256').update(content).digest('hex'))
  }
  return (object) => found.get(object) ?? []
}

/** A name from `AWSLogs/` on, which stays the same when an object is copied. */
function below(name: string): string {
  return name.slice(Math.max(0, name.indexOf('AWSLogs/')))
}

function logFaults(text: Text, trusted: string | undefined, faults: string[]): number {
  const { size, root } = openCheckpoint(text('log/checkpoint'), [publicKeyOf(trusted ?? text('log/key.pem'))])
  const objects = JSON.parse(text('objects.json')) as { name: string; sha256: string | null }[]
  const hashes = new Map(objects.map(({ name, sha256 }) => [name, sha256]))
  const { objects: proofs } = JSON.parse(text('log/proofs.json')) as { objects: ObjectProof[] }
  const path = (hex: readonly string[]) => hex.map((one) => Buffer.from(one, 'hex'))
  for (const one of proofs) {
    const [object, , sha256] = JSON.parse(one.line) as [string, string, string | null]
    const inner = rootOf(leafHash(Buffer.from(one.line)), one.index, one.count, path(one.path))
    const leaf = JSON.parse(one.leaf) as { objects: { root: string } }
    if (inner?.toString('hex') !== leaf.objects.root)
      faults.push(`${one.object}: it is not in the leaf of its commit.`)
    const outer = rootOf(leafHash(Buffer.from(one.leaf)), one.leaf_index, size, path(one.leaf_path))
    if (!outer?.equals(root)) faults.push(`${one.object}: the leaf of its commit is not in the log.`)
    if (object !== one.object || hashes.get(object) !== sha256)
      faults.push(`${one.object}: the log has another hash of it.`)
  }
  return proofs.length
}
