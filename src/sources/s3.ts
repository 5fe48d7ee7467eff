import type { z } from 'zod'
import { awsClients } from '../aws/clients.ts'
import { identitySection } from '../aws/identity.ts'
import { DAY_MS } from '../lib/day.ts'
import { section, text, timestamp, whole, yesNo } from '../lib/settings.ts'
import { timestampMs } from '../lib/timestamp.ts'
import type { HowToCount, LogObject, ObjectSource, SourceDeps, WaitingDeps } from './contract.ts'
import { filteredBy, mayPass } from './filter.ts'
import { type Delivery, delivered } from './listing/delivery.ts'
import { type Entry, listing } from './listing/page.ts'
import { type Look, rounds } from './listing/rounds.ts'
import { entries, rootsOf } from './listing/tree.ts'
import { type Ending, s3Object } from './s3-object.ts'
import { commitSection, filterSection } from './settings.ts'

export const name = 's3'
export const doc =
  'Objects in the listing of a bucket: for objects from before a queue existed, or where there is none.'

export const settings = section(
  {
    bucket: text('The bucket.'),
    prefix: text('The folder in it, as in `AWSLogs/`; by default the whole bucket.').optional(),
    identity: identitySection('Who we are to the bucket.').prefault({}),
    filter: filterSection(),
    since: timestamp(
      'Only objects delivered since this time: 2026-01-07, or 7d for the last seven days.',
    ).optional(),
    until: timestamp('Only objects delivered before this time.').optional(),
    redelivery_days: whole(
      0,
      'Days after `until` whose objects are read too: CloudTrail retries a failed delivery for 30 days. Also the days back in which a watched bucket is searched for late objects.',
    ).default(30),
    listings: whole(1, 'Folders listed at once.').default(16),
    watch: yesNo(
      'Whether the bucket is listed repeatedly, for new objects; otherwise the run ends when all are read.',
    ).default(true),
    poll_seconds: whole(1, 'Seconds between two listings: each costs requests.').default(300),
    commit: commitSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = { bucket: 'example-logs' }

export async function waiting(options: Settings, deps: WaitingDeps): Promise<HowToCount> {
  if (!deps.list) return { kind: 'unknown', reason: 'listing a bucket costs requests: --list does it' }
  return { kind: 'listed', source: open({ ...options, watch: false }, deps) }
}

/** A source that reports the number of its listing requests. */
export interface S3Source extends ObjectSource {
  requests(): number
}

/** It looks before each search for new objects. */
export function looksEvery({ poll_seconds }: Settings): number {
  return poll_seconds
}

/**
 * Lists a bucket. Folders in AWS's layout (`…/2026/01/07/…`: CloudTrail, Bedrock, GuardDuty, Data Capture,
 * Firehose, of any account, Region and organisation) are read day by day across all of them, only the days
 * within the limits, many at once. When the run is repeated, objects that are in the lake are not fetched
 * again.
 */
export function open(options: Settings, deps: SourceDeps): S3Source {
  const { bucket, prefix = '', filter, listings } = options
  const clients = awsClients(options.identity)
  const marginMs = options.redelivery_days * DAY_MS
  const until = options.until === undefined ? undefined : timestampMs(options.until)
  const untilMs = until === undefined ? undefined : until + marginMs
  const delivery: Delivery = {
    sinceMs: options.since === undefined ? undefined : timestampMs(options.since),
    untilMs,
  }
  const counts: Record<string, number> = {}
  let requests = () => 0

  async function* list({ sinceMs, days }: Look, signal?: AbortSignal): AsyncGenerator<Entry> {
    const list = listing(() => clients.s3For(bucket), bucket, signal)
    const before = requests()
    requests = () => before + list.requests()
    const span = { ...delivery, sinceMs: later(delivery.sinceMs, sinceMs) }
    const scope = { list, atOnce: listings, delivery: span, days, wanted: mayPass(filter) }
    for await (const entry of entries(scope, await rootsOf(list, bucket, prefix)))
      if (delivered(span, entry)) yield entry
  }

  function objectOf({ key, bytes, etag, writtenMs, storageClass }: Entry, ending: Ending): LogObject {
    if (/GLACIER|DEEP_ARCHIVE/.test(storageClass)) counts[storageClass] = (counts[storageClass] ?? 0) + 1
    return s3Object(clients, { bucket, key, bytes, etag, writtenMs }, ending)
  }

  const source = {
    name: deps.name,
    filteredBy: filteredBy(filter),
    counts: () => ({ ...counts }),
    requests: () => requests(),
    async close() {
      clients.close()
    },
  }
  if (options.watch) {
    const { stopped } = deps
    const how = { pollMs: options.poll_seconds * 1000, marginMs, stopped, overMs: untilMs }
    const { objects, state } = rounds(list, objectOf, how)
    return { ...source, continuous: true, objects, state }
  }
  return {
    ...source,
    async *objects(signal) {
      try {
        for await (const entry of list({}, signal))
          yield objectOf(entry, { async acknowledge() {}, async release() {} })
      } catch (thrown) {
        // An abort during a listing ends it without an error.
        if (!signal?.aborted) throw thrown
      }
    },
  }
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : Math.max(one, other ?? one)
}
