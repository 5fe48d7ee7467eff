/** A child: sends a table of a lake to a receiver by a route, and says how many rows and bytes that were. */
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

const [place = '', settings = '', policy = 'full', shape = 'rows'] = process.argv.slice(2)
const yaml = `destinations: {out: ${settings}}
deliver: {mask_key: "0123456789abcdef"}
routes:
  bench: {table: cloudtrail, policy: ${policy}, shape: ${shape}, to: out, from: start}
`
const lake = openLake(localStorage(place), [...lakeTables, ...followerTables])
const { values } = parseConfig(yaml, 'bench')
const [route] = await routesOf({ ...values, place: () => undefined }, { tables: logTables, types: logTypes })
if (!route) throw new Error('there is no route')
await forget(lake, 'route-bench')
let rows = 0
let bytes = 0
const follower = routeFollower(route, {
  version: '0',
  groupBytes: values.deliver.group_bytes,
  onSent(sent, length) {
    rows += sent
    bytes += length
  },
})
const started = performance.now()
const since = process.cpuUsage()
await catchUp(lake, follower, { limits: { threads: 1, memory: '256MiB' } })
report({ rows, bytes }, (performance.now() - started) / 1000, since)
