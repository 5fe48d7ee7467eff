/** A child: ingests a corpus, or several with commas between, into a fresh lake and says how fast each part of it went in, and in how much memory. */
import { rmSync } from 'node:fs'
import { folder, ingest, lakeTables, localStorage, openLake } from 'loglake'
import { report } from './measure.ts'

/** Often enough to see the memory that one batch takes. */
const LOOK_MS = 20

const [corpus = '', lake = '', threads = '0'] = process.argv.slice(2)
rmSync(lake, { recursive: true, force: true })
const started = performance.now()
const since = process.cpuUsage()
const progress: [records: number, seconds: number, peakMiB: number][] = []
let peak = 0
const look = () => {
  peak = Math.max(peak, process.memoryUsage.rss() / 2 ** 20)
}
const looking = setInterval(look, LOOK_MS)
const totals = await ingest(openLake(localStorage(lake), lakeTables), folder(corpus.split(',')), {
  threads: Number(threads) || undefined,
  onProgress({ records }) {
    look()
    progress.push([records, (performance.now() - started) / 1000, peak])
    peak = 0
  },
})
clearInterval(looking)
report({ totals, progress }, (performance.now() - started) / 1000, since)
