import type { Followed } from '../run/follower-worker.ts'
import { followersOf } from './following.ts'
import type { Opened } from './open.ts'
import { routesFollowed } from './routes.ts'

/**
 * All that follows a lake in a run: the followers that the configuration does not leave out, and its routes.
 */
export async function allFollowed(opened: Opened, version: string): Promise<Followed[]> {
  return [...followersOf(opened).followed, ...(await routesFollowed(opened, version))]
}
