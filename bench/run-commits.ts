/** A child: the processor time of one-object commits in a lake that holds so many data files already. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder, ingest, lakeTables, localStorage, openLake } from 'loglake'
import { fillLake } from './fill-lake.ts'
import { median, report } from './measure.ts'

const [place = '', files = '10', commits = '40'] = process.argv.slice(2)
rmSync(place, { recursive: true, force: true })
const objects = join(place, 'objects')
mkdirSync(objects, { recursive: true })
const lake = openLake(localStorage(join(place, 'lake')), lakeTables)
await fillLake(lake, Number(files), join(place, 'work'))

for (let index = 0; index < Number(commits); index++) {
  const second = String(index % 60).padStart(2, '0')
  const event = {
    eventVersion: '1.11',
    eventTime: `2026-01-07T12:00:${second}Z`,
    eventID: `commit-${index}`,
    eventName: 'GetObject',
  }
  writeFileSync(join(objects, `${String(index).padStart(4, '0')}.json`), JSON.stringify({ Records: [event] }))
}
/** Of the process, in milliseconds: on a machine that others use, too, the time on the clock is theirs. */
const processorMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const times: number[] = []
let last = processorMs()
const started = performance.now()
await ingest(lake, folder([objects]), {
  batchObjects: 1,
  onProgress() {
    const now = processorMs()
    times.push(now - last)
    last = now
  },
})
// The first commits read what the others find in memory.
report({ median: median(times.slice(5)) }, (performance.now() - started) / 1000)
