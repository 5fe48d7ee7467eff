/** The parts of a digest's URI. */
export interface DigestKey {
  /** Up to and including `CloudTrail-Digest/`. */
  root: string
  /** The name from `AWSLogs/` on, which is the same in every copy. */
  below: string
  organization: string | null
  account: string
  region: string
  trail: string
  homeRegion: string
  /** The end of its hour, as in 20260107T220131Z. */
  stamp: string
  kind: 'standard' | 'backfill'
}

const DIGEST =
  /^(.*?)(AWSLogs\/(?:(o-[a-z0-9]+)\/)?(\d{12})\/CloudTrail-Digest\/)([a-z0-9-]+)\/\d{4}\/\d{2}\/\d{2}\/\4_CloudTrail-Digest_\5_(.+)_([a-z]{2}(?:-[a-z]+)+-\d)_(\d{8}T\d{6}Z)(_backfill)?\.json\.gz$/s

/** Undefined for an object that is not a digest, by its name. */
export function digestKey(uri: string): DigestKey | undefined {
  const found = DIGEST.exec(uri)
  if (!found) return undefined
  const [, before = '', folder = '', organization, account, region, trail, homeRegion, stamp, backfill] =
    found
  return {
    root: before + folder,
    below: uri.slice(before.length),
    organization: organization ?? null,
    account: account as string,
    region: region as string,
    trail: trail as string,
    homeRegion: homeRegion as string,
    stamp: stamp as string,
    kind: backfill ? 'backfill' : 'standard',
  }
}

/** The chain of a digest: digests of one account, Region and trail in one place name one another. */
export function chainOf({ root, region, trail, homeRegion, kind }: DigestKey): string {
  return `${root}${region} ${trail} ${homeRegion} ${kind}`
}

/** `20260107T220131Z` → milliseconds since 1970. */
export function parseTimestamp(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
