/** A child: ingests a slice of a corpus into a lake that goes on, and tells of each commit. */
import { folder, ingest, lakeTables, localStorage, openLake } from 'loglake'
import { report } from './measure.ts'

const [corpus = '', lake = '', threads = '0'] = process.argv.slice(2)
const started = performance.now()
const totals = await ingest(openLake(localStorage(lake), lakeTables), folder([corpus]), {
  threads: Number(threads) || undefined,
  onProgress: ({ records }) => console.log(JSON.stringify({ records })),
})
report(
  { stored: totals.records.stored, repeated: totals.records.repeated },
  (performance.now() - started) / 1000,
)
