/** A child: ingests a slice of a corpus into a lake that goes on, and tells of each commit. */
import { folder, ingest, lakeTables, localStorage, openLake } from 'loglake'
import { report } from './measure.ts'

const [corpus = '', lake = '', threads = '0'] = process.argv.slice(2)
const started = performance.now()
const account = await ingest(openLake(localStorage(lake), lakeTables), folder([corpus]), {
  threads: Number(threads) || undefined,
  onProgress: ({ records }) => console.log(JSON.stringify({ records })),
})
report(
  { stored: account.records.stored, repeated: account.records.repeated },
  (performance.now() - started) / 1000,
)
