import { createHash, randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keptDoctor } from '../account/doctor/kept.ts'
import type { AgentServices } from '../agent/ask.ts'
import { type AccessLog, openAccessLog } from '../api/access-log.ts'
import { commitAccess, keepCommitting, recoverAccess } from '../api/access-table.ts'
import type { Services } from '../api/context.ts'
import { operations } from '../api/index.ts'
import { statusAt } from '../api/pages/late.ts'
import { openServices } from '../api/services.ts'
import { keepSweeping } from '../api/sweeping.ts'
import type { Rule } from '../detect/contract.ts'
import { allRules } from '../detect/index.ts'
import type { DetectSettings } from '../detect/settings.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import { localOwner, type Reader, ROLES, type Role } from '../query/reader.ts'
import { bookAt } from '../review/book.ts'
import { signingKey } from '../review/evidence/dsse.ts'
import { NO_PEOPLE, type People, readPeople } from '../review/people.ts'
import { spansOf } from '../review/scope.ts'
import { rulesOf } from '../review/settings.ts'
import { isOpen, stateOf } from '../review/state.ts'
import { createApp } from '../server/app.ts'
import type { Known } from '../server/auth/roles.ts'
import { signIn } from '../server/auth/sign-in.ts'
import { listen } from '../server/listen.ts'
import type { ServeSettings } from '../server/settings.ts'
import { webFiles } from '../server/web.ts'
import { statusOf } from '../status/status.ts'
import { setupOf } from '../workspace/doctor.ts'
import { limitsOf } from '../workspace/limits.ts'
import { detectSettings, typesWith } from '../workspace/logtypes.ts'
import type { Opened } from '../workspace/open.ts'
import { originalFiles } from '../workspace/originals.ts'
import { proofFiles } from '../workspace/proofs.ts'
import { recordFiles } from '../workspace/records.ts'
import { replayIn } from '../workspace/replaying.ts'
import { routesAt } from '../workspace/routes.ts'
import { viewsOf } from '../workspace/views.ts'
import { ownOf } from './analyze/selected.ts'
import { note } from './show/output.ts'
import { userName } from './user-name.ts'
import { version } from './version.ts'

export interface Serving {
  url: string
  close(): Promise<void>
}

export interface ServingOptions {
  host: string
  port: number
  /** The role without sign-in: `manager:NAME`; the operator by default. */
  as?: string | undefined
  /** A people file in place of the configured one. */
  people?: string | undefined
}

/** Intervals between commits of the access log, and between sweeps of reviews. */
const COMMIT_MS = 60_000
const SWEEP_MS = 60_000

export interface Asking {
  services: Services & { close(): void }
  known: Known
  folder: string
  accessLog: AccessLog
  close(): Promise<void>
}

/** Opens what operations need, with the access log: for a server, and for commands that call operations. */
export async function openAsking(
  opened: Opened,
  {
    people: file,
    notice,
    lookAs = () => null,
  }: { people?: string | undefined; notice: string | null; lookAs?: (people: People) => string[] | null },
): Promise<Asking> {
  const { lake, config, definitions } = opened
  const { values } = config
  const limits = limitsOf(values.query)
  const folder = values.serve.access_log ?? accessFolder(opened)
  const accessLog = await openAccessLog(folder)
  await recoverAccess(lake, folder, accessLog)
  const people = peopleReader(file ?? values.review.people)
  const services = await openServices({
    lake,
    limits,
    accessLog,
    views: viewsOf(config),
    logTypes: typesWith(definitions),
    status: (days) => statusOf(lake, values.sources, { days, list: false, offline: true, limits }),
    doctor: keptDoctor(() => setupOf(opened, version())),
    notice,
    program: version(),
    maskKey: randomBytes(32).toString('base64url'),
    reviews: { rules: rulesOf(values.review), people },
    digests: { own: ownOf(values.analyze), days: values.analyze.days, window: values.analyze.window },
    evidenceKey: () => signingKey(values.serve.evidence_key ?? join(folder, '..', 'evidence-key.pem')),
    proofs: (version, objects) => proofFiles(lake, values, version, objects),
    originals: (objects) => originalFiles(values, objects),
    recordBytes: (rows, objects) => recordFiles(values, typesWith(definitions), rows, objects),
    replayRejects: (chosen, dryRun) => replayIn(opened, chosen, { dryRun }),
    routes: (version) => routesAt(opened, version),
    rules: rulesOfLake(detectSettings(config, definitions)),
    lookAs: () => lookAs(people()),
  })
  return {
    services,
    known: knownOf(services),
    folder,
    accessLog,
    async close() {
      await commitAccess(lake, accessLog)
      await accessLog.close()
      services.close()
    },
  }
}

