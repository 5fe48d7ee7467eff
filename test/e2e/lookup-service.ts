import { type Answer, type Asked, type JsonService, startJsonService } from './json-service.ts'

export interface Entry {
  EventId: string
  EventTime: number
  CloudTrailEvent: string
}

export interface LookupService extends JsonService {
  /** By Region, the events that it has. */
  history: Map<string, Entry[]>
  refuse: (asked: Asked) => Answer | undefined
  /** How often it was asked more than it allows. */
  throttled: number
}

/** An account may ask twice a second in each Region; a little more passes, as a bucket of tokens lets it. */
const MAX_IN_A_SECOND = 4

/**
 * LookupEvents as its documentation describes it, since no emulator knows it: both ends of the span within it, the newest first,
 * pages of at most 50, a token that belongs to its request, nothing older than 90 days.
 */
export async function startLookupService(): Promise<LookupService> {
  const calls = new Map<string, number[]>()
  const made: Omit<LookupService, keyof JsonService> = {
    history: new Map(),
    refuse: () => undefined,
    throttled: 0,
  }
  const service = await startJsonService((asked) => {
    if (asked.operation !== 'LookupEvents') return { refused: 'UnknownOperationException' }
    const no = served.refuse(asked)
    if (no) return no
    const nowMs = performance.now()
    const recentCalls = (calls.get(asked.region) ?? []).filter((at) => at > nowMs - 1000)
    calls.set(asked.region, [...recentCalls, nowMs])
    if (recentCalls.length >= MAX_IN_A_SECOND) {
      served.throttled++
      return { refused: 'ThrottlingException', message: 'Rate exceeded' }
    }
    const { StartTime, EndTime, MaxResults, NextToken } = asked.body
    if (MaxResults > 50) return { refused: 'InvalidMaxResultsException' }
    if (StartTime > EndTime || StartTime < nowSeconds() - 90 * 86_400)
      return { refused: 'InvalidTimeRangeException' }
    const own = `${StartTime}-${EndTime}`
    const [of, from] = String(NextToken ?? `${own}:0`).split(':')
    if (of !== own) return { refused: 'InvalidNextTokenException' }
    const found = (served.history.get(asked.region) ?? [])
      .filter(({ EventTime }) => EventTime >= StartTime && EventTime <= EndTime)
      .sort((a, b) => b.EventTime - a.EventTime)
    const end = Number(from) + MaxResults
    const next = end < found.length ? { NextToken: `${own}:${end}` } : {}
    return { body: { Events: found.slice(Number(from), end), ...next } }
  })
  const served: LookupService = Object.assign(service, made)
  return served
}

const SECOND = 1000
export const nowSeconds = () => Math.floor(Date.now() / SECOND)

export function event(id: string, seconds: number, region: string, more: object = {}) {
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', accountId: '111122223333', userName: 'alice' },
    eventTime: new Date(seconds * SECOND).toISOString().replace('.000', ''),
    eventSource: 'sagemaker.amazonaws.com',
    eventName: 'CreateEndpoint',
    awsRegion: region,
    eventID: id,
    eventCategory: 'Management',
    managementEvent: true,
    recipientAccountId: '111122223333',
    ...more,
  }
}

export const entry = (id: string, seconds: number, region: string, more: object = {}): Entry => ({
  EventId: id,
  EventTime: seconds,
  CloudTrailEvent: JSON.stringify(event(id, seconds, region, more)),
})

export const many = (count: number, region: string, agoSeconds: number): Entry[] =>
  Array.from({ length: count }, (_, at) =>
    entry(`${region}-${at}`, nowSeconds() - agoSeconds - at * 60, region),
  )
