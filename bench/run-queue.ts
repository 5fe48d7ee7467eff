/**
 * A child: ingests from a queue until it is asked to end, and says when it read objects, when their rows could be seen, and
 * what became of its commits. Prints {"read": N} now and then, the first time when it begins to ask the queue.
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

/** A machine of its own has a cache of its own. */
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
const commits = { lostMs: 0, last: Date.now() }

/** The same source, overlooked: an object is acknowledged once its rows can be seen. */
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
 * The same lake, overlooked. What a commit is prepared with the first time is needed in any case, and kept: what comes between that and
 * its last preparation was for nothing.
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
    commits.lostMs += last - (first ?? last)
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
const account = await ingest(watched, source, {
  ...commitOptions(parsed.commit),
  ...(JSON.parse(options) as IngestOptions),
  signal: stop.signal,
  onProgress() {
    commits.last = Date.now()
  },
})
clearInterval(telling)
rmSync(cache, { recursive: true, force: true })
report({ account, begun, ended: commits.last, lostMs: commits.lostMs, seen }, (commits.last - begun) / 1000)
