import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { EngineLimits } from '../lib/duckdb.ts'
import { openAsking } from './ask.ts'
import type { KeyRow } from './keys.ts'
import { digestViews } from './report.ts'
import { digestTable } from './tables.ts'

/** A digest with everything that checking its signature needs. */
export interface DigestProof {
  object: string
  chain: string
  state: string
  /** SHA-256 of its unzipped bytes, which are `document` in UTF-8. */
  sha256: string
  signature: string
  fingerprint: string
  ends: string
  document: string
}

/** The signed facts about log files. */
export interface DigestProofs {
  digests: DigestProof[]
  keys: Pick<KeyRow, 'fingerprint' | 'value' | 'came_from'>[]
  files: { object: string; sha256: string; digest: string; state: string }[]
}

/** The digests of log files, with AWS's public keys; undefined where the lake has no digests. */
export async function proveFiles(
  lake: Lake,
  version: LakeVersion,
  objects: readonly string[],
  limits?: EngineLimits,
): Promise<DigestProofs | undefined> {
  if (version.catalog.tables[digestTable.name] === undefined) return undefined
  const asking = await openAsking(lake, version, limits, digestViews())
  try {
    const names = JSON.stringify(objects)
    const digests = await asking.rows<DigestProof>('proofs', { names })
    const used = new Set(digests.map(({ fingerprint }) => fingerprint))
    const keys = await asking.rows<KeyRow>('keys')
    return {
      digests,
      keys: keys
        .filter(({ fingerprint }) => used.has(fingerprint))
        .map(({ fingerprint, value, came_from }) => ({ fingerprint, value, came_from })),
      files: await asking.rows('proved', { names }),
    }
  } finally {
    asking.close()
  }
}
