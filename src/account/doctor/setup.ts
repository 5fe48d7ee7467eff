import type { Identity } from '../../aws/identity.ts'
import type { NeededAction } from '../../aws/needed.ts'
import type { DoctorSettings } from './settings.ts'

/** The set-up as checks see it: built from the configuration and the lake by the code that opens both. */
export interface Setup {
  /** loglake's version. */
  program: string
  configuration: { file: string | undefined; fault?: string | undefined }
  lake: LakeFacts
  sources: readonly SourceFacts[]
  destinations: readonly DestinationFacts[]
  /** Present when the tables are mirrored to the Glue Data Catalog. */
  mirror?: MirrorFacts | undefined
  /** Present when models of Bedrock are used. */
  bedrock?: BedrockFacts | undefined
  evidence?: EvidenceFacts | undefined
  serve: ServeFacts
  settings: DoctorSettings
  known: Known
}

export interface LakeFacts {
  /** The lake's name for people. */
  location: string
  /** Present when the lake is in a bucket. */
  s3?: {
    bucket: string
    /** Empty, or ending in a slash. */
    prefix: string
    identity: Identity
    kmsKey?: string | undefined
    objectLock?: { mode: 'governance' | 'compliance'; days: number } | undefined
  }
  /** Folders on this machine that it writes to: its own or its cache, and the temporary one. */
  folders: readonly { path: string; what: string }[]
}

export interface SourceFacts {
  name: string
  type: string
  identity?: Identity | undefined
  /** For `s3`. */
  bucket?: string | undefined
  prefix?: string | undefined
  watch?: boolean | undefined
  /** Whether new objects are expected in it; by default true. */
  awaits?: boolean | undefined
  pollSeconds?: number | undefined
  /** For `s3-queue`. */
  queue?: string | undefined
  /** The actions that its kind names, besides those for its bucket and its queue. */
  needs?: readonly NeededAction[] | undefined
  /** For `cloudwatch-logs`. */
  groups?: readonly string[] | undefined
  /** For `cloudtrail-lookup`. */
  regions?: readonly string[] | undefined
  /** For `folder`. */
  paths?: readonly string[] | undefined
}

export interface DestinationFacts {
  name: string
  type: string
  identity?: Identity | undefined
  /** The actions that its kind names. */
  needs?: readonly NeededAction[] | undefined
  /** For `sns`: the ARN of the topic. */
  topic?: string | undefined
  /** The host and port of a network destination; its URL, when it uses HTTP. */
  address?: { host: string; port: number; url?: string } | undefined
}

export interface MirrorFacts {
  database: string
  /** The account of the catalog, when it is not our own. */
  catalog?: string | undefined
  /** Whether loglake may create the database. */
  makes: boolean
  identity: Identity
}

export interface EvidenceFacts {
  /** Whether `loglake run` asks CloudTrail for AWS's public keys. */
  publicKeys: boolean
  /** A KMS key that signs the log of the lake. */
  logKey?: { arn: string; identity: Identity } | undefined
}

export interface BedrockFacts {
  /** For single calls. */
  model?: { id: string; identity: Identity } | undefined
  /** For batch jobs. */
  batch?: { role: string; place: string; kmsKey?: string | undefined; identity: Identity } | undefined
}

export interface ServeFacts {
  host: string
  signIn: 'none' | 'oidc' | 'alb' | 'header'
  url?: string | undefined
  cookieKeys: readonly string[]
  /** Number of claims with a role. */
  roles: number
  /** Whether any claim gives the role of operator. */
  hasOperator: boolean
  issuer?: string | undefined
  insecure?: boolean | undefined
}

/** Facts from the lake itself. */
export interface Known {
  exists(): Promise<boolean>
  /** The number of its newest version. Throws the lake's fault: a later format, a damaged catalog. */
  version(): Promise<number>
  standing(): Promise<Standing>
  /** The newest objects in the ledger, by source. */
  newestObjects(): Promise<readonly NewestObject[]>
  /** Whether the ledger has an object. */
  ledgered(uri: string): Promise<boolean>
  /** The newest metadata file of every table, as an address. */
  metadata(): Promise<ReadonlyMap<string, string>>
}

export interface Standing {
  sources: readonly {
    name: string
    stopped: boolean
    objects: number
    deadLetters: number
    rejected: number
    lastCommitMs?: number | undefined
    newestMs?: number | undefined
  }[]
  followers: readonly { name: string; state: string; rows: number; behindMs: number }[]
  holes: readonly {
    place: string
    account: string
    region: string
    service: string
    from: string
    to: string
  }[]
}

export interface NewestObject {
  source: string
  /** `s3://bucket/key`, a path, or the name of a page of events. */
  object: string
  /** The time of its commit. */
  committedMs: number
  /** Number of objects in the last 30 days, and their bytes. */
  objects: number
  bytes: number
}

/** Whether any of our settings uses AWS. */
export function onAws({ sources, lake, destinations }: Setup): boolean {
  return (
    lake.s3 !== undefined ||
    sources.some(({ identity }) => identity !== undefined) ||
    destinations.some(({ identity }) => identity !== undefined)
  )
}

/** Every identity that we use, each once, with the settings that use it. */
export function identitiesOf({
  sources,
  lake,
  destinations,
  mirror,
  bedrock,
}: Setup): { identity: Identity; users: string[] }[] {
  const found = new Map<string, { identity: Identity; users: string[] }>()
  const add = (identity: Identity | undefined, user: string) => {
    if (identity === undefined) return
    const key = identityKey(identity)
    const known = found.get(key)
    if (known) known.users.push(user)
    else found.set(key, { identity, users: [user] })
  }
  for (const { name, identity } of sources) add(identity, `source ${name}`)
  add(lake.s3?.identity, 'the lake')
  for (const { name, identity } of destinations) add(identity, `destination ${name}`)
  add(mirror?.identity, 'mirror')
  add(bedrock?.model?.identity, 'model')
  add(bedrock?.batch?.identity, 'analyze')
  return [...found.values()]
}

export function identityKey(identity: Identity): string {
  return JSON.stringify(
    Object.entries(identity)
      .filter(([, value]) => value !== undefined)
      .sort(),
  )
}
