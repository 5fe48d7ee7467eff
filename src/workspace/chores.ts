import type { Identity } from '../aws/identity.ts'
import type { Config } from '../config/config.ts'
import { openLocations } from '../digests/locations.ts'
import { movedLocations } from '../digests/settings.ts'
import { type UpdateOptions, updateDigests } from '../digests/update.ts'
import type { Chore } from '../run/chores.ts'
import { limitsOf } from './limits.ts'
import type { Opened } from './open.ts'
import { reminderChore } from './reminding.ts'
import { keepLog } from './witness.ts'

/** The options for reading digests, from the configuration. The caller closes their locations. */
export function digestOptions(config: Config, identity: Identity = {}): UpdateOptions {
  const { sources, digests, query } = config
  return {
    locations: openLocations((source) =>
      Object.hasOwn(sources, source)
        ? ((sources[source] as { identity?: Identity }).identity ?? {})
        : identity,
    ),
    moved: movedLocations(digests),
    keyFile: digests.public_keys,
    limits: limitsOf(query),
  }
}

/** The periodic tasks of `loglake run`. */
export function choresOf(opened: Opened): Chore[] {
  const { lake, config } = opened
  const { digests, log, review } = config.values
  return [
    ...(digests.minutes === 0 ? [] : [digestChore(lake, config.values)]),
    ...(log.key === undefined && log.kms_key === undefined ? [] : [logChore(lake, config.values)]),
    ...(review.remind.to.length === 0 ? [] : [reminderChore(opened)]),
  ]
}

function digestChore(lake: Opened['lake'], config: Config): Chore {
  return {
    name: 'digests',
    everyMs: config.digests.minutes * 60_000,
    last: false,
    async work(signal) {
      const options = digestOptions(config)
      try {
        const { read, written } = await updateDigests(lake, { ...options, signal })
        return written === 0 ? undefined : { read, written }
      } finally {
        options.locations.close()
      }
    },
  }
}

function logChore(lake: Opened['lake'], config: Config): Chore {
  return {
    name: 'log of the lake',
    everyMs: config.log.seconds * 1000,
    last: true,
    async work() {
      const logged = await keepLog(lake, config)
      return logged && logged.added > 0
        ? { leaves: logged.checkpoint?.size ?? 0, added: logged.added }
        : undefined
    },
  }
}
