// A process that ingests into a lake, as the built library does it: what the fault tests kill and starve.
//   node test/faults/writer.js '{"lake": DIR or S3 URI, "paths": [...], "batchObjects": 3}'
// Its last line on stdout is {"totals": ...} or {"error": ...}.
import { folder, ingest, lakeTables, localStorage, openLake, s3Storage } from 'loglake'

const { lake, paths, reverse, twice, fail, batchObjects = 3, since, until } = JSON.parse(process.argv[2])

/** The folder's objects, backwards or twice when that is asked for, and with a fault in the middle. */
function source() {
  const inner = folder(paths)
  return {
    name: inner.name,
    async *objects() {
      const all = []
      for await (const object of inner.objects()) all.push(object)
      if (reverse) all.reverse()
      if (twice) all.push(...all)
      for (const [index, object] of all.entries()) {
        const here = index === all.length >> 1
        if (here && fail === 'list') throw new Error('made to fail')
        const broken = async () => {
          throw new Error('made to fail')
        }
        // Without its file, an object is read by its function.
        yield here && fail ? { ...object, file: undefined, [fail]: broken } : object
      }
    },
  }
}

let longest = 0
let last
function onProgress() {
  const now = performance.now()
  longest = Math.max(longest, now - last)
  last = now
}

process.stdout.write('ready\n')
try {
  last = performance.now()
  const window = {
    ...(since === undefined ? {} : { since: BigInt(since) }),
    ...(until === undefined ? {} : { until: BigInt(until) }),
  }
  const storage = lake.startsWith('s3://') ? s3Storage(lake) : localStorage(lake)
  const totals = await ingest(openLake(storage, lakeTables), source(), {
    threads: 1,
    batchObjects,
    window,
    onProgress,
  })
  process.stdout.write(`${JSON.stringify({ totals, longest })}\n`)
} catch (thrown) {
  const { name, message, file, remedy } = thrown
  process.stdout.write(`${JSON.stringify({ error: { name, message, file, remedy } })}\n`)
  process.exitCode = 1
}
