import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import type {
  BedrockFacts,
  DestinationFacts,
  EvidenceFacts,
  Known,
  Setup,
  SourceFacts,
} from '../account/doctor/setup.ts'
import { type Identity, identityWith } from '../aws/identity.ts'
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/config.ts'
import { kindOf as destinationKind } from '../deliver/destinations/index.ts'
import { isS3, parseS3 } from '../lake/storage/s3-location.ts'
import { sentence } from '../lib/errors.ts'
import { kindOf } from '../sources/index.ts'
import { isLedgered, newestObjectsIn } from '../status/newest.ts'
import { statusOf } from '../status/status.ts'
import { limitsOf } from './limits.ts'
import { type CommonOptions, type Opened, openLocation } from './open.ts'

/** Days back in which missing files are searched. */
const DAYS = 35

/**
 * The set-up that the doctor examines. A configuration that cannot be read is a finding, and defaults apply
 * to the rest.
 */
export function setupFor(
  options: CommonOptions,
  program: string,
): { setup: Setup; opened: Opened | undefined } {
  try {
    const opened = openLocation(options)
    return { setup: setupOf(opened, program), opened }
  } catch (thrown) {
    return { setup: setupWithout(options, program, sentence(thrown)), opened: undefined }
  }
}

/** The set-up of an opened lake. */
export function setupOf({ lake, location, config }: Opened, program: string): Setup {
  const { values, file } = config
  const limits = limitsOf(values.query)
  const known: Known = {
    exists: () => lake.exists(),
    version: async () => (await lake.newest()).number,
    newestObjects: () => newestObjectsIn(lake, limits),
    ledgered: (uri) => isLedgered(lake, uri, limits),
    async standing() {
      const status = await statusOf(lake, values.sources, { days: DAYS, list: false, offline: true, limits })
      return {
        holes: status.holes,
        followers: status.followers.map(({ name, state, behind }) => ({
          name,
          state,
          rows: behind.rows,
          behindMs: behind.files === 0 ? 0 : behind.ms,
        })),
        sources: status.sources.map(({ name, stopped, objects, lastCommitMs, newestMs }) => ({
          ...{ name, stopped, lastCommitMs, newestMs },
          objects: objects.read,
          deadLetters: objects.deadLetters,
          rejected: objects.rejected,
        })),
      }
    },
    async metadata() {
      const { catalog } = await lake.newest()
      const all = Object.entries(catalog.tables)
      return new Map(
        all.map(([name, { folder, metadata }]) => [name, `${lake.storage.root}/${folder}/${metadata}`]),
      )
    },
  }
  const s3 = isS3(lake.storage.root) ? parseS3(lake.storage.root) : undefined
  const { storage } = values
  return {
    ...factsOf(values, program),
    configuration: { file },
    lake: {
      location,
      folders: [
        { path: lake.storage.localFolder, what: s3 ? 'the cache of the lake' : 'the lake' },
        { path: tmpdir(), what: 'temporary files' },
      ],
      ...(s3 === undefined
        ? {}
        : {
            s3: {
              ...s3,
              identity: storage.identity,
              kmsKey: storage.kms_key,
              ...(storage.object_lock ? { objectLock: storage.object_lock } : {}),
            },
          }),
    },
    known,
  }
}

function factsOf(values: Config, program: string) {
  return {
    program,
    settings: { ...values.doctor, glue_database: values.doctor.glue_database ?? values.mirror?.database },
    sources: Object.entries(values.sources).map(([name, settings]): SourceFacts => {
      const { type, identity, bucket, prefix, watch, poll_seconds, queue, groups, regions, paths } =
        settings as SourceSettings
      return {
        name,
        type,
        identity,
        bucket,
        prefix,
        watch,
        awaits: kindOf(settings).awaits?.(settings as never),
        pollSeconds: poll_seconds,
        queue,
        groups,
        needs: kindOf(settings).needs?.(settings as never),
        regions,
        paths,
      }
    }),
    destinations: Object.entries(values.destinations).map(([name, settings]) =>
      destinationFacts(name, settings),
    ),
    mirror: values.mirror && {
      database: values.mirror.database,
      catalog: values.mirror.catalog_id,
      makes: values.mirror.create_database,
      identity: values.mirror.identity ?? values.storage.identity,
    },
    bedrock: bedrockFacts(values),
    evidence: evidenceFacts(values),
    serve: serveFacts(values.serve),
  }
}

function evidenceFacts({ digests, log, storage }: Config): EvidenceFacts {
  return {
    publicKeys: digests.minutes > 0 && digests.public_keys === undefined,
    ...(log.kms_key === undefined ? {} : { logKey: { arn: log.kms_key, identity: storage.identity } }),
  }
}

function bedrockFacts({ model, analyze }: Config): BedrockFacts | undefined {
  const { batch } = analyze
  // With an API key for Bedrock, no role is used.
  const asks = model.provider === 'bedrock' && model.id !== undefined && model.key_variable === undefined
  if (!asks && !batch) return undefined
  return {
    ...(asks ? { model: { id: model.id ?? '', identity: model.identity } } : {}),
    ...(batch
      ? {
          batch: {
            role: batch.role,
            place: batch.place,
            kmsKey: batch.kms_key,
            identity: identityWith(batch.identity, model.identity),
          },
        }
      : {}),
  }
}

/** The settings that all kinds of source share, as far as the doctor uses them. */
interface SourceSettings {
  type: string
  identity?: Identity
  bucket?: string
  prefix?: string
  watch?: boolean
  poll_seconds?: number
  queue?: string
  groups?: string[]
  regions?: string[]
  paths?: string[]
}

interface DestinationSettings {
  type: string
  identity?: Identity
  topic?: string
  url?: string
  endpoint?: string
  host?: string
  port?: number
}

function destinationFacts(name: string, settings: object): DestinationFacts {
  const { type, identity, topic, url, endpoint, host, port } = settings as DestinationSettings
  const needs = destinationKind({ type }).needs?.(settings)
  return { name, type, identity, topic, needs, address: addressOf(url ?? endpoint, host, port) }
}

function addressOf(url: string | undefined, host: string | undefined, port: number | undefined) {
  if (url !== undefined && URL.canParse(url)) {
    const { hostname, port: named, protocol } = new URL(url)
    const bare = isIP(hostname.replace(/^\[|\]$/g, '')) ? hostname.replace(/^\[|\]$/g, '') : hostname
    return { host: bare, port: Number(named) || (protocol === 'http:' ? 80 : 443), url }
  }
  return host !== undefined && port !== undefined ? { host, port } : undefined
}

function serveFacts({ host, sign_in, url, cookie_keys, oidc, roles }: Config['serve']) {
  return {
    host,
    signIn: sign_in,
    url,
    cookieKeys: cookie_keys,
    roles: [roles.operator, roles.analyst, roles.manager, roles.auditor].flat().length,
    hasOperator: roles.operator.length > 0,
    issuer: oidc?.issuer,
    insecure: oidc?.insecure,
  }
}

/** The set-up when the configuration has a fault: nothing else is known. */
function setupWithout({ config }: CommonOptions, program: string, fault: string): Setup {
  const { values } = parseConfig('', undefined, {})
  const nothing = {
    exists: async () => false,
    version: async () => 0,
    newestObjects: async () => [],
    ledgered: async () => false,
    standing: async () => ({ sources: [], followers: [], holes: [] }),
    metadata: async () => new Map<string, string>(),
  }
  return {
    ...factsOf(values, program),
    configuration: { file: config, fault },
    lake: { location: 'unknown', folders: [{ path: tmpdir(), what: 'temporary files' }] },
    known: nothing,
  }
}
