import { createHash } from 'node:crypto'
import { z } from 'zod'
import { awsClients } from '../aws/clients.ts'
import { identitySection } from '../aws/identity.ts'
import type { NeededAction } from '../aws/needed.ts'
import { wildcard } from '../lib/patterns.ts'
import { section, text, timestamp, whole } from '../lib/settings.ts'
import { timestampMs } from '../lib/timestamp.ts'
import type { ObjectSource, SourceDeps } from './contract.ts'
import { commitSection } from './settings.ts'
import type { Dated, Span, Timeline } from './timeline/contract.ts'
import { pace, pages, RepeatedToken } from './timeline/pages.ts'
import { timelineSource } from './timeline/source.ts'

export const name = 'cloudwatch-logs'
export const doc = 'Log groups of CloudWatch Logs by FilterLogEvents, which needs no subscription.'

const groups = (doc: string) =>
  z.array(text('A log group, or a pattern.'), 'a list of log groups is wanted').describe(doc)

export const settings = section(
  {
    groups: groups('Log groups; * stands for any text, as in /aws/sagemaker/*.').min(
      1,
      'at least one log group is wanted',
    ),
    exclude: groups('Not these log groups.').default([]),
    filter_pattern: text('A filter pattern of CloudWatch Logs: only events that match it.').optional(),
    identity: identitySection('Who we are to CloudWatch Logs, and the Region.').prefault({}),
    since: timestamp('The start of the first run in a log group: 2026-01-07, or 7d.').default('7d'),
    late_minutes: whole(0, 'An event may come this many minutes after its time.').default(15),
    poll_seconds: whole(1, 'Seconds between requests for new events.').default(60),
    commit: commitSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = { groups: ['/aws/sagemaker/*'] }

export function needs({ groups }: Settings): NeededAction[] {
  return [
    { action: 'logs:DescribeLogGroups', resource: '*' },
    ...groups.map((group) => ({ action: 'logs:FilterLogEvents', resource: `logs:log-group:${group}` })),
  ]
}

/** 4 requests per second: an account's quota is 5, which other programs share. */
const REQUESTS_PER_SECOND = 4

/** An event, and its log stream. */
interface LogEvent extends Dated {
  stream: string
  message: string
}

interface Group {
  name: string
  account: string
  region: string
}

/**
 * Reads log groups in order of time. An object is a page of events, written like the documents of a
 * subscription, one per stream. So a message is recognized as in a subscription, and has the same id.
 */
export function open(options: Settings, deps: SourceDeps): ObjectSource {
  const clients = awsClients(options.identity)
  const turn = pace(REQUESTS_PER_SECOND)
  const listing = pace(REQUESTS_PER_SECOND)
  /** Log groups of a class that FilterLogEvents cannot read. */
  const infrequent = new Set<string>()

  /** The log groups that match now; listed again, because a new endpoint creates one of its own. */
  async function found(signal: AbortSignal | undefined): Promise<Group[]> {
    const logs = await clients.cloudWatchLogs()
    const wanted = options.groups.map((pattern) => wildcard(pattern))
    const unwanted = options.exclude.map((pattern) => wildcard(pattern))
    const all = new Map<string, Group>()
    for (const prefix of new Set(options.groups.map((pattern) => pattern.split('*')[0] ?? ''))) {
      const listed = pages(async (nextToken) => {
        await listing(signal)
        const answer = await logs.describeLogGroups(
          {
            ...(prefix === '' ? {} : { logGroupNamePrefix: prefix }),
            ...(nextToken === undefined ? {} : { nextToken }),
          },
          signal ? { abortSignal: signal } : {},
        )
        return { page: answer.logGroups ?? [], next: answer.nextToken }
      })
      for await (const page of listed)
        for (const { logGroupName = '', arn = '', logGroupClass } of page) {
          if (!wanted.some((is) => is(logGroupName)) || unwanted.some((is) => is(logGroupName))) continue
          const [, , , region = '', account = ''] = arn.split(':')
          if (logGroupClass === 'INFREQUENT_ACCESS') infrequent.add(logGroupName)
          else all.set(logGroupName, { name: logGroupName, account, region })
        }
    }
    return [...all.values()]
  }

  async function* events(group: Group, { fromMs, toMs }: Span, signal: AbortSignal | undefined) {
    const logs = await clients.cloudWatchLogs()
    for (let begin = fromMs; ; ) {
      let latest = begin
      const request = {
        logGroupName: group.name,
        startTime: begin,
        endTime: toMs,
        ...(options.filter_pattern === undefined ? {} : { filterPattern: options.filter_pattern }),
      }
      try {
        const asked = pages(async (nextToken) => {
          await turn(signal)
          const answer = await logs.filterLogEvents(
            { ...request, ...(nextToken === undefined ? {} : { nextToken }) },
            signal ? { abortSignal: signal } : {},
          )
          return { page: answer.events ?? [], next: answer.nextToken }
        })
        for await (const page of asked) {
          for (const { timestamp = 0 } of page) latest = Math.max(latest, timestamp)
          yield page.map(
            ({ eventId = '', timestamp = 0, logStreamName = '', message = '' }): LogEvent => ({
              id: eventId,
              timeMs: timestamp,
              stream: logStreamName,
              message,
            }),
          )
        }
        return
      } catch (thrown) {
        // The token is repeated or expired: as events come in order of time, reading continues from the
        // latest one.
        const lost = thrown instanceof RepeatedToken || isLostToken(thrown)
        if (!lost || latest === begin) throw thrown
        begin = latest
      }
    }
  }

  function lineOf(group: Group): Timeline<LogEvent> {
    return {
      name: `${group.account}/${group.region}${separated(group.name)}`,
      read: (span, signal) => events(group, span, signal),
      object(events) {
        const bytes = Buffer.from(documents(group, events))
        const first = new Date(
          events.reduce((least, { timeMs }) => Math.min(least, timeMs), Infinity),
        ).toISOString()
        return { uri: nameOf(group, first, bytes), bytes }
      },
    }
  }

  return timelineSource(
    {
      lines: async (signal) => (await found(signal)).map(lineOf),
      sinceMs: timestampMs(options.since),
      lateMs: options.late_minutes * 60_000,
      pollMs: options.poll_seconds * 1000,
      lanes: 4,
      counts: () =>
        infrequent.size === 0 ? {} : { 'log groups of class Infrequent Access': infrequent.size },
      close: () => clients.close(),
    },
    deps,
  )
}

function isLostToken(thrown: unknown): boolean {
  return (
    thrown instanceof Error && thrown.name === 'InvalidParameterException' && /token/i.test(thrown.message)
  )
}

/** The events as documents of a subscription, one line for each stream. */
function documents({ name: logGroup, account: owner }: Group, events: readonly LogEvent[]): string {
  const streams = new Map<string, LogEvent[]>()
  for (const event of events) {
    const same = streams.get(event.stream)
    if (same) same.push(event)
    else streams.set(event.stream, [event])
  }
  return [...streams]
    .map(([logStream, some]) =>
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        owner,
        logGroup,
        logStream,
        subscriptionFilters: [],
        logEvents: some.map(({ id, timeMs: timestamp, message }) => ({ id, timestamp, message })),
      }),
    )
    .join('\n')
}

/** A log group's name as part of a path, with or without a leading slash. */
function separated(group: string): string {
  return group.startsWith('/') ? group : `/${group}`
}

/**
 * `cloudwatch-logs://111122223333/eu-central-1/aws/sagemaker/TrainingJobs/2026/01/07/20260107T220000Z-0123456789abcdef`
 */
function nameOf({ name: group, account, region }: Group, first: string, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const day = first.slice(0, 10).replaceAll('-', '/')
  const time = first.replace(/[-:]|\.\d+/g, '')
  return `${name}://${account}/${region}${separated(group)}/${day}/${time}-${hash}`
}