/** Opens a lake to people and programs; on closing, its access log is complete. */
export async function startServing(opened: Opened, options: ServingOptions): Promise<Serving> {
  const { lake, config } = opened
  const settings: ServeSettings = { ...config.values.serve, host: options.host, port: options.port }
  const local = settings.sign_in === 'none'
  const asking = await openAsking(opened, {
    people: options.people,
    notice: noticeOf(settings, options.as),
    lookAs: (people) => (local && options.as === undefined ? lookAs(people) : null),
  })
  const { services, known, folder, accessLog } = asking
  const auth = signIn(settings, services, known, localReader(options.as, known))
  const app = createApp({
    services,
    auth,
    agent: agentOf(opened),
    web: webFiles(fileURLToPath(new URL('../web/', import.meta.url))),
    onFailure: (id, thrown) =>
      note(withoutSecrets(`${id} ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown}`)),
  })
  const { port, close } = await listen(app, settings.host, settings.port)
  const waits = (what: string) => (thrown: unknown) => note(withoutSecrets(`${what}: ${sentence(thrown)}`))
  const committing = keepCommitting(lake, accessLog, COMMIT_MS, waits(`the access log waits in ${folder}`))
  const sweeping = keepSweeping(services, SWEEP_MS, waits('reviews were not looked after'))
  // Before the first reader asks: it takes longer than the rest of their page.
  statusAt({ ...services, version: await lake.newest() }).catch(() => undefined)
  return {
    url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}/`,
    async close() {
      // Pages that listen would hold the server open.
      services.versions.close()
      await close()
      await sweeping.stop()
      await committing.stop()
      await accessLog.close()
      services.close()
    },
  }
}

/** Answers questions in words by the configured model, which is opened on first use. */
export function agentOf({ config }: Pick<Opened, 'config'>): AgentServices {
  return {
    settings: config.values.model,
    operations,
    open: async (settings) => await (await import('../model/model.ts')).openModel(settings),
    onFailure: (thrown) => note(withoutSecrets(`ask: ${sentence(thrown)}`)),
  }
}

/** In a lake on disk; for a lake in a bucket, in the user's state folder. */
function accessFolder({ lake }: Opened): string {
  const { root, localFolder } = lake.storage
  if (root.startsWith('file:')) return join(localFolder, 'control', 'access')
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state')
  return join(state, 'loglake', createHash('sha256').update(root).digest('hex').slice(0, 16), 'access')
}

/** Reads the people file again after a while. */
function peopleReader(file: string | undefined): () => People {
  if (file === undefined) return () => NO_PEOPLE
  let known = { people: readPeople(file), atMs: Date.now() }
  return () => {
    if (Date.now() - known.atMs < COMMIT_MS) return known.people
    try {
      known = { people: readPeople(file), atMs: Date.now() }
    } catch (thrown) {
      // An unreadable file, such as one being written, must not stop reviews: the last version counts until
      // then.
      note(sentence(thrown))
      known = { ...known, atMs: Date.now() }
    }
    return known.people
  }
}

/** Rules by id, read when the first finding is opened. */
function rulesOfLake(settings: DetectSettings): () => ReadonlyMap<string, Rule> {
  let known: ReadonlyMap<string, Rule> | undefined
  return () => {
    known ??= new Map(allRules(settings).map(({ rule }) => [rule.id, rule]))
    return known
  }
}

function noticeOf({ sign_in: how }: ServeSettings, as: string | undefined): string | null {
  if (how !== 'none') return null
  return as === undefined
    ? 'Sign-in is off: anyone who can use this machine is the operator.'
    : `Sign-in is off: anyone who can use this machine sees the lake as ${as}.`
}

function knownOf(services: Services): Known {
  const { lake, readAll, reviews, now } = services
  return {
    async spansOf(name) {
      const book = await bookAt(lake, await lake.newest(), readAll)
      return spansOf(name, reviews.people(), book, now().toISOString())
    },
    async isAsked(name) {
      const { steps } = await bookAt(lake, await lake.newest(), readAll)
      return [...steps.values()].some((own) => {
        const [first] = own
        return first?.person === name && isOpen(stateOf(own, { reviewer: null, due: first.due ?? '' }))
      })
    },
  }
}

/**
 * The reader without sign-in: the operator, or the one of `--as`. Since the person is not verified anyway,
 * the page may switch to another role to see what it shows, unless `--as` is given.
 */
function localReader(as: string | undefined, known: Known): (asked: string | undefined) => Promise<Reader> {
  if (as !== undefined) return readerAs(as, known)
  const owner = localOwner('none', userName())
  return async (asked) => {
    if (asked === undefined || !LOOK_AS.test(asked)) return owner
    return await readerAs(asked, known)()
  }
}

const LOOK_AS = /^(operator|analyst|manager|auditor|asked)(:[^\p{Cc}]{1,200})?$/u

/** `manager:dalia@example.com`: a role, and the name of a person in the logs. */
export function readerAs(as: string, known: Known): () => Promise<Reader> {
  const [, role, name] = /^([a-z]+)(?::(.+))?$/.exec(as) ?? []
  if (!ROLES.includes(role as Role))
    throw new UserError(
      `--as ${as}: one of ${ROLES.join(', ')} is wanted, with a name as in manager:ana@example.com`,
    )
  const who = name ?? userName()
  return async () => ({
    subject: `local:${who}`,
    name: who,
    role: role as Role,
    signedIn: 'none',
    mayUnmask: role === 'operator' || role === 'manager',
    ...(role === 'manager' ? { people: await known.spansOf(who) } : {}),
  })
}

/** Roles that the page offers, with the managers in the people file. */
function lookAs({ lines }: People): string[] {
  const managers = new Set(lines.map(({ manager }) => manager).filter((name) => name !== ''))
  return ['operator', 'analyst', 'auditor', ...[...managers].sort().map((name) => `manager:${name}`)]
}
