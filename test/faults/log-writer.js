// Ingests into a lake and keeps its log, as the built library does it: what the fault test of the log kills.
//   node test/faults/log-writer.js '{"lake": DIR, "paths": [...], "key": FILE}'
import { appendLog, fileSigner, folder, ingest, lakeTables, localStorage, openLake } from 'loglake'

const { lake: place, paths, key } = JSON.parse(process.argv[2])
const lake = openLake(localStorage(place), lakeTables)
const signer = fileSigner(key)
const stop = new AbortController()
// Beside the commits, as `loglake run` does it.
const beside = (async () => {
  while (!stop.signal.aborted) {
    await appendLog(lake, signer)
    await new Promise((done) => setTimeout(done, 20))
  }
})()
await ingest(lake, folder(paths), { threads: 1, batchObjects: 3 })
stop.abort()
await beside
await appendLog(lake, signer)
process.stdout.write('done\n')
