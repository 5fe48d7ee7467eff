/** A child: makes few large files of a lake's small ones, and puts the filters of their keys together. */
import { compact, lakeTables, localStorage, openLake } from 'loglake'
import { report } from './measure.ts'

const [lake = ''] = process.argv.slice(2)
const started = performance.now()
const done = await compact(openLake(localStorage(lake), lakeTables))
report({ done }, (performance.now() - started) / 1000)
