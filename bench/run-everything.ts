/**
 * A child: ingests a corpus into a lake, then lets detection look at all of it; says the processor time of each. Both have had a small
 * corpus before, as in a process that goes on for days: rules are read, threads are warm, baselines have begun.
 */
import { rmSync } from 'node:fs'
import {
  catchUp,
  folder,
  followers,
  followerTables,
  ingest,
  lakeTables,
  localStorage,
  openLake,
} from 'loglake'
import type { Everything } from './everything.ts'
import { report } from './measure.ts'

const [corpus = '', place = '', small = ''] = process.argv.slice(2)
rmSync(place, { recursive: true, force: true })
const started = performance.now()
const processor = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}
const lake = openLake(localStorage(place), [...lakeTables, ...followerTables])
const detect = followers.find(({ name }) => name === 'detect')
if (!detect) throw new Error('there is no follower detect')
const how = { limits: { threads: 1, memory: '512MiB' } }
await ingest(lake, folder([small]))
await catchUp(lake, detect, how)
const begun = process.cpuUsage()
const { records } = await ingest(lake, folder([corpus]))
const ingested = processor(begun)
const since = process.cpuUsage()
const turns = await catchUp(lake, detect, how)
const result: Everything = {
  events: records.stored,
  findings: turns.reduce((sum, { tables }) => sum + (tables.finding ?? 0), 0),
  ingest: ingested,
  detect: processor(since),
}
report(result, (performance.now() - started) / 1000)
