/**
 * A child: Sigma rules on all events of a lake, as a follower runs them: with the package's, and with
 * generated ones beside them.
 */
import {
  type Changes,
  catchUp,
  type Follower,
  type Lake,
  lakeTables,
  loadRuleFiles,
  loadRules,
  localStorage,
  logTables,
  logTypes,
  openLake,
  packageRules,
  sigmaDetector,
  sigmaTables,
} from 'loglake'
import { report } from './measure.ts'
import { madeRules } from './rules-made.ts'

const [place = '', made = '0', withOff = ''] = process.argv.slice(2)
const lake: Lake = openLake(localStorage(place), lakeTables)
const tables = sigmaTables(logTypes)
const shipped = loadRuleFiles(packageRules(), { tables }).rules
const on = withOff === 'all' ? shipped.map(({ off: _, ...rule }) => rule) : shipped
const generated = loadRules([{ file: 'made', text: Number(made) === 0 ? '' : madeRules(Number(made)) }], {
  tables,
})
if (generated.faults.length > 0) throw new Error(JSON.stringify(generated.faults[0]))
const detector = sigmaDetector([...on, ...generated.rules], { tables })
const cloudtrail = logTables.find(({ name }) => name === 'cloudtrail')
if (!cloudtrail) throw new Error('there is no table cloudtrail')

let processor = 0
let fixed = 0
let candidates = 0
const follower: Follower = {
  name: `bench-rules-${process.pid}-${made}`,
  doc: 'Counts what rules find.',
  tables: [cloudtrail],
  writes: [],
  again: 'replay',
  async work({ added, engine, end, signal }: Changes) {
    const since = process.cpuUsage()
    const rows = new Map([...added].map(([table, { rows: item }]) => [table, item]))
    const failed = (_: unknown, thrown: unknown) => {
      throw thrown
    }
    const before = async () => `(select * from ${rows.get('cloudtrail')} where false)`
    for await (const _ of detector.find({ engine, added: rows, before, failed, signal })) candidates++
    const { user, system } = process.cpuUsage(since)
    processor += (user + system) / 1e6
    // The same on no rows: what a turn costs that finds nothing to do.
    const empty = new Map([['cloudtrail', `(select * from ${rows.get('cloudtrail')} limit 1)`]])
    const again = process.cpuUsage()
    for await (const _ of detector.find({ engine, added: empty, before, failed, signal })) candidates++
    const nothing = process.cpuUsage(again)
    fixed = (nothing.user + nothing.system) / 1e6
    return { rows: {}, cursor: end }
  },
}
const started = performance.now()
const turns = await catchUp(lake, follower, { limits: { threads: 1, memory: '512MiB' } })
const events = turns.reduce((sum, { rows }) => sum + rows, 0)
report(
  { events, processor, candidates, fixed, rules: detector.rules.length },
  (performance.now() - started) / 1000,
)
