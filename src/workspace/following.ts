import type { Config } from '../config/config.ts'
import type { Follower } from '../follow/contract.ts'
import { letGoOfStale } from '../follow/cursor.ts'
import type { FollowOptions } from '../follow/follow.ts'
import { followersWith } from '../followers/index.ts'
import type { Lake } from '../lake/lake.ts'
import { DAY_MS } from '../lib/day.ts'
import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { visible } from '../lib/terminal.ts'
import type { Compaction } from '../run/compact-worker.ts'
import type { Followers } from '../run/run.ts'
import { memoryText } from './limits.ts'
import { detectSettings } from './logtypes.ts'
import type { Opened } from './open.ts'

type Following = Pick<Opened, 'config' | 'definitions'>

/** Options of followers, from the configuration. */
export function followOptions({ follow }: Config): FollowOptions {
  const { threads, memory, turn_bytes } = follow
  return { limits: { threads, memory: memoryText(memory) }, turnBytes: turn_bytes }
}

/** The followers of a run: the chosen ones, or else all that the configuration does not switch off. */
export function followersOf(opened: Following, names: readonly string[] = []): Followers {
  const config = opened.config.values
  for (const name of [...names, ...config.follow.off]) followerCalled(name, opened)
  const followers = allFollowers(opened)
  const chosen =
    names.length > 0
      ? followers.filter(({ name }) => names.includes(name))
      : followers.filter(({ name }) => !config.follow.off.includes(name))
  const pauseMs = config.follow.seconds * 1000
  const options = followOptions(config)
  return {
    followed: chosen.map((follower) => ({ follower, options, pauseMs })),
    letGoMs: config.retention.follower_days * DAY_MS,
  }
}

/** The options of compaction in a run; undefined where it is off. */
export function compactionOf({ compact }: Config): Compaction | undefined {
  if (!compact.on) return undefined
  const { seconds, files, age_hours, bytes, groups, memory, threads } = compact
  return {
    pauseMs: seconds * 1000,
    files,
    ageMs: age_hours * 3_600_000,
    options: { limits: { threads, memory: memoryText(memory) }, targetBytes: bytes, groups },
  }
}

/** All followers, with the settings of the configuration and the user's log types. */
export function allFollowers({ config, definitions }: Following): readonly Follower[] {
  return followersWith({ detect: detectSettings(config, definitions) })
}

/** @throws UserError when no follower has this name */
export function followerCalled(name: string, opened: Following): Follower {
  const followers = allFollowers(opened)
  const found = followers.find((one) => one.name === name)
  if (found) return found
  const names = followers.map((one) => one.name)
  throw new UserError(`there is no follower "${visible(name)}"${didYouMean(name, names)}`)
}

/** Lets go of followers that have not moved for too long, and reports each. */
export async function dropStaleFollowers(
  lake: Lake,
  { retention }: Config,
  say: (sentence: string) => void,
): Promise<void> {
  for (const name of await letGoOfStale(lake, retention.follower_days * DAY_MS)) {
    say(
      `the follower ${visible(name)} was let go: it has something to read, and has stood still for more than ${retention.follower_days} days (retention.follower_days)`,
    )
  }
}
