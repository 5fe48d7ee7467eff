/**
 * A child: sends rows of a lake to a receiver by routes, all at once as the program does, and says how many rows and bytes that were,
 * and how much memory each part of them took.
 */
import { followerTables, lakeTables, localStorage, logTables, openLake } from 'loglake'
import { report } from './measure.ts'

/** What the package does not export: from where it is built. */
const built = async (name: string) => await import(new URL(`../../dist/${name}.js`, import.meta.url).href)
const { parseConfig } = (await built('config/config')) as typeof import('../src/config/config.ts')
const { routeFollower } = (await built('deliver/follower')) as typeof import('../src/deliver/follower.ts')
const { routesOf } = (await built('deliver/routes')) as typeof import('../src/deliver/routes.ts')
const { catchUp } = (await built('follow/follow')) as typeof import('../src/follow/follow.ts')
const { forget } = (await built('follow/cursor')) as typeof import('../src/follow/cursor.ts')
const { logTypes } = (await built('logtypes/index')) as typeof import('../src/logtypes/index.ts')

export interface BenchRoute {
  table: string
  shape?: string
  policy?: string
  where?: string
}

export interface Sent {
  rows: number
  bytes: number
  /** How many rows were sent, and the most memory since the entry before it, in MiB. */
  progress: [rows: number, peakMiB: number][]
}

/** Often enough to see the memory that one batch takes. */
const LOOK_MS = 20
/** Rows from one entry of `progress` to the next. */
const STEP = 5_000

const [place = '', settings = '', given = '[]'] = process.argv.slice(2)
const wanted = JSON.parse(given) as BenchRoute[]
const own = { to: 'out', from: 'start', policy: 'full', shape: 'rows' }
const named = Object.fromEntries(wanted.map((route, at) => [`bench-${at}`, { ...own, ...route }]))
const yaml = `destinations: {out: ${settings}}
deliver: {mask_key: "0123456789abcdef"}
routes: ${JSON.stringify(named)}
`
/** The plainest view there is: what a route over it takes beside one over its table is the way of views. */
const views = [
  {
    ...{ schema: 'main', name: 'all_calls', title: '', doc: '', file: 'all_calls.sql', names: new Map() },
    sql: 'select * from cloudtrail',
  },
]
const lake = openLake(localStorage(place), [...lakeTables, ...followerTables])
const { values } = parseConfig(yaml, 'bench')
const known = { tables: logTables, types: logTypes, views }
const routes = await routesOf({ ...values, place: () => undefined }, known)
for (const { name } of routes) await forget(lake, `route-${name}`)
const sent: Sent = { rows: 0, bytes: 0, progress: [] }
let peak = 0
const look = () => {
  peak = Math.max(peak, process.memoryUsage.rss() / 2 ** 20)
}
const looking = setInterval(look, LOOK_MS)
const { group_bytes: groupBytes } = values.deliver
const options = { limits: { threads: 1, memory: '256MiB' }, turnBytes: groupBytes }
const started = performance.now()
const since = process.cpuUsage()
await Promise.all(
  routes.map(async (route) => {
    const follower = routeFollower(route, {
      version: '0',
      groupBytes,
      onSent(rows, bytes) {
        look()
        sent.rows += rows
        sent.bytes += bytes
        if (sent.rows < (sent.progress.at(-1)?.[0] ?? 0) + STEP) return
        sent.progress.push([sent.rows, peak])
        peak = 0
      },
    })
    await catchUp(lake, follower, options)
  }),
)
clearInterval(looking)
report(sent, (performance.now() - started) / 1000, since)
