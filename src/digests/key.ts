/** What the URI of a digest tells. */
export interface DigestKey {
  /** Up to and with `CloudTrail-Digest/`. */
  root: string
  /** The part of the name from `AWSLogs/` on, which is the same wherever it was copied to. */
  below: string
  organization: string | null
  account: string
  region: string
  trail: string
  homeRegion: string
  /** When it ends, as in 20260107T220131Z. */
  stamp: string
  kind: 'standard' | 'backfill'
}

const DIGEST =
  /^(.*?)(AWSLogs\/(?:(o-[a-z0-9]+)\/)?(\d{12})\/CloudTrail-Digest\/)([a-z0-9-]+)\/\d{4}\/\d{2}\/\d{2}\/\4_CloudTrail-Digest_\5_(.+)_([a-z]{2}(?:-[a-z]+)+-\d)_(\d{8}T\d{6}Z)(_backfill)?\.json\.gz$/s

/** Undefined for what is no digest, by its name. */
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

/** Digests with the same chain name one another: those of an account, a Region and a trail, in one place. */
export function chainOf({ root, region, trail, homeRegion, kind }: DigestKey): string {
  return `${root}${region} ${trail} ${homeRegion} ${kind}`
}

/** `20260107T220131Z` → milliseconds since 1970. */
export function momentOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
