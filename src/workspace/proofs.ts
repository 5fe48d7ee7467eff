import type { Config } from '../config/config.ts'
import { proveFiles } from '../digests/prove.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { proveObjects, type ToProve } from '../witness/prove.ts'
import { limitsOf } from './limits.ts'
import { authoritiesOf, keepLog, signerOf } from './witness.ts'

/** Proofs of objects as files of a bundle of evidence: CloudTrail's digests, and the log of the lake. */
export async function proofFiles(
  lake: Lake,
  config: Config,
  version: LakeVersion,
  objects: readonly ToProve[],
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  if (objects.length === 0) return files
  const add = (name: string, value: unknown) =>
    files.set(name, Buffer.from(`${JSON.stringify(value, null, 1)}\n`))
  const names = objects.map(({ object }) => object)
  const digests = await proveFiles(lake, version, names, limitsOf(config.query))
  if (digests) {
    add('digests.json', digests.digests)
    add('digest-keys.json', digests.keys)
    add('digest-files.json', digests.files)
  }
  const signer = await signerOf(config)
  if (!signer) return files
  try {
    await keepLog(lake, config)
    const proof = await proveObjects(lake, signer, objects)
    if (!proof) return files
    files.set('log/checkpoint', Buffer.from(proof.checkpoint))
    files.set('log/key.pem', Buffer.from(proof.key))
    if (proof.stamp) {
      files.set('log/stamp.tsq', Buffer.from(proof.stamp.request))
      files.set('log/stamp.tsr', Buffer.from(proof.stamp.response))
      const authorities = authoritiesOf(config)
      if (authorities.length > 0)
        files.set('log/tsa.pem', Buffer.from(authorities.map((one) => one.toString()).join('')))
    }
    add('log/proofs.json', { objects: proof.objects, unproved: proof.unproved })
    return files
  } finally {
    signer.close()
  }
}
