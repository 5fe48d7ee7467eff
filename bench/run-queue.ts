/**
 * A child: ingests from a queue until it is asked to end, and reports when it read objects, when their rows became visible, and
 * the outcome of its commits. Prints {"read": N} at intervals, first when it starts to read from the queue.
 */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  commitOptions,
  type IngestOptions,
  ingest,
  isStopped,
  type Lake,
  lakeTables,
  localStorage,
  openLake,
  type Source,
  s3Queue,
  s3Storage,
} from 'loglake'
import { report } from './measure.ts'

const [place = '', settings = '{}', options = '{}', identity = '{}'] = process.argv.slice(2)
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())

/** Stands for a separate machine, so it has a separate cache. */
const cache = join(tmpdir(), `loglake-bench-cache-${process.pid}`)
const lake = openLake(
  place.startsWith('s3://')
    ? s3Storage(place, { identity: JSON.parse(identity), cache: { folder: cache } })
    : localStorage(place),
  lakeTables,
)
const parsed = s3Queue.settings.parse(JSON.parse(settings))
const queue = s3Queue.open(parsed, { name: 'queue', stopped: () => isStopped(lake, 'queue') })

const read = new Map<string, number>()
const seen: [uri: string, readMs: number, visibleMs: number][] = []
const commits = { againMs: 0, waitedMs: 0, last: Date.now() }

/** The same source, observed: an object is acknowledged once its rows are visible. */
const source: Source = {
  ...queue,
  async *objects(signal) {
    console.log(JSON.stringify({ read: 0 }))
    for await (const found of queue.objects(signal)) {
      if ('deadLetter' in found) throw new Error(`a dead letter: ${found.deadLetter.reason}`)
      const { read: fetch, acknowledge } = found
      yield Object.assign(found, {
        async read(ends?: AbortSignal) {
          const bytes = await fetch(ends)
          read.set(found.uri, Date.now())
          return bytes
        },
        async acknowledge() {
          seen.push([found.uri, read.get(found.uri) ?? Number.NaN, Date.now()])
          await acknowledge()
        },
      })
    }
  },
}

/**
 * The same lake, observed. The first preparation of a commit is needed in any case. Counted as lost are the time that it waits for
 * its turn, although the next batch is staged meanwhile, and the time between its first preparation and its last.
 */
const watched: Lake = {
  ...lake,
  async commit(by, prepare, since) {
    let first: number | undefined
    let last = 0
    const done = await lake.commit(
      by,
      async (base) => {
        const change = await prepare(base)
        last = performance.now()
        first ??= last
        return change
      },
      since,
    )
    commits.waitedMs += done.waitedMs
    // A wait without a later preparation is not between two of them.
    commits.againMs += Math.max(0, last - (first ?? last) - done.waitedMs)
    return done
  },
}

let told = 0
const telling = setInterval(() => {
  if (read.size === told) return
  told = read.size
  console.log(JSON.stringify({ read: told }))
}, 100)
const begun = Date.now()
const totals = await ingest(watched, source, {
  ...commitOptions(parsed.commit),
  ...(JSON.parse(options) as IngestOptions),
  signal: stop.signal,
  onProgress() {
    commits.last = Date.now()
  },
})
clearInterval(telling)
rmSync(cache, { recursive: true, force: true })
const { againMs, waitedMs, last: ended } = commits
report({ totals, begun, ended, againMs, waitedMs, seen }, (ended - begun) / 1000)
