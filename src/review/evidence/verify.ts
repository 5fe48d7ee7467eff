import { createPublicKey } from 'node:crypto'
import { sentence } from '../../lib/errors.ts'
import { digestOf } from '../digest.ts'
import { brokenAt, type Step, stepHash } from '../state.ts'
import { DECISION, ENVELOPE, KEY, PREDICATE_TYPE, STATEMENT, sha256 } from './bundle.ts'
import { type Envelope, isSigned, keyId } from './dsse.ts'
import { type Proved, proofFaults, type Trusted } from './proofs.ts'
import { recordFaults } from './records.ts'
import { unzipped, zipOf } from './zip.ts'

/** The result of checking a bundle. */
export interface Verified {
  /** Whether all of it is as signed. */
  sound: boolean
  /** The faults, each a sentence; empty when it is sound. */
  faults: string[]
  keyId: string | null
  review: string | null
  decision: string | null
  /** Whether its rows are those of the decision; null when they are masked or omitted. */
  rowsMatch: boolean | null
  /** What CloudTrail's digests and the lake's log prove; null without either. */
  proved: Proved | null
}

interface Statement {
  predicateType: string
  subject: { name: string; digest: { sha256: string } }[]
}

interface Decision {
  review: { id: string }
  steps: (Step & { sha256: string })[]
  rows: { are: string; sha256: string }
}

/**
 * Checks a bundle by itself: it needs no lake and no network.
 *
 * @param trusted keys that must have signed; by default those in the bundle, which prove no origin
 * @throws UserError when it is not a bundle
 */
export function verifyBundle(archive: Buffer, trusted: Trusted = {}): Verified {
  const files = unzipped(archive)
  const faults: string[] = []
  if (!zipOf(files).equals(archive)) faults.push('The archive is not as loglake writes it.')
  try {
    return found(files, trusted, faults)
  } catch (thrown) {
    // A bundle that cannot be parsed was damaged.
    faults.push(`It cannot be read: ${sentence(thrown)}`)
    return { sound: false, faults, keyId: null, review: null, decision: null, rowsMatch: null, proved: null }
  }
}

function found(files: ReadonlyMap<string, Buffer>, trusted: Trusted, faults: string[]): Verified {
  const text = (name: string) => files.get(name)?.toString('utf8') ?? ''
  const parsed = <Shape>(name: string): Shape | undefined => {
    try {
      const value: unknown = JSON.parse(text(name))
      // A missing or malformed part is a fault, never skipped.
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new Error('it is no object')
      return value as Shape
    } catch (thrown) {
      faults.push(`${name} cannot be read: ${sentence(thrown)}`)
      return undefined
    }
  }
  const pem = trusted.key ?? text(KEY)
  const envelope = parsed<Envelope>(ENVELOPE)
  let id: string | null = null
  try {
    id = keyId(createPublicKey(pem))
    if (envelope && !isSigned(envelope, pem))
      faults.push('The signature is not right: it was changed, or another key signed it.')
  } catch (thrown) {
    faults.push(`The key cannot be read: ${sentence(thrown)}`)
  }
  if (
    envelope &&
    Buffer.from(envelope.payload, 'base64').compare(files.get(STATEMENT) ?? Buffer.alloc(0)) !== 0
  )
    faults.push(`${STATEMENT} is not what was signed.`)
  if (envelope && (envelope.signatures.length !== 1 || envelope.signatures[0]?.keyid !== id))
    faults.push('The signature names another key.')
  if (envelope && text(ENVELOPE) !== `${JSON.stringify(envelope, null, 2)}\n`)
    faults.push(`${ENVELOPE} is not as it was written.`)
  const statement = parsed<Statement>(STATEMENT)
  if (statement) faults.push(...fileFaults(statement, files))
  const decision = parsed<Decision>(DECISION)
  if (decision) faults.push(...stepFaults(decision))
  const last = decision?.steps.findLast(({ kind }) => kind === 'decided')
  const rows = decision?.rows.are === 'whole' ? rowDigest(files) : undefined
  if (rows !== undefined && decision && rows !== decision.rows.sha256)
    faults.push('The rows are not those of the digest in decision.json.')
  faults.push(...objectFaults(files))
  faults.push(...recordFaults(files))
  const proved = proofFaults(files, trusted, faults)
  return {
    sound: faults.length === 0,
    faults,
    keyId: id,
    review: decision?.review.id ?? null,
    decision: last?.decision ?? null,
    rowsMatch: rows === undefined || !last ? null : rows === last.evidence_digest,
    proved,
  }
}

function fileFaults({ predicateType, subject }: Statement, files: ReadonlyMap<string, Buffer>): string[] {
  const faults: string[] = []
  if (predicateType !== PREDICATE_TYPE) faults.push('The statement is of another kind.')
  const named = new Set([STATEMENT, ENVELOPE])
  for (const { name, digest } of subject) {
    named.add(name)
    const bytes = files.get(name)
    if (!bytes) faults.push(`${name} is missing.`)
    else if (sha256(bytes) !== digest.sha256) faults.push(`${name} was changed.`)
  }
  for (const name of files.keys()) if (!named.has(name)) faults.push(`${name} was added: it is not signed.`)
  return faults
}

/** Log objects are stored under their hashes, which objects.json lists. */
function objectFaults(files: ReadonlyMap<string, Buffer>): string[] {
  const own = [...files].filter(([name]) => name.startsWith('objects/') && name !== 'objects/left-out.json')
  if (own.length === 0) return []
  try {
    const known = JSON.parse(files.get('objects.json')?.toString('utf8') ?? '') as { sha256: string }[]
    const sums = new Set(known.map(({ sha256: sum }) => sum))
    return own
      .filter(([name, bytes]) => name !== `objects/${sha256(bytes)}` || !sums.has(sha256(bytes)))
      .map(([name]) => `${name} is not the object of that hash.`)
  } catch (thrown) {
    return [`objects.json cannot be read: ${sentence(thrown)}`]
  }
}

function stepFaults({ steps }: Decision): string[] {
  const bare = steps.map(({ sha256: _, ...step }) => step as Step)
  const changed = steps.find(({ sha256: own }, at) => stepHash(bare[at] as Step) !== own)
  if (changed) return [`Step ${changed.seq} was changed.`]
  const at = brokenAt(bare)
  return at === undefined ? [] : [`A step before step ${at} is missing or was changed.`]
}

function rowDigest(files: ReadonlyMap<string, Buffer>): string {
  const rows = [...files.keys()]
    .filter((name) => name.startsWith('rows/'))
    .sort()
    .flatMap((name) => {
      const table = name.slice('rows/'.length, -'.ndjson'.length)
      const lines = (files.get(name) as Buffer).toString('utf8').split('\n').slice(0, -1)
      return lines.map((json) => ({ table, json }))
    })
  return digestOf(rows)
}
