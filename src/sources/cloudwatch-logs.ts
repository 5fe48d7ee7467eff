import { createHash } from 'node:crypto'
import { z } from 'zod'
import { awsClients } from '../aws/clients.ts'
import { identitySection } from '../aws/identity.ts'
import { momentMs } from '../lib/moment.ts'
import { wildcard } from '../lib/patterns.ts'
import { moment, section, text, whole } from '../lib/settings.ts'
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
    groups: groups('Log groups; * stands for anything, as in /aws/sagemaker/*.').min(
      1,
      'at least one log group is wanted',
    ),
    exclude: groups('Not these log groups.').default([]),
    filter_pattern: text('A filter pattern of CloudWatch Logs: only events that it finds.').optional(),
    identity: identitySection('Who we are to CloudWatch Logs, and the Region.').prefault({}),
    since: moment('Where to begin in a log group the first time: 2026-01-07, or 7d.').default('7d'),
    late_minutes: whole(0, 'An event may come this many minutes after its time.').default(15),
    poll_seconds: whole(1, 'New events are asked for so often.').default(60),
    commit: commitSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = { groups: ['/aws/sagemaker/*'] }

/** An account may ask five times a second; others want to ask, too. */
const REQUESTS_PER_SECOND = 4

/** An event, and the stream that it is in. */
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
 * Reads log groups in the order of time. An object is a page of events in the shape of a subscription's documents, one for each
 * stream, so that what a message is gets recognised as it is there; the ids are the same, too.
 */
export function open(options: Settings, deps: SourceDeps): ObjectSource {
  const clients = awsClients(options.identity)
  const turn = pace(REQUESTS_PER_SECOND)
  const listing = pace(REQUESTS_PER_SECOND)
  /** Log groups of a class that cannot be asked. */
  const infrequent = new Set<string>()

  /** The log groups that match now: a new endpoint has one of its own. */
  async function found(signal: AbortSignal | undefined): Promise<Group[]> {
    const logs = await clients.cloudWatchLogs()
    const wanted = options.groups.map(wildcard)
    const unwanted = options.exclude.map(wildcard)
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
        // A token that came before, or that is too old: events come in the order of time, so it goes on from the latest.
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
      sinceMs: momentMs(options.since),
      lateMs: options.late_minutes * 60_000,
      pollMs: options.poll_seconds * 1000,
      lanes: 4,
      told: () => (infrequent.size === 0 ? {} : { 'log groups of class Infrequent Access': infrequent.size }),
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

/** A subscription's documents, one for each stream, a line each. */
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

/** A log group's name as part of a path: it may begin with a slash, or not. */
function separated(group: string): string {
  return group.startsWith('/') ? group : `/${group}`
}

/** `cloudwatch-logs://111122223333/eu-central-1/aws/sagemaker/TrainingJobs/2026/01/07/20260107T220000Z-0123456789abcdef` */
function nameOf({ name: group, account, region }: Group, first: string, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const day = first.slice(0, 10).replaceAll('-', '/')
  const time = first.replace(/[-:]|\.\d+/g, '')
  return `${name}://${account}/${region}${separated(group)}/${day}/${time}-${hash}`
}
