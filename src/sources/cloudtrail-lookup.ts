import { createHash } from 'node:crypto'
import { z } from 'zod'
import { awsClients } from '../aws/clients.ts'
import { identitySection } from '../aws/identity.ts'
import type { NeededAction } from '../aws/needed.ts'
import { DAY_MS } from '../lib/day.ts'
import { section, textLike, timestamp, whole } from '../lib/settings.ts'
import { timestampMs } from '../lib/timestamp.ts'
import type { ObjectSource, SourceDeps } from './contract.ts'
import { commitSection } from './settings.ts'
import type { Dated, Timeline } from './timeline/contract.ts'
import { pace, pages } from './timeline/pages.ts'
import { timelineSource } from './timeline/source.ts'

export const name = 'cloudtrail-lookup'
export const doc =
  "CloudTrail's event history by LookupEvents, which needs no trail: management events of the last 90 days."

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/

export const settings = section(
  {
    regions: z
      .array(
        textLike(REGION, 'a Region is wanted, as in eu-central-1', 'A Region.'),
        'a list of Regions is wanted',
      )
      .min(1, 'at least one Region is wanted')
      .describe('The Regions; events of global services such as IAM are in us-east-1.'),
    identity: identitySection('Who we are to CloudTrail.').prefault({}),
    since: timestamp('The start of the first run: 2026-01-07, or 7d for the last seven days.').default('90d'),
    late_minutes: whole(0, 'An event may come this many minutes after its time.').default(15),
    poll_seconds: whole(1, 'Seconds between requests for new events.').default(60),
    commit: commitSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = { regions: ['eu-central-1'] }

export function needs(): NeededAction[] {
  return [{ action: 'cloudtrail:LookupEvents', resource: '*' }]
}

/** 2 requests per second: CloudTrail's quota for an account in each Region. */
const REQUESTS_PER_SECOND = 2
/**
 * 90 days, the oldest events that CloudTrail returns, less a minute for the time until the request arrives.
 */
export const OLDEST_MS = 90 * DAY_MS - 60_000

/** An entry of the answer, with the service's field names. */
interface Entry extends Dated {
  entry: Record<string, unknown>
}

/** CloudTrail's event history, as one timeline per Region. */
export interface History {
  lines: readonly Timeline<Dated>[]
  /** Accounts that events came from. */
  accounts: ReadonlySet<string>
  /** Number of answered requests. */
  requests(): number
  close(): void
}

/** @param source the first part of the objects' names */
export function historyOf(
  { regions, identity }: Pick<Settings, 'regions' | 'identity'>,
  source: string,
): History {
  const clients = awsClients(identity)
  const accounts = new Set<string>()
  let requests = 0

  function regionOf(region: string): Timeline<Entry> {
    const turn = pace(REQUESTS_PER_SECOND)
    return {
      name: region,
      need: { action: 'cloudtrail:LookupEvents' },
      async *read({ fromMs, toMs }, signal) {
        const client = await clients.cloudTrail(region)
        const begin = Math.max(fromMs, Date.now() - OLDEST_MS)
        if (begin > toMs) return
        // The service counts whole seconds.
        const StartTime = new Date(Math.floor(begin / 1000) * 1000)
        const EndTime = new Date(Math.ceil(toMs / 1000) * 1000)
        yield* pages(async (NextToken) => {
          await turn(signal)
          const answer = await client.lookupEvents(
            { StartTime, EndTime, MaxResults: 50, ...(NextToken === undefined ? {} : { NextToken }) },
            signal ? { abortSignal: signal } : {},
          )
          requests++
          const found = answer.Events ?? []
          for (const { CloudTrailEvent } of found) accountsIn(CloudTrailEvent, accounts)
          return { page: found.map(entryOf), next: answer.NextToken }
        })
      },
      object(events) {
        const bytes = Buffer.from(JSON.stringify({ Events: events.map(({ entry }) => entry) }))
        const times = events.map(({ timeMs }) => timeMs)
        const first = new Date(Math.min(...times)).toISOString()
        const last = new Date(Math.max(...times)).toISOString()
        return { uri: nameOf(source, region, first, last, bytes), bytes }
      },
    }
  }

  return {
    lines: [...new Set(regions)].map(regionOf),
    accounts,
    requests: () => requests,
    close: () => clients.close(),
  }
}

/** Adds the account of an event; an event that cannot be read becomes a reject later. */
function accountsIn(event: string | undefined, accounts: Set<string>): void {
  try {
    const { recipientAccountId: account } = JSON.parse(event ?? '') as { recipientAccountId?: unknown }
    if (typeof account === 'string' && /^\d{12}$/.test(account)) accounts.add(account)
  } catch {
    // Not JSON.
  }
}

/**
 * Reads CloudTrail's events, Region by Region, in order of time. An object is one page of LookupEvents;
 * events that a trail delivers too are recognized as duplicates by their ids.
 */
export function open(options: Settings, deps: SourceDeps): ObjectSource {
  const history = historyOf(options, deps.name)
  const since = timestampMs(options.since)
  return timelineSource(
    {
      lines: async () => [...history.lines],
      sinceMs: Math.max(since, Date.now() - OLDEST_MS),
      lateMs: options.late_minutes * 60_000,
      pollMs: options.poll_seconds * 1000,
      lanes: options.regions.length,
      counts: () => ({}),
      close: () => history.close(),
    },
    deps,
  )
}

function entryOf(event: { EventId?: string | undefined; EventTime?: Date | undefined }): Entry {
  const { EventId = '', EventTime } = event
  const timeMs = EventTime?.getTime() ?? 0
  return { id: EventId, timeMs, entry: { ...event, ...(EventTime ? { EventTime: timeMs / 1000 } : {}) } }
}

/**
 * `cloudtrail-lookup://history/eu-central-1/2026/01/07/20260107T220000Z-20260107T221643Z-0123456789abcdef`
 */
function nameOf(source: string, region: string, first: string, last: string, bytes: Uint8Array): string {
  const plain = (time: string) => time.replace(/[-:]|\.\d+/g, '')
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const day = first.slice(0, 10).replaceAll('-', '/')
  return `${name}://${encodeURIComponent(source)}/${region}/${day}/${plain(first)}-${plain(last)}-${hash}`
}
