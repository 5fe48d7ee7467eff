// A process that ingests from a queue until it is stopped, as the built library does it.
//   node test/emulator/worker.js '{"lake": DIR or S3 URI, "storage": {...}, "settings": {...}, "options": {...}}'
// Writes a line of JSON for each commit, and at its end {"totals": ...} or {"error": ...}.
import {
  commitOptions,
  ingest,
  isStopped,
  lakeTables,
  localStorage,
  openLake,
  s3Queue,
  s3Storage,
} from 'loglake'

const { lake: place, storage, settings, options = {}, name = 'queue' } = JSON.parse(process.argv[2])
const lake = openLake(place.startsWith('s3://') ? s3Storage(place, storage) : localStorage(place), lakeTables)
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
say({ ready: true })
try {
  const parsed = s3Queue.settings.parse(settings)
  const source = s3Queue.open(parsed, {
    name,
    stopped: () => isStopped(lake, name),
  })
  const totals = await ingest(lake, source, {
    threads: 1,
    memory: '256MiB',
    ...commitOptions(parsed.commit),
    ...options,
    signal: stop.signal,
    onProgress: (progress) => say({ progress }),
  })
  say({ totals })
} catch (thrown) {
  say({ error: String(thrown?.stack ?? thrown) })
  process.exitCode = 1
}
