import type { Identity } from '../../aws/identity.ts'
import type { DoctorSettings } from './settings.ts'

/** What is set up, as far as checks go by it: made of the configuration and the lake by whoever opens both. */
export interface Setup {
  /** The version of loglake. */
  program: string
  configuration: { file: string | undefined; fault?: string | undefined }
  lake: LakeFacts
  sources: readonly SourceFacts[]
  destinations: readonly DestinationFacts[]
  /** The tables are shown in the Glue Data Catalog. */
  mirror?: MirrorFacts | undefined
  /** Models of Bedrock are asked. */
  bedrock?: BedrockFacts | undefined
  serve: ServeFacts
  settings: DoctorSettings
  known: Known
}

export interface LakeFacts {
  /** As a person would name it. */
  place: string
  /** Where it lies in a bucket. */
  s3?: {
    bucket: string
    /** Empty, or with a slash at its end. */
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
  /** Of `s3`. */
  bucket?: string | undefined
  prefix?: string | undefined
  watch?: boolean | undefined
  pollSeconds?: number | undefined
  /** Of `s3-queue`. */
  queue?: string | undefined
  /** Of `cloudwatch-logs`. */
  groups?: readonly string[] | undefined
  /** Of `cloudtrail-lookup`. */
  regions?: readonly string[] | undefined
  /** Of `folder`. */
  paths?: readonly string[] | undefined
}

export interface DestinationFacts {
  name: string
  type: string
  identity?: Identity | undefined
  /** Of `sns`: the ARN of the topic. */
  topic?: string | undefined
  /** The host and port that it is reached at, where it is one of the network; its URL, where it speaks HTTP. */
  address?: { host: string; port: number; url?: string } | undefined
}

export interface MirrorFacts {
  database: string
  /** The account of the catalog, where it is not our own. */
  catalog?: string | undefined
  /** Whether the database may be made. */
  makes: boolean
  identity: Identity
}

export interface BedrockFacts {
  /** One by one. */
  model?: { id: string; identity: Identity } | undefined
  /** In batch jobs. */
  batch?: { role: string; place: string; kmsKey?: string | undefined; identity: Identity } | undefined
}

export interface ServeFacts {
  host: string
  signIn: 'none' | 'oidc' | 'alb' | 'header'
  url?: string | undefined
  cookieKeys: readonly string[]
  /** How many claims have a role. */
  roles: number
  /** Whether any claim is that of an operator. */
  hasOperator: boolean
  issuer?: string | undefined
  insecure?: boolean | undefined
}

/** What the lake itself tells. */
export interface Known {
  exists(): Promise<boolean>
  /** The number of its newest version. Throws what is wrong with it: a later format, a damaged catalog. */
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
  /** `s3://bucket/key`, a path, or a name of a page of events. */
  object: string
  /** When it was committed. */
  committedMs: number
  /** Objects of the last 30 days, and their bytes. */
  objects: number
  bytes: number
}

/** Whether a setting of ours is about AWS at all. */
export function onAws({ sources, lake, destinations }: Setup): boolean {
  return (
    lake.s3 !== undefined ||
    sources.some(({ identity }) => identity !== undefined) ||
    destinations.some(({ identity }) => identity !== undefined)
  )
}

/** Everybody whom we are to AWS, each once, with those who sign so. */
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
