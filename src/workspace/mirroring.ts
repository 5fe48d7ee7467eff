import { awsClients } from '../aws/clients.ts'
import { glueOf } from '../aws/glue.ts'
import type { Configured } from '../config/config.ts'
import { type Mirroring, mirrorOnce } from '../engines/mirror/glue.ts'
import type { MirrorSettings } from '../engines/mirror/settings.ts'
import { mirrorStanding, noteFailure, noteMirrored } from '../engines/mirror/standing.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { type PortableView, portableViews } from '../query/portable/views.ts'
import type { Mirror } from '../run/mirror-worker.ts'
import type { Opened } from './open.ts'
import { viewsOf } from './views.ts'

/**
 * 10 minutes after which the catalog is read even if the lake has not changed, since another program may have
 * changed the catalog.
 */
const LOOK_ANYWAY_MS = 600_000

export async function portableViewsOf({ lake, config }: Opened): Promise<PortableView[]> {
  return await portableViews(viewsOf(config), [...lake.tables.values()])
}

/**
 * The parts of a mirror; a user can run it once without the section `mirror`.
 *
 * @throws UserError when the lake is in a place that other engines cannot reach
 */
export async function mirroringOf(
  opened: Opened,
  settings: MirrorSettings,
): Promise<Mirroring & { close(): void }> {
  const { lake, config } = opened
  refuseOnDisk(lake)
  const clients = awsClients(settings.identity ?? config.values.storage.identity)
  return {
    lake,
    glue: await glueOf(clients),
    settings,
    views: settings.views ? await portableViewsOf(opened) : [],
    close: () => clients.close(),
  }
}

/** @throws UserError when the lake is in a place that other engines cannot reach */
export function refuseOnDisk({ storage }: Opened['lake']): void {
  if (!storage.root.startsWith('s3:'))
    throw new UserError(
      `the lake is in ${storage.root}: the Glue Data Catalog is for lakes in S3. Engines on this machine read it by path, or over \`loglake serve\` (docs/engines.md)`,
    )
}

/** The mirror of a `loglake run`; undefined when the configuration has none. */
export async function mirrorOf(opened: Opened): Promise<Mirror | undefined> {
  const settings = settingsOf(opened.config)
  if (!settings) return undefined
  const { lake } = opened
  const mirroring = await mirroringOf(opened, settings)
  let shown = { version: -1, atMs: 0, conflicts: 0 }
  return {
    name: 'mirror',
    pauseMs: settings.seconds * 1000,
    async turn() {
      const { number } = await lake.newest()
      const isShown = number === shown.version && shown.conflicts === 0
      if (number === 0 || (isShown && Date.now() - shown.atMs < LOOK_ANYWAY_MS)) return undefined
      try {
        const done = await mirrorOnce(mirroring)
        const { version, created, updated, removed, conflicts } = done
        const written = created.length + updated.length + removed.length
        const isNews = version !== shown.version || written > 0 || conflicts.length !== shown.conflicts
        shown = { version, atMs: Date.now(), conflicts: conflicts.length }
        if (isNews) await noteMirrored(lake, settings.database, done)
        return isNews ? { written } : undefined
      } catch (thrown) {
        await noteFailure(lake, settings.database, sentence(thrown)).catch(() => undefined)
        throw thrown
      }
    },
    async behind() {
      const standing = await mirrorStanding(lake, await lake.newest())
      if (!standing) return undefined
      const { commits, ms } = standing.behind
      return { files: 0, rows: 0, bytes: 0, versions: commits, ms: ms ?? 0 }
    },
  }
}

function settingsOf({ values }: Configured): MirrorSettings | undefined {
  return values.mirror
}
