/** A child: ingests a corpus into a fresh lake and says how fast each part of it went in. */
import { rmSync } from 'node:fs'
import { folder, ingest, localStorage, logTables, openLake } from 'loglake'
import { report } from './measure.ts'

const [corpus = '', lake = '', threads = '0'] = process.argv.slice(2)
rmSync(lake, { recursive: true, force: true })
const started = performance.now()
const progress: [records: number, seconds: number][] = []
const account = await ingest(openLake(localStorage(lake), logTables), folder([corpus]), {
  threads: Number(threads) || undefined,
  onProgress: ({ records }) => progress.push([records, (performance.now() - started) / 1000]),
})
report({ account, progress }, (performance.now() - started) / 1000)
