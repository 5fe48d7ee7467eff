/**
 * A child: looks for values in an open lake, one after the other, as the server does. Prints for each how long it took, how many rows
 * it has, how many files were opened and how many bytes of filters were read.
 */
import { readFileSync } from 'node:fs'
import { find, lakeTables, localStorage, openLake, openQueryEngine } from 'loglake'
import { report } from './measure.ts'

const [place = '', needles = ''] = process.argv.slice(2)
const values: string[] = JSON.parse(readFileSync(needles, 'utf8'))
const storage = localStorage(place)
let parts = 0
let bytes = 0
const lake = openLake(
  {
    ...storage,
    async readPart(key, from, length) {
      parts++
      bytes += length
      return await storage.readPart(key, from, length)
    },
  },
  lakeTables,
)
const queryEngine = await openQueryEngine(lake, { views: [] })
const started = performance.now()
const answers = []
for (const value of values) {
  const [begun, before, partsBefore, bytesBefore] = [performance.now(), process.cpuUsage(), parts, bytes]
  const version = await lake.newest()
  const found = await find(
    version,
    lake.tables.values(),
    value,
    (question, files) => queryEngine.ask(question, { version, files }),
    { limit: 100 },
  )
  const { user, system } = process.cpuUsage(before)
  answers.push({
    ms: performance.now() - begun,
    processorMs: (user + system) / 1000,
    rows: found.rows.length,
    files: found.files,
    parts: parts - partsBefore,
    bytes: bytes - bytesBefore,
  })
}
queryEngine.close()
report({ answers }, (performance.now() - started) / 1000)
