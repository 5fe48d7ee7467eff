import type { Configured } from '../config/config.ts'
import { type DeliverOptions, followerName, routeFollower } from '../deliver/follower.ts'
import { outageNote, pauseGate } from '../deliver/pause.ts'
import { type Route, routesOf, spanOf } from '../deliver/routes.ts'
import { type RouteStanding, routeStandings } from '../deliver/standing.ts'
import { cursorsOf, register } from '../follow/cursor.ts'
import type { FollowOptions } from '../follow/follow.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { visible } from '../lib/terminal.ts'
import type { Followed } from '../run/follower-worker.ts'
import { followOptions } from './following.ts'
import { tablesWith, typesWith } from './logtypes.ts'
import type { Opened } from './open.ts'
import { viewsOf } from './views.ts'

/** The routes of a configuration, checked: an error names the line at fault. */
export async function routesIn({ config, definitions }: Opened): Promise<Route[]> {
  const { values } = config
  const sections = { ...values, place: placeIn(config) }
  const tables = tablesWith(definitions)
  return await routesOf(sections, { tables, types: typesWith(definitions), views: viewsOf(config) })
}

/** How far the routes of a configuration are at one version. */
export async function routesAt(opened: Opened, version: LakeVersion): Promise<RouteStanding[]> {
  return await routeStandings(opened.lake, version, await routesIn(opened))
}

function placeIn({ file, line }: Configured): (key: string) => string | undefined {
  return (key) => {
    const at = line(key)
    return at === undefined ? undefined : `${file ?? 'loglake.yaml'}:${at}`
  }
}

/** @throws UserError when no route has this name */
export function routeCalled(routes: readonly Route[], name: string): Route {
  const found = routes.find((one) => one.name === name)
  if (found) return found
  const names = routes.map((one) => one.name)
  throw new UserError(`there is no route "${visible(name)}"${didYouMean(name, names)}`)
}

/**
 * Registers a new route in the lake: from now on, or from the first row. The lake then keeps unread files for
 * it.
 */
export async function begin(lake: Lake, { name, table, from }: Route): Promise<void> {
  const version = await lake.newest()
  if (cursorsOf(version, followerName(name), [table.name]).size > 0) return
  const sequence = from === 'now' ? ((await version.table(table.name))?.sequence ?? 0) : 0
  await register(lake, followerName(name), [table.name], { from: { [table.name]: { sequence } } })
}

/** Options for following a route: those of followers, one group a turn, and the span that `from` sets. */
export function routeOptions({ config }: Opened, route: Route): FollowOptions {
  const turnBytes = config.values.deliver.group_bytes
  return { ...followOptions(config.values), turnBytes, span: spanOf(route) }
}

export function deliverOptions({ lake, config }: Opened, { name }: Route, version: string): DeliverOptions {
  return {
    version,
    groupBytes: config.values.deliver.group_bytes,
    gate: pauseGate(lake, name),
    onOutage: outageNote(lake, name),
  }
}

/** The routes as followers, for a run. */
export async function routesFollowed(opened: Opened, version: string): Promise<Followed[]> {
  const routes = await routesIn(opened)
  for (const route of routes) await begin(opened.lake, route)
  const pauseMs = opened.config.values.follow.seconds * 1000
  return routes.map((route) => ({
    follower: routeFollower(route, deliverOptions(opened, route, version)),
    options: routeOptions(opened, route),
    pauseMs,
  }))
}
