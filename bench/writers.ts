/**
 * Several workers on one queue and one lake in an S3 that answers 20 ms late, with commits of the size that they have by default:
 * `npm run bench -- --writers`, with `--short` for a quick look. Workers, emulator and proxy share this machine, so that what grows
 * with them grows less than it would with a machine each; what is lost to commits that others were faster with is the point.
 */
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { S3 } from '@aws-sdk/client-s3'
import { startProxy } from '../test/emulator/proxy.ts'
import { generateCorpus } from './corpus.ts'
import type { Emulated } from './emulated.ts'
import { type Line, machine, table } from './measure.ts'
import { drained, EVENTS_PER_OBJECT, retriedShareOf, togetherText, WORKERS } from './queue.ts'

/** How much later an answer comes than the emulator has it. */
const LATE_MS = 20
/** Most of the time that may go into preparing commits again that others were faster with. */
const MAX_RETRIED = 0.05
const BUCKET = 'example-lake'

export interface WritersPlan {
  short: boolean
  dir: string
}

export async function benchWriters({ short, dir }: WritersPlan): Promise<void> {
  const objects = short ? 1500 : 6000
  const corpus = join(dir, `corpus-${objects * EVENTS_PER_OBJECT}`)
  await generateCorpus({ dir: corpus, events: objects * EVENTS_PER_OBJECT, eventsPerFile: EVENTS_PER_OBJECT })
  const paths = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gz'))
    .map((name) => join(corpus, name))
    .sort()
  const threads = String(Math.max(1, Math.floor(cpus().length / 2)))
  const lines: Line[] = []
  for (const workers of WORKERS) {
    const stops: (() => Promise<void>)[] = []
    const slow = async (world: Emulated) => {
      const proxy = await slowly(world)
      stops.push(proxy.stop)
      return { ...world.moto.identity, endpoint: proxy.endpoint }
    }
    const runs = await drained(paths, workers, `s3://${BUCKET}/lake`, threads, {}, slow)
    for (const stop of stops) await stop()
    const retried = retriedShareOf(runs)
    lines.push({
      what: `${workers} ${workers === 1 ? 'worker' : 'workers'}, S3 with ${LATE_MS} ms, ${objects.toLocaleString('en-US')} objects, commits as by default`,
      measured: togetherText(objects, runs),
      wanted: `at most ${100 * MAX_RETRIED} % prepared again`,
      kept: retried <= MAX_RETRIED,
    })
    console.error(`  ${lines.at(-1)?.what}: ${lines.at(-1)?.measured}`)
  }
  console.log(`\n${machine()}\n\n${table(lines)}`)
  if (!short && lines.some(({ kept }) => kept === false)) process.exitCode = 1
}

/** A bucket for the lake, and a way to it that is slow. */
async function slowly({ moto }: Emulated) {
  const s3 = new S3({ endpoint: moto.endpoint, region: String(moto.identity.region), forcePathStyle: true })
  await s3.createBucket({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } })
  s3.destroy()
  const proxy = await startProxy(moto.endpoint)
  proxy.fault = () => {
    proxy.seen.length = 0
    return { kind: 'delay', ms: LATE_MS }
  }
  return proxy
}
