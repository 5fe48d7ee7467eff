import { type FollowerStanding, followersOf } from '../follow/standing.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { followerName } from './follower.ts'
import { pauseOf, waitingOf } from './pause.ts'
import type { Route } from './routes.ts'

/** How far a route is. */
export interface RouteStanding {
  name: string
  /** The table or the view whose rows it sends. */
  table: string
  to: string
  state: FollowerStanding['state'] | 'paused' | 'waits' | 'not begun'
  /** What it has not sent; undefined where it has not begun. */
  behind: { rows: number; ms: number } | undefined
  /** Why it is paused, or waits. */
  why: string | undefined
}

export async function routeStandings(
  lake: Lake,
  version: LakeVersion,
  routes: readonly Pick<Route, 'name' | 'table' | 'view' | 'to'>[],
): Promise<RouteStanding[]> {
  const known = new Map((await followersOf(version)).map((one) => [one.name, one]))
  const standings: RouteStanding[] = []
  for (const { name, table, view, to } of routes) {
    const found = known.get(followerName(name))
    const paused = await pauseOf(lake, name)
    // Once nothing is left, as after a skip, the last failure does not matter any more.
    const waiting = found?.behind.rows === 0 ? undefined : await waitingOf(lake, name)
    standings.push({
      name,
      table: view?.name ?? table.name,
      to,
      state: paused ? 'paused' : waiting ? 'waits' : (found?.state ?? 'not begun'),
      behind: found && { rows: found.behind.rows, ms: found.behind.ms },
      why: paused?.because ?? waiting?.why,
    })
  }
  return standings
}
